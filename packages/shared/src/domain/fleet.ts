import { z } from 'zod';
import { OrderWatch } from './order-watch.ts';
import { EpochMs, RunLabel } from './primitives.ts';
import { TradingState } from './trading-state.ts';

export const ServiceName = z.enum([
  'data-ingestor',
  'public-price-ingestor',
  'reddit-ingestor',
  'signal-engine',
  'risk-manager',
  'execution-manager',
  'decision-logger',
  'monitoring-agent',
  'dashboard-api',
]);
export type ServiceName = z.infer<typeof ServiceName>;

/** Who may write to Redis: the nine services, and `fleet` (resolver and supervisor). */
export type ProcessName = ServiceName | 'fleet';

export const Mode = z.enum(['live', 'public', 'synthetic']);
export type Mode = z.infer<typeof Mode>;

/** The source of a synthetic fleet's market. */
export const SyntheticSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('generator'), seed: z.number().int() }),
  z.strictObject({
    kind: z.literal('replay'),
    files: z.array(z.string()).min(1),
    /** Multiple of real time, or `max`: as fast as every frame can be acknowledged (lock-step). */
    speed: z.union([z.number().positive(), z.literal('max')]),
    /** Stop the fleet when the recording has ended. */
    exit: z.boolean(),
    /** The recorded market; absent: USDⓈ-M futures. */
    market: z.literal('spot').optional(),
  }),
]);
export type SyntheticSource = z.infer<typeof SyntheticSource>;

/** The resolved mode, written once at start. The only source of badge, hosts and services of the mode. */
export const FleetMode = z.strictObject({
  mode: Mode,
  network: z.enum(['mainnet', 'testnet', 'none']),
  /** Address of a custom venue (a local exchange or a proxy); absent: the network's own. */
  venue: z.string().min(1).optional(),
  run: RunLabel,
  /** Identifies this start of the fleet. A replay begins a new ledger with each session. */
  session: z.string().min(1),
  /** Boot id of the machine, if the system has one. A mode with another boot id is not this fleet's. */
  boot_id: z.string().optional(),
  reason: z.string(),
  resolved_ts: EpochMs,
  source: SyntheticSource.optional(),
  /** The services that the supervisor runs in this mode; absent without a supervisor (compose). */
  services: z.array(ServiceName).optional(),
});
export type FleetMode = z.infer<typeof FleetMode>;

/** halt: a service asks for HALTED at once, with a reason. Positions stay open, and their exits still close them. */
const OperatorAction = z.enum(['start', 'stop', 'flatten', 'halt']);

export const FleetState = z.strictObject({
  state: TradingState,
  reason: z.string(),
  /** Always later than that of every earlier state, even if the clock was set back. Of two states the later one is newer. */
  changed_ts: EpochMs,
  /** The run of this state; absent if an earlier version wrote it. */
  run: RunLabel.optional(),
  /** True while the state is not known: it counts as HALTED until decision-logger has read its ledger. Never stored. */
  unsure: z.boolean().optional(),
  /** True from a flatten command until everything is closed and the state is HALTED. */
  flattening: z.boolean().optional(),
  /** Ids of the last applied operator commands, newest first. Applying one again changes nothing. */
  applied_commands: z.array(z.string()).max(50),
  /** Action of each applied command by id; commands of an earlier version are missing. */
  applied_actions: z.record(z.string(), OperatorAction).optional(),
});
export type FleetState = z.infer<typeof FleetState>;

/** The trading state of a run as its ledger holds it. */
export const RememberedState = z.discriminatedUnion('kind', [
  /** The ledger is new: there was no trade and no halt yet. */
  z.strictObject({ kind: z.literal('FIRST_START') }),
  z.strictObject({ kind: z.literal('KEPT'), state: FleetState }),
  /** An earlier version wrote the ledger, without a state. */
  z.strictObject({ kind: z.literal('LOST') }),
]);
export type RememberedState = z.infer<typeof RememberedState>;

export const OperatorCommand = z.strictObject({
  command_id: z.string().min(1).max(80),
  action: OperatorAction,
  /** Author: the page, a service, a script. */
  issued_by: z.string(),
  /** Why; every halt has one. */
  reason: z.string().min(1).max(300).optional(),
  issued_ts: EpochMs,
});
export type OperatorCommand = z.infer<typeof OperatorCommand>;

