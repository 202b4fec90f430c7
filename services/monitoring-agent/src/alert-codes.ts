import type { Alert } from '@helios/shared/domain/fleet.ts';
import { REDIS_LOST } from '@helios/shared/domain/redis-lost.ts';

interface AlertKind {
  readonly level: Alert['level'];
  /** When it is raised, one sentence for docs/alerts.md. */
  readonly raised: string;
  /** What the operator can do. */
  readonly action: string;
}

/** Every alert there is. Codes are stable: operators' scripts match on them. docs/alerts.md lists the same (a test compares). */
export const ALERTS = {
  SERVICE_SILENT: {
    level: 'CRITICAL',
    raised: 'A service that belongs to the fleet has sent no heartbeat for alerts.heartbeat_timeout_sec.',
    action:
      'The supervisor ends and restarts a service that hangs, after 30 s. If it does not come back, look at its last lines in logs/helios.log and restart the fleet; in compose: docker compose restart <service>.',
  },
  SERVICE_GIVEN_UP: {
    level: 'CRITICAL',
    raised: 'The supervisor does not start a service again: its settings or files are wrong.',
    action: 'Find the cause in logs/helios.log (its last ERROR or FATAL line), correct it, then restart the fleet.',
  },
  SUPERVISOR_SILENT: {
    level: 'CRITICAL',
    raised: 'The supervisor has not looked after the services for 30 s: it hangs, or is paused.',
    action:
      'A service that ends or hangs is not started again meanwhile. Continue the supervisor (kill -CONT) or restart the fleet.',
  },
  SERVICE_STARTING: {
    level: 'CRITICAL',
    raised: 'A service has been starting for more than a minute: it is alive, and does not work yet.',
    action: 'Look at its last lines in logs/helios.log for what it waits for; if nothing moves, restart the fleet.',
  },
  SERVICE_RESTARTED: {
    level: 'WARNING',
    raised: 'A service crashed and was started again within the last minute.',
    action:
      'Nothing to do: signals wait for it in Redis, but not those published by hand. If it repeats, look for the last ERROR or FATAL line in logs/helios.log.',
  },
  SERVICE_BEHIND: {
    level: 'WARNING',
    raised: 'A service handles signals, commands or log lines more than 5 s late, or over 5,000 of them wait.',
    action:
      'Nothing is lost while fewer than 10,000 wait; entries over a minute old are MISSED. Look for LOOP_LAG and a slow disk, close other programs, or watch fewer symbols.',
  },
  VENUE_AWAY: {
    level: 'WARNING',
    raised:
      'The venue cannot be asked: DOWN, LIMITED, BANNED, GEO_BLOCKED, or its answers make no sense. One alert, also for the streams that go stale by it.',
    action: 'The alert carries the advice for its cause. No entries are made meanwhile; it is asked again by itself.',
  },
  STREAM_STALE: {
    level: 'WARNING',
    raised:
      'Watched symbols have had no order book for alerts.stale_stream_sec (in a replay: of the recording’s time). One alert for all of them.',
    action: 'No entries are made on them meanwhile. Look at the ingestor’s log and at the connection to the venue.',
  },
  KLINES_STALE: {
    level: 'WARNING',
    raised: 'Books of a symbol come, but its newest closed candle closed more than two of its intervals ago.',
    action:
      'Gates on these candles abstain, in live they refuse. See the venue’s status page, and set this machine’s clock if it is wrong.',
  },
  REPLAY_STALLED: {
    level: 'WARNING',
    raised: 'A replay at full speed has not moved for alerts.stale_stream_sec.',
    action:
      'See whether signal-engine and decision-logger are running (npm run status); if they are, restart the fleet.',
  },
  LOOP_LAG: {
    level: 'WARNING',
    raised: 'A service’s event loop was blocked for longer than alerts.loop_lag_ms.',
    action: 'The machine is overloaded or paused: close other programs, watch fewer symbols, or use a faster machine.',
  },
  MEMORY_HIGH: {
    level: 'WARNING',
    raised: 'A service uses more memory than alerts.rss_mb.',
    action: 'Watch fewer symbols. If it keeps growing, restart the fleet and report it with logs/helios.log.',
  },
  MALFORMED_MESSAGES: {
    level: 'WARNING',
    raised: 'A service dropped malformed messages within the last minute.',
    action: 'If you publish to Redis by hand or by script, compare the messages with docs/redis.md; else report it.',
  },
  ERROR_LOGGED: {
    level: 'WARNING',
    raised: 'A service logged an ERROR or FATAL line within the last minute.',
    action: 'Read the line: it names the cause and what to do.',
  },
  CLOCK_SET_BACK: {
    level: 'WARNING',
    raised: 'The machine’s clock was set back by a second or more within the last minute.',
    action:
      'Let the clock be kept by NTP (timedatectl set-ntp true). Book history and running cooldowns began again; holding times go on.',
  },
  REDIS_LOST,
  REDIS_EVICTS: {
    level: 'CRITICAL',
    raised: 'Redis has deleted keys of ours within the last minute, because its memory is full.',
    action:
      'Give Redis more memory and set its maxmemory-policy to noeviction, then restart the fleet; trades come back from the ledger.',
  },
  NO_WATCHLIST: {
    level: 'CRITICAL',
    raised: 'The key watchlist in Redis has been empty for 30 s. A service that starts then watches no symbol.',
    action:
      'The ingestor writes it again within 5 s where it runs: look at its log, and whether Redis deletes keys (REDIS_EVICTS).',
  },
  REDIS_KEY_DAMAGED: {
    level: 'WARNING',
    raised:
      'A key of ours was overwritten with another type within the last minute. It is renamed to `damaged:<key>`, and ours is written again.',
    action:
      'Nothing to mend. Find the program or person that wrote it, else it comes back; the renamed key shows what was written.',
  },
  LEDGER_LOST: {
    level: 'CRITICAL',
    raised:
      'The ledger is missing, exchanged, an older copy, damaged or overwritten. Nothing is recorded, and trading is HALTED.',
    action:
      'Put the ledger or a backup in its place, or accept a new one; docs/ledger.md has the steps. Then press Start.',
  },
  LEDGER_UNWRITABLE: {
    level: 'CRITICAL',
    raised: 'The ledger takes no writes, for example because the disk is full. Signals wait, and nothing is recorded.',
    action: 'Free space on that disk, or correct the rights of the folder; recording goes on by itself.',
  },
  LOSING_STREAK: {
    level: 'WARNING',
    raised: 'The strategy has lost alerts.losing_streak trades in a row. It ends with the next win.',
    action: 'Press Stop if you do not know why; look at the refusals and at the regime of the symbols that lost.',
  },
  DAILY_LOSS: {
    level: 'CRITICAL',
    raised:
      'The strategy has lost alerts.daily_loss_pct of the equity that the UTC day began with. It ends below 80 % of that, at the latest at midnight.',
    action: 'Press Stop to end entries for today, or Flatten to close everything; trading goes on otherwise.',
  },
  DRAWDOWN: {
    level: 'CRITICAL',
    raised: 'Equity stands alerts.drawdown_pct or more below its peak. It ends below 80 % of that.',
    action: 'Press Stop, and judge the strategy by its trades before you press Start; trading goes on otherwise.',
  },
  LOG_FILE_FAULT: {
    level: 'WARNING',
    raised: 'A log file cannot be written, for example because the disk is full.',
    action:
      'Free disk space or correct the rights of the log folder (system.log_dir). Trading goes on without the file.',
  },
} as const satisfies Record<string, AlertKind>;

export type AlertCode = keyof typeof ALERTS;

/** Something that is wrong now. */
export interface Condition {
  readonly code: AlertCode;
  /** The service it concerns. */
  readonly service: string;
  /** Tells conditions of one code apart: a service, a symbol, a file. */
  readonly subject: string;
  readonly message: string;
  /** What the operator can do, where that depends on the cause; else the code's action. */
  readonly action?: string;
  /** What the alert is about in short. When it changes, the alert is repeated soon. */
  readonly gist?: string;
  /** We have not watched for long enough to say: nothing is raised for it, but an alert that is open stays open. */
  readonly undecided?: boolean;
}

/** The table of docs/alerts.md. */
export function alertsTable(): string {
  const rows = Object.entries(ALERTS).map(([code, { level, raised, action }]) => {
    return `| \`${code}\` | ${level} | ${raised} | ${action} |`;
  });
  return ['| code | level | raised when | what to do |', '|--|--|--|--|', ...rows, ''].join('\n');
}
