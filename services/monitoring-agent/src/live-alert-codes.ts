import type { Alert } from '@helios/shared/domain/fleet.ts';

export interface AlertKind {
  readonly level: Alert['level'];
  /** When it is raised, one sentence for docs/alerts.md. */
  readonly raised: string;
  /** What the operator can do. */
  readonly action: string;
}

/** Alerts of live trading, part of the list of all alerts. */
export const LIVE_ALERTS = {
  EXECUTION_SILENT: {
    level: 'CRITICAL',
    raised: 'In live, execution-manager has not reported its state for 10 s. Whether positions are covered is unknown.',
    action:
      'Stops that rest on the venue still protect. If it does not return, look at the positions on the venue, or run npm run panic.',
  },
  POSITION_UNCOVERED: {
    level: 'CRITICAL',
    raised: 'An open position has had no stop on the venue for more than 2 s.',
    action:
      'execution-manager watches the stop price itself meanwhile, and closes the position if no stop can be placed. If it lasts, press Flatten.',
  },
  MARGIN_WARNING: {
    level: 'WARNING',
    raised: 'Free margin or the maintenance ratio has passed its warning limit. There are no entries meanwhile.',
    action: 'Close positions or add margin. Entries begin again by themselves.',
  },
  MARGIN_CRITICAL: {
    level: 'CRITICAL',
    raised:
      'Free margin or the maintenance ratio has passed its critical limit. Positions are reduced, the worst first.',
    action: 'Add margin or press Flatten. Lower trading.leverage before you press Start again.',
  },
  MARGIN_CALL: {
    level: 'CRITICAL',
    raised: 'Within the last ten minutes the venue has warned that positions come near their liquidation.',
    action:
      'Look at the margin on the venue at once. Add margin or press Flatten; Helios reduces if the margin is critical.',
  },
  ACCOUNT_MODE: {
    level: 'CRITICAL',
    raised: 'Another hand has switched the account to hedge mode or to several margin assets. There are no entries.',
    action:
      'Set one-way mode and single-asset mode on the venue again. Stops and exits go on as far as the venue takes them.',
  },
  MARGIN_UNKNOWN: {
    level: 'CRITICAL',
    raised: 'The margin of the live account has been unknown for 30 s. There are no entries meanwhile.',
    action: 'Check the connection to the venue and execution-manager in logs/helios.log.',
  },
  EXPOSURE_HIGH: {
    level: 'WARNING',
    raised:
      'The value of all open positions is more than a tenth above risk.max_total_exposure_pct of the margin balance.',
    action: 'The balance fell, or positions are not of Helios. Close positions, or raise the limit knowingly.',
  },
  ENTRIES_BLOCKED: {
    level: 'WARNING',
    raised: 'Trading is ACTIVE, but execution-manager has allowed no entry for 30 s. The alert names the reasons.',
    action: 'Mend the named reasons. Exits and stops work meanwhile.',
  },
  USER_STREAM_CLOSED: {
    level: 'WARNING',
    raised: 'The stream of account events has been closed for 10 s. Fills are then found by queries only.',
    action: 'It reconnects by itself. If it does not, check the connection and the API key.',
  },
  RECONCILE_LATE: {
    level: 'WARNING',
    raised: 'The last complete comparison with the venue is more than two minutes old, or there was none.',
    action: 'Check VENUE_AWAY and the limits of the venue. There are no entries until it succeeds.',
  },
  VENUE_DIFFERS: {
    level: 'WARNING',
    raised: 'A comparison found positions or orders that differ from what Helios knew.',
    action: 'The venue is right, and Helios has adopted it. Read the differences: somebody may trade by hand.',
  },
  ORDERS_UNKNOWN: {
    level: 'WARNING',
    raised: 'The outcome of an order has been unknown for 30 s.',
    action: 'Helios asks the venue and never sends the order again. If it lasts, look for the order on the venue.',
  },
  FOREIGN_EXPOSURE: {
    level: 'WARNING',
    raised: 'The account has orders or positions that Helios did not make. It never touches them.',
    action: 'Their losses use the same margin. Close them, or give Helios an account of its own.',
  },
  LIMIT_NEAR: {
    level: 'WARNING',
    raised: 'Helios uses alerts.limit_use_pct or more of a limit of the venue: request weight or orders.',
    action: 'Watch fewer symbols. A share for protection is kept free in any case.',
  },
  ORDERS_SLOW: {
    level: 'WARNING',
    raised: 'The 99th percentile of the time to the first word on an order is above alerts.order_latency_ms.',
    action: 'Check LOOP_LAG, the connection and the status page of the venue.',
  },
  VENUE_REJECTS: {
    level: 'WARNING',
    raised: 'The venue refused alerts.rejects_per_min or more requests within a minute. The alert names the codes.',
    action: 'Find the codes in docs/runbook.md. Press Stop if they continue.',
  },
  CLOCK_OFFSET: {
    level: 'WARNING',
    raised: 'This machine and the venue differ by more than alerts.clock_offset_ms.',
    action: 'Turn on NTP (timedatectl set-ntp true). Far off clocks make the venue refuse every request.',
  },
  SIGNALS_UNANSWERED: {
    level: 'WARNING',
    raised: 'A live signal has had no answer for a minute: it was neither denied nor became an order.',
    action: 'Check whether risk-manager and execution-manager run, and whether they are behind.',
  },
} as const satisfies Record<string, AlertKind>;
