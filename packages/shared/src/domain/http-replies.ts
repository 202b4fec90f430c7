import { z } from 'zod';
import { Account } from './account.ts';
import { AssetScore } from './asset-selection.ts';
import { Decision } from './decision.ts';
import {
  Alert,
  FleetMode,
  FleetState,
  Heartbeat,
  LogRecord,
  Mode,
  OperatorCommand,
  RememberedState,
  ReplayProgress,
  ServiceName,
} from './fleet.ts';
import { LiveStatus } from './live-status.ts';
import { Kline, KlineInterval } from './market-data.ts';
import { FleetMetrics } from './metrics.ts';
import { ModelStatus } from './model-status.ts';
import { ClosedTrade, OpenOrder, OpenPosition } from './position.ts';
import { InstrumentSymbol } from './primitives.ts';
import { PerformanceSummary } from './statistics.ts';
import { StrategyStatus } from './strategy-status.ts';
import { SupervisedService } from './supervision.ts';

// Answers of the HTTP API, one schema an endpoint.

/** What runs, and whether it may trade. */
export const StateReply = z.strictObject({
  mode: FleetMode,
  /** Absent until the service that writes it has started. */
  trading: FleetState.optional(),
  /** Why Start of live trading is refused now; absent if it is not. */
  start_refused: z.string().optional(),
  /** Why it enters, and what that was worth so far; absent until signal-engine has started. */
  strategy: StrategyStatus.optional(),
  /** Progress of a replay. */
  replay: ReplayProgress.optional(),
  /** Market time; in a replay the time of its newest frame. */
  clock_ts: z.number().int(),
  /** True if this dashboard requires a password. */
  login: z.boolean(),
});
export type StateReply = z.infer<typeof StateReply>;

/** One symbol's newest prices, decimal strings as the venue wrote them; absent if there was none. */
export const PriceRow = z.strictObject({
  symbol: z.string(),
  bid: z.string().optional(),
  ask: z.string().optional(),
  /** Price of the last trade; with another source than the venue, its price. */
  last: z.string().optional(),
  /** Source of the prices: `binance`, `generator` or `replay`; `coingecko` while the venue is away, without bid and ask. */
  source: z.string(),
  /** Time of the prices, epoch ms of market time. */
  ts: z.number().int().optional(),
  age_ms: z.number().optional(),
  /**
   * True for a price that is older than dashboard.stale_after_sec, missing, or stamped in the future (somebody set the
   * clock back).
   */
  stale: z.boolean(),
});
export type PriceRow = z.infer<typeof PriceRow>;

/** Newest prices of every watched symbol; a stale row stays. */
export const PricesReply = z.strictObject({
  mode: Mode,
  /** Market time, the end of each age; in a replay the time of its newest frame. */
  clock_ts: z.number().int(),
  stale_after_sec: z.number().int(),
  rows: z.array(PriceRow),
});
export type PricesReply = z.infer<typeof PricesReply>;

/** An open position at present prices. */
export const PositionRow = OpenPosition.extend({
  /** Present exit price: bid for LONG, ask for SHORT, or a newer fallback price. Absent if there is none. */
  current_price: z.number().optional(),
  /** (current − entry) × quantity, sign by side, before fees; quote currency. */
  unrealised_pnl: z.number().optional(),
  /** The same in percent of the entry value. */
  unrealised_pct: z.number().optional(),
  /** Price of the trailing stop, once it is armed. */
  trailing_stop: z.number().positive().optional(),
});
export type PositionRow = z.infer<typeof PositionRow>;

export const PositionsReply = z.strictObject({
  run: z.string(),
  clock_ts: z.number().int(),
  positions: z.array(PositionRow),
});
export type PositionsReply = z.infer<typeof PositionsReply>;

export const OrdersReply = z.strictObject({ run: z.string(), clock_ts: z.number().int(), orders: z.array(OpenOrder) });
export type OrdersReply = z.infer<typeof OrdersReply>;

/** The money of the account, and in live the state of execution-manager. */
export const AccountReply = z.strictObject({
  run: z.string(),
  clock_ts: z.number().int(),
  /** Absent if entries have a fixed size, and in live until execution-manager has read it. */
  account: Account.optional(),
  /** Live only; absent while execution-manager does not report. */
  live: LiveStatus.optional(),
  /** Milliseconds since `live` was written. */
  live_age_ms: z.number().optional(),
});
export type AccountReply = z.infer<typeof AccountReply>;

/** The recorded statistics of the run; nothing is computed here. */
export const PerformanceReply = z.strictObject({
  /** The Redis hash with these figures. */
  source: z.enum(['simulated_pnl_summary', 'performance_metrics']),
  run: z.string(),
  /** Absent until the first figures of this run are recorded. */
  summary: PerformanceSummary.optional(),
  /** Newest first. */
  recent_trades: z.array(ClosedTrade),
});
export type PerformanceReply = z.infer<typeof PerformanceReply>;

