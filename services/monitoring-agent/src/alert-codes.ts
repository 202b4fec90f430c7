import { REDIS_LOST } from '@helios/shared/domain/redis-lost.ts';
import { type AlertKind, LIVE_ALERTS } from './live-alert-codes.ts';

/** All alerts. Codes are stable, because operators' scripts match on them. docs/alerts.md lists the same ones (a test compares). */
export const ALERTS = {
  SERVICE_SILENT: {
    level: 'CRITICAL',
    raised: 'A service of the fleet has sent no heartbeat for alerts.heartbeat_timeout_sec.',
    action:
      'The supervisor restarts a hung service after 30 s. If it stays silent, read logs/helios.log and restart the fleet (compose: docker compose restart <service>).',
  },
  SERVICE_GIVEN_UP: {
    level: 'CRITICAL',
    raised: 'The supervisor no longer restarts a service, because its settings or files are wrong.',
    action:
      'Find the last ERROR or FATAL line of the service in logs/helios.log, correct the cause, then restart the fleet.',
  },
  SUPERVISOR_SILENT: {
    level: 'CRITICAL',
    raised: 'The supervisor has not checked the services for 30 s: it hangs or is paused.',
    action:
      'Meanwhile nobody restarts a service that ends or hangs. Continue the supervisor (kill -CONT) or restart the fleet.',
  },
  SERVICE_STARTING: {
    level: 'CRITICAL',
    raised: 'A service has been starting for more than a minute. It is alive but does no work yet.',
    action: 'Its last lines in logs/helios.log name what it waits for. If nothing changes, restart the fleet.',
  },
  SERVICE_RESTARTED: {
    level: 'WARNING',
    raised: 'A service crashed and restarted within the last minute.',
    action:
      'Nothing to do. Signals wait in Redis; those published by hand meanwhile are lost. If it repeats, read the last ERROR line in logs/helios.log.',
  },
  SERVICE_BEHIND: {
    level: 'WARNING',
    raised: 'A service handles signals, commands or log lines more than 5 s late, or over 5,000 of them wait.',
    action:
      'Check for LOOP_LAG and a slow disk, close programs, or watch fewer symbols. Nothing is lost below 10,000; entries over a minute old are MISSED.',
  },
  VENUE_AWAY: {
    level: 'WARNING',
    raised:
      'The venue is unavailable (DOWN, LIMITED, BANNED, GEO_BLOCKED) or its answers are invalid. The alert also covers streams that go stale because of it.',
    action: 'Follow the advice in the alert. Helios enters no positions meanwhile, and retries by itself.',
  },
  STREAM_STALE: {
    level: 'WARNING',
    raised:
      'Watched symbols have had no order book for alerts.stale_stream_sec (in a replay: recorded time). One alert covers all of them.',
    action:
      'Check the ingestor’s log and the connection to the venue. Helios enters no positions on these symbols meanwhile.',
  },
  KLINES_STALE: {
    level: 'WARNING',
    raised: 'A symbol receives order books, but its newest kline closed more than two of its intervals ago.',
    action:
      'Check the venue’s status page and this machine’s clock. Gates that need these klines abstain; in live they refuse.',
  },
  MODEL_REFUSED: {
    level: 'WARNING',
    raised: 'signal-engine refused the newest files in models/. The model in use stays, or there is none.',
    action: 'Follow the advice in the alert. docs/model.md says what a model’s folder must hold.',
  },
  MODEL_SILENT: {
    level: 'WARNING',
    raised:
      'The model gives no probability: it has expired, its inputs drifted, its outcomes differ, or no candidate is of its symbols and like its training.',
    action: 'Train it again with newer data (npm run train). Until then ML_CONFIDENCE refuses nothing.',
  },
  RECORDING_FAULT: {
    level: 'WARNING',
    raised:
      'The market is not recorded, or in part: the disk is full, refuses writes or is too slow, or the streams bring nothing.',
    action:
      'Free disk space, correct the permissions of the folder, or set recording.enabled = false. Trading goes on, and the recording tries again each minute.',
  },
  REPLAY_STALLED: {
    level: 'WARNING',
    raised: 'A replay at full speed has made no progress for alerts.stale_stream_sec.',
    action: 'Run npm run status. If signal-engine and decision-logger are running, restart the fleet.',
  },
  LOOP_LAG: {
    level: 'WARNING',
    raised: 'A service’s event loop was blocked for longer than alerts.loop_lag_ms.',
    action: 'The machine is overloaded or paused: close other programs, watch fewer symbols, or use a faster machine.',
  },
  MEMORY_HIGH: {
    level: 'WARNING',
    raised: 'A service uses more memory than alerts.rss_mb.',
    action: 'Watch fewer symbols. If memory keeps growing, restart the fleet and report it with logs/helios.log.',
  },
  MALFORMED_MESSAGES: {
    level: 'WARNING',
    raised: 'A service dropped malformed messages within the last minute.',
    action:
      'If you publish to Redis by hand or by script, compare your messages with docs/redis.md. Otherwise report it.',
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
      'Turn on NTP (timedatectl set-ntp true). Book history and running cooldowns started again; holding times continue.',
  },
  REDIS_LOST,
  REDIS_EVICTS: {
    level: 'CRITICAL',
    raised: 'Redis has deleted keys of Helios within the last minute, because its memory is full.',
    action:
      'Give Redis more memory, set its maxmemory-policy to noeviction, then restart the fleet. The ledger restores the trades.',
  },
  NO_WATCHLIST: {
    level: 'CRITICAL',
    raised: 'The key watchlist in Redis has been empty for 30 s. A service that starts then watches no symbol.',
    action:
      'A running ingestor writes the key again within 5 s. Read its log, and check whether Redis deletes keys (REDIS_EVICTS).',
  },
  REDIS_KEY_DAMAGED: {
    level: 'WARNING',
    raised:
      'A program or person overwrote a key of Helios with another type. Helios renamed it to `damaged:<key>` and wrote its own again.',
    action: 'Find who wrote the key, or it happens again. The renamed key shows what was written. Nothing to repair.',
  },
  LEDGER_LOST: {
    level: 'CRITICAL',
    raised:
      'The ledger is missing, replaced, an older copy, damaged or overwritten. Nothing is recorded, and trading is HALTED.',
    action: 'Restore the ledger or a backup, or accept a new one (steps: docs/ledger.md). Then press Start.',
  },
  LEDGER_UNWRITABLE: {
    level: 'CRITICAL',
    raised:
      'The ledger cannot be written, for example because the disk is full. Signals wait, and nothing is recorded.',
    action: 'Free disk space or correct the permissions of the folder. Recording then continues by itself.',
  },
  LOSING_STREAK: {
    level: 'WARNING',
    raised: 'The strategy has lost alerts.losing_streak trades in a row. The next win resolves the alert.',
    action: 'Look at the refusals and at the regime of the symbols that lost. Press Stop if you find no reason.',
  },
  DAILY_LOSS: {
    level: 'CRITICAL',
    raised:
      'The strategy lost alerts.daily_loss_pct of the equity at the start of the UTC day. The alert ends below 80 % of that, or at midnight.',
    action: 'Press Stop to end entries for today, or Flatten to close everything. The alert stops nothing by itself.',
  },
  DRAWDOWN: {
    level: 'CRITICAL',
    raised: 'Equity is alerts.drawdown_pct or more below its peak. The alert ends below 80 % of that.',
    action: 'Press Stop and review the trades before you press Start. The alert stops nothing by itself.',
  },
  LOG_FILE_FAULT: {
    level: 'WARNING',
    raised: 'A log file cannot be written, for example because the disk is full.',
    action:
      'Free disk space or correct the permissions of the log folder (system.log_dir). Trading continues without the file.',
  },
  ...LIVE_ALERTS,
} as const satisfies Record<string, AlertKind>;

export type AlertCode = keyof typeof ALERTS;

/** Something that is wrong now. */
export interface Condition {
  readonly code: AlertCode;
  /** The service that the condition is about. */
  readonly service: string;
  /** Distinguishes conditions of one code: a service, a symbol or a file. */
  readonly subject: string;
  readonly message: string;
  /** What the operator can do, if it depends on the cause; replaces the code's action. */
  readonly action?: string;
  /** Short form of the cause. A change repeats the alert early. */
  readonly gist?: string;
  /** Too little is known to decide: no alert is raised, and an open alert stays open. */
  readonly undecided?: boolean;
}

/** The table of docs/alerts.md. */
export function alertsTable(): string {
  const rows = Object.entries(ALERTS).map(([code, { level, raised, action }]) => {
    return `| \`${code}\` | ${level} | ${raised} | ${action} |`;
  });
  return ['| code | level | raised when | what to do |', '|--|--|--|--|', ...rows, ''].join('\n');
}
