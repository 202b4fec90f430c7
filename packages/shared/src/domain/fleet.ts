import { z } from 'zod';
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

/** Where a synthetic fleet's market comes from. */
export const SyntheticSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('generator'), seed: z.number().int() }),
  z.strictObject({
    kind: z.literal('replay'),
    files: z.array(z.string()).min(1),
    /** Multiple of real time, or `max`: as fast as every frame can be acknowledged (lock-step). */
    speed: z.union([z.number().positive(), z.literal('max')]),
    /** Stop the fleet when the recording has ended. */
    exit: z.boolean(),
    /** What the files are recordings of; absent: USDⓈ-M futures. */
    market: z.literal('spot').optional(),
  }),
]);
export type SyntheticSource = z.infer<typeof SyntheticSource>;

/** The resolved mode: written once at start, the only source of badge, hosts and roster. */
export const FleetMode = z.strictObject({
  mode: Mode,
  network: z.enum(['mainnet', 'testnet', 'none']),
  /** Address of the venue where it is not the network's own: a local exchange, or a proxy. */
  venue: z.string().min(1).optional(),
  run: RunLabel,
  /** This start of the fleet; a replay begins a new ledger with each. */
  session: z.string().min(1),
  /** The machine's boot it was resolved in, where the system tells: a mode of an earlier boot is not this fleet's. */
  boot_id: z.string().optional(),
  reason: z.string(),
  resolved_ts: EpochMs,
  source: SyntheticSource.optional(),
  /** The services that the supervisor runs in it; absent where there is none (compose). */
  services: z.array(ServiceName).optional(),
});
export type FleetMode = z.infer<typeof FleetMode>;

/** halt: HALTED at once, asked for by whoever sees that trading must not go on; positions stay and are still left by their exits. */
const OperatorAction = z.enum(['start', 'stop', 'flatten', 'halt']);

export const FleetState = z.strictObject({
  state: TradingState,
  reason: z.string(),
  /** Later than that of every state known before: the newer of two is found by it, whatever the clock did. */
  changed_ts: EpochMs,
  /** Whose state it is; absent from one that an earlier version wrote. */
  run: RunLabel.optional(),
  /** True while nobody knows the state: it is HALTED until decision-logger shows its ledger. Never kept. */
  unsure: z.boolean().optional(),
  /** True from a flatten command until everything is closed and the state is HALTED. */
  flattening: z.boolean().optional(),
  /** Ids of the operator commands applied last, newest first: applying one again changes nothing. */
  applied_commands: z.array(z.string()).max(50),
  /** What each of them asked for, by id; not of those that an earlier version applied. */
  applied_actions: z.record(z.string(), OperatorAction).optional(),
});
export type FleetState = z.infer<typeof FleetState>;

/** What the ledger knows of its run's trading state. */
export const RememberedState = z.discriminatedUnion('kind', [
  /** The ledger is new: nobody has traded or halted anything yet. */
  z.strictObject({ kind: z.literal('FIRST_START') }),
  z.strictObject({ kind: z.literal('KEPT'), state: FleetState }),
  /** An earlier version wrote the ledger and kept no state in it. */
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

/** A service's sign of life, once a second. */
export const Heartbeat = z.strictObject({
  service: ServiceName,
  /** STARTING until its start is done: alive, and not at work yet. */
  status: z.enum(['STARTING', 'RUNNING', 'STANDBY', 'STOPPING']),
  pid: z.number().int(),
  ts: EpochMs,
  started_ts: EpochMs,
  /** Worst event-loop delay since the last beat, ms. */
  loop_lag_ms: z.number(),
  /** Age of the last market message when it was handled, ms; absent where none arrived since the last beat. */
  message_age_ms: z.number().optional(),
  /** Messages from Redis, or from the market where a service reads it elsewhere, since its start; absent: none yet. */
  messages: z.number().int().optional(),
  /** How long the stream message at hand has waited, ms; absent while that is less than a second. */
  behind_ms: z.number().int().optional(),
  /** Messages of that stream that are not handled yet; absent where nothing is behind, or Redis does not count. */
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
  /** What it is about: a service, or the service that a symbol's data comes from. */
  service: z.string(),
  message: z.string(),
  /** What the operator can do. */
  action: z.string(),
  ts: EpochMs,
});
export type Alert = z.infer<typeof Alert>;

/** A log line of WARN and above, as the `logs` stream keeps it. */
export const LogRecord = z.strictObject({
  ts: EpochMs,
  level: z.enum(['WARN', 'ERROR', 'FATAL']),
  service: z.string(),
  message: z.string(),
  /** The line's other fields, as JSON. */
  fields: z.string(),
});
export type LogRecord = z.infer<typeof LogRecord>;

/** A lock-step replay's answer to one frame: everything up to `seq` is done with. */
export const ReplayAck = z.strictObject({
  service: z.enum(['signal-engine', 'decision-logger']),
  seq: z.number().int().nonnegative(),
  /** signal-engine: signals of the frame that ends at `seq`; it goes no further until they are recorded. decision-logger: signals it has recorded. */
  signals: z.array(z.string()),
  /** decision-logger: resting simulated orders; while there are any it acknowledges frames too. */
  resting_orders: z.number().int().nonnegative(),
});
export type ReplayAck = z.infer<typeof ReplayAck>;

/** How long one symbol of a recording had no valid book, and why. */
export const SymbolBookTime = z.strictObject({
  symbol: z.string(),
  /** Market time of its sessions, and the part of it without a valid book, ms. */
  seen_ms: z.number().nonnegative(),
  without_book_ms: z.number().nonnegative(),
  had_snapshot: z.boolean(),
  had_updates: z.boolean(),
  gaps: z.number().int().nonnegative(),
});
export type SymbolBookTime = z.infer<typeof SymbolBookTime>;

/** How far a replay has come, so that a restarted data-ingestor goes on where it stopped. */
export const ReplayProgress = z.strictObject({
  session: z.string(),
  seq: z.number().int().nonnegative(),
  lines: z.number().int().nonnegative(),
  bad_lines: z.number().int().nonnegative(),
  /** Book tops compared with the recorded bookTicker, and how many differed. */
  tops_compared: z.number().int().nonnegative(),
  tops_different: z.number().int().nonnegative(),
  gaps: z.number().int().nonnegative(),
  /** Files that could not be read to their end, with the last line that could; absent where there is none. */
  broken_off: z.array(z.strictObject({ file: z.string(), line: z.number().int(), detail: z.string() })).optional(),
  /** Absent in what earlier versions wrote. */
  books: z.array(SymbolBookTime).optional(),
  ts_event: EpochMs,
  done: z.boolean(),
});
export type ReplayProgress = z.infer<typeof ReplayProgress>;