/** A service's liveness message, once a second. */
export const Heartbeat = z.strictObject({
  service: ServiceName,
  /** STARTING: alive, but its start is not complete. */
  status: z.enum(['STARTING', 'RUNNING', 'STANDBY', 'STOPPING']),
  pid: z.number().int(),
  ts: EpochMs,
  started_ts: EpochMs,
  /** Maximum event-loop delay since the last heartbeat, ms. */
  loop_lag_ms: z.number(),
  /** Age of the last market message when it was handled, ms; absent if none arrived since the last heartbeat. */
  message_age_ms: z.number().optional(),
  /** Messages since its start, from Redis, or from the market if the service reads the market directly; absent: none yet. */
  messages: z.number().int().optional(),
  /** How long the current stream message has waited, ms; absent below one second. */
  behind_ms: z.number().int().optional(),
  /** Unhandled messages of that stream; absent if nothing is behind, or if Redis gives no count. */
  waiting: z.number().int().optional(),
  malformed: z.number().int(),
  rss_mb: z.number(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

export const AlertLevel = z.enum(['INFO', 'WARNING', 'CRITICAL']);

/** RAISED when a condition appears, REPEATED while it lasts, RESOLVED (level INFO) when it is gone. */
export const AlertStage = z.enum(['RAISED', 'REPEATED', 'RESOLVED']);

export const Alert = z.strictObject({
  /** The same from RAISED to RESOLVED. */
  alert_id: z.string(),
  code: z.string(),
  level: AlertLevel,
  stage: AlertStage,
  /** The service that the alert is about, or that a symbol's data comes from. */
  service: z.string(),
  message: z.string(),
  /** What the operator can do. */
  action: z.string(),
  ts: EpochMs,
});
export type Alert = z.infer<typeof Alert>;

/** A log line of WARN or above, as stored in the stream `logs`. */
export const LogRecord = z.strictObject({
  ts: EpochMs,
  level: z.enum(['WARN', 'ERROR', 'FATAL']),
  service: z.string(),
  message: z.string(),
  /** The line's other fields, as JSON. */
  fields: z.string(),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Acknowledges a frame of a lock-step replay: the service has handled everything up to `seq`. */
export const ReplayAck = z.strictObject({
  service: z.enum(['signal-engine', 'decision-logger']),
  seq: z.number().int().nonnegative(),
  /** signal-engine: signals of the frame that ends at `seq`; it waits until they are recorded. decision-logger: signals it has recorded. */
  signals: z.array(z.string()),
  /** decision-logger: number of resting simulated orders. While it is above 0, decision-logger acknowledges frames too. */
  resting_orders: z.number().int().nonnegative(),
  /** decision-logger: what these orders wait for; absent if any frame may change them. */
  order_watch: OrderWatch.optional(),
});
export type ReplayAck = z.infer<typeof ReplayAck>;

/** How long one symbol of a recording had no valid book, and why. */
export const SymbolBookTime = z.strictObject({
  symbol: z.string(),
  /** Market time of its sessions, and how much of it had no valid book, ms. */
  seen_ms: z.number().nonnegative(),
  without_book_ms: z.number().nonnegative(),
  had_snapshot: z.boolean(),
  had_updates: z.boolean(),
  gaps: z.number().int().nonnegative(),
});
export type SymbolBookTime = z.infer<typeof SymbolBookTime>;

/** The position of a replay, so that a restarted data-ingestor continues where it stopped. */
export const ReplayProgress = z.strictObject({
  session: z.string(),
  seq: z.number().int().nonnegative(),
  lines: z.number().int().nonnegative(),
  bad_lines: z.number().int().nonnegative(),
  /** Number of best bids and asks compared with the recorded bookTicker, and how many differed. */
  tops_compared: z.number().int().nonnegative(),
  tops_different: z.number().int().nonnegative(),
  gaps: z.number().int().nonnegative(),
  /** Files that could not be read to their end, with the last readable line; absent if there is none. */
  broken_off: z.array(z.strictObject({ file: z.string(), line: z.number().int(), detail: z.string() })).optional(),
  /** Absent in records of earlier versions. */
  books: z.array(SymbolBookTime).optional(),
  ts_event: EpochMs,
  done: z.boolean(),
});
export type ReplayProgress = z.infer<typeof ReplayProgress>;
