import type { Account } from '@helios/shared/domain/account.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Alert, FleetMode, FleetState } from '@helios/shared/domain/fleet.ts';
import type { PositionRow, PriceRow, ServiceRow } from '@helios/shared/domain/http-replies.ts';
import type { LiveCounts } from '@helios/shared/domain/live-counts.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { Metric } from '@helios/shared/domain/metrics.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import { TradingState } from '@helios/shared/domain/trading-state.ts';
import { accountMetrics, countMetrics, statusMetrics } from './live-metrics.ts';
import { metricOf } from './metric-list.ts';

type Figures = Pick<
  PerformanceSummary,
  | 'signals'
  | 'wins'
  | 'losses'
  | 'total_pnl'
  | 'total_fees'
  | 'equity'
  | 'peak_equity'
  | 'max_drawdown_pct'
  | 'win_rate'
>;

/** The inputs of the metrics, read at one time and only of this run. */
export interface FleetReading {
  readonly ts: number;
  readonly mode: Pick<FleetMode, 'mode' | 'network' | 'run'>;
  /** Undefined until signal-engine has written it. */
  readonly trading: Pick<FleetState, 'state'> | undefined;
  readonly services: readonly ServiceRow[];
  readonly books: readonly Pick<PriceRow, 'symbol' | 'age_ms'>[];
  /** Undefined until decision-logger has written it. */
  readonly summary: Figures | undefined;
  readonly positions: readonly Pick<PositionRow, 'symbol' | 'side' | 'unrealised_pnl'>[];
  readonly orders: number;
  readonly alerts: readonly Pick<Alert, 'code' | 'level'>[];
  readonly decisions: readonly Pick<Decision, 'outcome'>[];
  readonly refusals: readonly Pick<Decision, 'refused_by'>[];
  /** Undefined if entries have a fixed size, or nobody has written it yet. */
  readonly account: Account | undefined;
  /** Live only. */
  readonly live: LiveStatus | undefined;
  readonly counts: LiveCounts | undefined;
}

/** The values of all metrics of the list. */
export function metricsOf(reading: FleetReading): Metric[] {
  const { ts, mode, trading, positions, orders, alerts, decisions, refusals } = reading;
  return [
    metricOf('helios_info', [[{ mode: mode.mode, network: mode.network, run: mode.run }, 1]]),
    metricOf('helios_gathered_timestamp_seconds', [[{}, ts / 1_000]]),
    metricOf('helios_trading_state', tradingStates(trading)),
    ...serviceMetrics(reading.services),
    metricOf(
      'helios_book_age_seconds',
      reading.books.map(({ symbol, age_ms }) => [{ symbol }, seconds(age_ms)]),
    ),
    ...performanceMetrics(reading.summary, mode.mode === 'live' ? 'performance_metrics' : 'simulated_pnl_summary'),
    metricOf('helios_open_positions', [[{}, positions.length]]),
    metricOf('helios_open_orders', [[{}, orders]]),
    metricOf(
      'helios_unrealised_pnl',
      positions.map(({ symbol, side, unrealised_pnl }) => [{ symbol, side }, unrealised_pnl]),
    ),
    metricOf('helios_alerts_active', counted(alerts.map(({ code, level }) => ({ code, level })))),
    metricOf('helios_recent_decisions', counted(decisions.map(({ outcome }) => ({ outcome })))),
    metricOf('helios_recent_refusals', counted(refusals.map(({ refused_by = 'none' }) => ({ refused_by })))),
    ...accountMetrics(reading.account),
    ...statusMetrics(reading.live, ts),
    ...countMetrics(reading.counts),
  ];
}

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);

/** No value while the state is unknown. */
function tradingStates(trading: FleetReading['trading']): [{ state: string }, number][] {
  if (trading === undefined) return [];
  return TradingState.options.map((state) => [{ state }, trading.state === state ? 1 : 0]);
}

function serviceMetrics(services: readonly ServiceRow[]): Metric[] {
  const each = (read: (row: ServiceRow) => number | undefined) =>
    services.map((row) => [{ service: row.service }, read(row)] as const);
  const ofBeat = (read: (beat: NonNullable<ServiceRow['heartbeat']>) => number | undefined) =>
    each(({ heartbeat }) => heartbeat && read(heartbeat));
  return [
    metricOf(
      'helios_service_up',
      each(({ status }) => (status === 'DOWN' ? 0 : 1)),
    ),
    metricOf(
      'helios_service_heartbeat_age_seconds',
      each(({ heartbeat_age_ms }) => seconds(heartbeat_age_ms)),
    ),
    metricOf(
      'helios_service_loop_lag_seconds',
      ofBeat(({ loop_lag_ms }) => seconds(loop_lag_ms)),
    ),
    metricOf(
      'helios_service_message_age_seconds',
      ofBeat(({ message_age_ms }) => seconds(message_age_ms)),
    ),
    metricOf(
      'helios_service_behind_seconds',
      ofBeat(({ behind_ms }) => seconds(behind_ms)),
    ),
    metricOf(
      'helios_service_resident_memory_bytes',
      ofBeat(({ rss_mb }) => rss_mb * 1_048_576),
    ),
    metricOf(
      'helios_service_start_time_seconds',
      ofBeat(({ started_ts }) => seconds(started_ts)),
    ),
    metricOf(
      'helios_service_messages_total',
      ofBeat(({ messages }) => messages),
    ),
    metricOf(
      'helios_service_malformed_messages_total',
      ofBeat(({ malformed }) => malformed),
    ),
    metricOf(
      'helios_service_restarts_total',
      each(({ supervised }) => supervised?.restarts),
    ),
  ];
}

function performanceMetrics(summary: Figures | undefined, source: string): Metric[] {
  const one = (value: number | undefined) => [[{ source }, value]] as const;
  return [
    metricOf('helios_signals_total', one(summary?.signals)),
    metricOf('helios_trades_total', [
      [{ source, result: 'win' }, summary?.wins],
      [{ source, result: 'loss' }, summary?.losses],
    ]),
    metricOf('helios_realised_pnl', one(summary?.total_pnl)),
    metricOf('helios_fees', one(summary?.total_fees)),
    metricOf('helios_equity', one(summary?.equity)),
    metricOf('helios_peak_equity', one(summary?.peak_equity)),
    metricOf('helios_max_drawdown_percent', one(summary?.max_drawdown_pct)),
    metricOf('helios_win_rate_percent', one(summary?.win_rate)),
  ];
}

/** Each different set of labels with the number of times that it occurs. */
function counted<L extends Readonly<Record<string, string>>>(all: readonly L[]): [labels: L, count: number][] {
  const counts = new Map<string, [labels: L, count: number]>();
  for (const labels of all) {
    const key = JSON.stringify(labels);
    counts.set(key, [labels, (counts.get(key)?.[1] ?? 0) + 1]);
  }
  return [...counts.values()];
}