export const DecisionKind = z.enum(['signals', 'refusals']);
export type DecisionKind = z.infer<typeof DecisionKind>;

/** Newest first: the outcome of each signal, or the gate that refused each trigger. */
export const DecisionsReply = z.strictObject({ run: z.string(), kind: DecisionKind, decisions: z.array(Decision) });
export type DecisionsReply = z.infer<typeof DecisionsReply>;

/** A watched symbol. In a synthetic market or a recording only its name is known. */
export const WatchedRow = AssetScore.omit({ run: true, on_list: true })
  .partial({ reason: true, explanation: true, updated_ts: true })
  .extend({ symbol: z.string() });
export type WatchedRow = z.infer<typeof WatchedRow>;

export const WatchlistReply = z.strictObject({
  run: z.string(),
  /** Best first. */
  symbols: z.array(WatchedRow),
  /** The next candidates, best first. */
  next: z.array(WatchedRow),
});
export type WatchlistReply = z.infer<typeof WatchlistReply>;

/** Closed klines, oldest first, as a chart draws them. */
export const KlinesReply = z.strictObject({
  symbol: InstrumentSymbol,
  interval: KlineInterval,
  candles: z.array(Kline),
});

/** Present state of one process of the fleet. */
export const ServiceRow = z.strictObject({
  service: ServiceName,
  /**
   * DOWN: no heartbeat for alerts.heartbeat_timeout_sec, or no process according to the supervisor. UNKNOWN: Redis
   * accepts no writes, so no heartbeat can arrive.
   */
  status: z.enum(['STARTING', 'RUNNING', 'STANDBY', 'STOPPING', 'DOWN', 'UNKNOWN']),
  /** Milliseconds since its last heartbeat; absent if that has a future stamp, because somebody set the clock back. */
  heartbeat_age_ms: z.number().optional(),
  heartbeat: Heartbeat.optional(),
  /** The supervisor's record; absent without a supervisor (compose). */
  supervised: SupervisedService.optional(),
});
export type ServiceRow = z.infer<typeof ServiceRow>;

export const HealthReply = z.strictObject({
  status: z.enum(['OK', 'DEGRADED']),
  services: z.array(ServiceRow),
  /** The model in use, what it said, and its drift; absent until signal-engine has reported. */
  model: ModelStatus.optional(),
});
export type HealthReply = z.infer<typeof HealthReply>;

/**
 * Newest first. `active`: alerts that were raised or repeated and are not resolved. While Redis accepts no writes,
 * monitoring-agent cannot add its alert; dashboard-api then puts its own REDIS_LOST first.
 */
export const AlertsReply = z.strictObject({ active: z.array(Alert), alerts: z.array(Alert) });
export type AlertsReply = z.infer<typeof AlertsReply>;

/** Log lines of WARN and above, newest first; everything else is in logs/helios.log. */
export const LogsReply = z.strictObject({ logs: z.array(LogRecord) });

/** The metrics that monitoring-agent gathered at `ts`, epoch ms. */
export const MetricsReply = FleetMetrics.omit({ run: true });
export type MetricsReply = z.infer<typeof MetricsReply>;

/** Every effective setting. Secrets are masked; secrets of other processes are `withheld`. */
export const ConfigReply = z.strictObject({
  settings: z.array(
    z.strictObject({ section: z.string().optional(), key: z.string(), value: z.string(), origin: z.string() }),
  ),
});

export const ControlReply = z.strictObject({
  command_id: z.string(),
  action: OperatorCommand.shape.action,
  /** True: `trading` is the state after the command. False: the command is stored but not applied yet. */
  applied: z.boolean(),
  trading: FleetState.optional(),
  message: z.string(),
});
export type ControlReply = z.infer<typeof ControlReply>;

/** The paper accounts of this folder, read from their ledgers. Money in USDT, times in epoch ms. */
export const AccountsReply = z.strictObject({
  /** Account of the running fleet. */
  current: z.string(),
  accounts: z.array(
    z.strictObject({
      run: z.string(),
      starting_balance: z.number().optional(),
      /** PnL of the strategy's trades. `external_…`: trades opened by hand, which no other figure includes. */
      realized_pnl: z.number(),
      trades: z.number().int(),
      external_pnl: z.number(),
      external_trades: z.number().int(),
      decisions: z.number().int(),
      positions: z.array(OpenPosition),
      resting_orders: z.number().int(),
      last_activity_ts: z.number().int().optional(),
      trading: RememberedState,
    }),
  ),
  /** An error message for each ledger that cannot be read. */
  unreadable: z.array(z.string()),
});

export const AccountResetReply = z.strictObject({ message: z.string(), moved_to: z.string().optional() });
export type AccountResetReply = z.infer<typeof AccountResetReply>;
