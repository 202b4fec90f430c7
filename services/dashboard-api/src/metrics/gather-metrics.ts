import type { HealthReply, Metric, PerformanceReply } from '@helios/shared/domain/http-replies.ts';
import type { Api } from '../api.ts';
import { readAlerts } from '../endpoints/alerts.ts';
import { readDecisions } from '../endpoints/decisions.ts';
import { readHealth } from '../endpoints/health.ts';
import { readOrders } from '../endpoints/orders.ts';
import { readPerformance } from '../endpoints/performance.ts';
import { readPositions } from '../endpoints/positions.ts';
import { readState } from '../endpoints/state.ts';
import type { PriceBoard } from '../price-board.ts';

type Value = Metric['values'][number];

const KEPT_DECISIONS = 500;

/** All metrics of the fleet, from what the services keep in Redis. */
export async function gatherMetrics(api: Api): Promise<Metric[]> {
  const [health, performance, positions, orders, state, alerts, decisions, refusals] = await Promise.all([
    readHealth(api),
    readPerformance(api),
    readPositions(api),
    readOrders(api),
    readState(api),
    readAlerts(api, 1),
    readDecisions(api, 'signals', KEPT_DECISIONS),
    readDecisions(api, 'refusals', KEPT_DECISIONS),
  ]);
  const { mode, network, run } = api.mode;
  const states = ['ACTIVE', 'REDUCING', 'HALTED'];
  const unrealised = positions.positions.map(({ symbol, side, unrealised_pnl }) =>
    labelled({ symbol, side }, unrealised_pnl),
  );
  return [
    gauge('helios_info', 'What runs; always 1.', [labelled({ mode, network, run }, 1)]),
    gauge(
      'helios_trading_state',
      'Trading state: 1 for the one in force.',
      states.map((one) => labelled({ state: one }, state.trading?.state === one ? 1 : 0)),
    ),
    ...serviceMetrics(health),
    ...marketMetrics(api.board.bookAges(api.clock.now())),
    ...performanceMetrics(performance),
    gauge('helios_open_positions', 'Open positions.', [labelled({}, positions.positions.length)]),
    gauge('helios_open_orders', 'Resting orders.', [labelled({}, orders.orders.length)]),
    gauge('helios_unrealised_pnl', 'Unrealised PnL before fees, quote currency.', unrealised),
    gauge('helios_alerts_active', 'Alerts that are not resolved.', countBy(alerts.active, 'code', 'level')),
    gauge('helios_recent_decisions', 'Newest 500 signals by outcome.', countBy(decisions.decisions, 'outcome')),
    gauge('helios_recent_refusals', 'Newest 500 refusals by gate.', countBy(refusals.decisions, 'refused_by')),
  ];
}

function serviceMetrics({ services }: HealthReply): Metric[] {
  const each = (read: (row: HealthReply['services'][number]) => number | undefined) =>
    services.map((row) => labelled({ service: row.service }, read(row)));
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000);
  const isUp = (row: HealthReply['services'][number]) => (row.status === 'DOWN' || row.status === 'UNKNOWN' ? 0 : 1);
  return [
    gauge('helios_service_up', '1 while heartbeats arrive.', each(isUp)),
    gauge(
      'helios_service_heartbeat_age_seconds',
      'Age of the last heartbeat.',
      each((row) => seconds(row.heartbeat_age_ms)),
    ),
    gauge(
      'helios_service_loop_lag_seconds',
      'Worst event-loop delay in a second.',
      each((row) => seconds(row.heartbeat?.loop_lag_ms)),
    ),
    gauge(
      'helios_service_message_age_seconds',
      'Age of the last market message when handled.',
      each((row) => seconds(row.heartbeat?.message_age_ms)),
    ),
    gauge(
      'helios_service_behind_seconds',
      'How long the stream message at hand has waited; absent below a second.',
      each((row) => seconds(row.heartbeat?.behind_ms)),
    ),
    gauge(
      'helios_service_resident_memory_bytes',
      'Resident memory.',
      each((row) => row.heartbeat && row.heartbeat.rss_mb * 1_048_576),
    ),
    gauge(
      'helios_service_start_time_seconds',
      'Start time, Unix seconds.',
      each((row) => seconds(row.heartbeat?.started_ts)),
    ),
    counter(
      'helios_service_messages_total',
      'Messages handled since its start.',
      each((row) => row.heartbeat?.messages),
    ),
    counter(
      'helios_service_malformed_messages_total',
      'Malformed messages dropped since its start.',
      each((row) => row.heartbeat?.malformed),
    ),
    counter(
      'helios_service_restarts_total',
      'Restarts by the supervisor.',
      each((row) => row.supervised?.restarts),
    ),
  ];
}

function marketMetrics(ages: ReturnType<PriceBoard['bookAges']>): Metric[] {
  const values = ages.map(({ symbol, age_ms }) =>
    labelled({ symbol }, age_ms === undefined ? undefined : age_ms / 1_000),
  );
  return [gauge('helios_book_age_seconds', 'Age of the newest book, market time.', values)];
}

function performanceMetrics({ summary, source }: PerformanceReply): Metric[] {
  if (!summary) return [];
  const one = (value: number | undefined) => [labelled({ source }, value)];
  const trades = [
    labelled({ source, result: 'win' }, summary.wins),
    labelled({ source, result: 'loss' }, summary.losses),
  ];
  return [
    counter('helios_signals_total', 'Signals recorded in this run.', one(summary.signals)),
    counter('helios_trades_total', 'Closed trades of this run.', trades),
    gauge('helios_realised_pnl', 'Realised PnL after fees, quote currency.', one(summary.total_pnl)),
    gauge('helios_fees', 'Fees paid, quote currency.', one(summary.total_fees)),
    gauge('helios_equity', 'Starting balance and realised PnL, quote currency.', one(summary.equity)),
    gauge('helios_peak_equity', 'Highest equity, quote currency.', one(summary.peak_equity)),
    gauge('helios_max_drawdown_percent', 'Worst drawdown from the equity peak, 0..100.', one(summary.max_drawdown_pct)),
    gauge('helios_win_rate_percent', 'Winning trades, 0..100.', one(summary.win_rate)),
  ];
}

function labelled(labels: Record<string, string>, value: number | undefined): Value | undefined {
  return value === undefined ? undefined : { labels, value };
}

function gauge(name: string, help: string, values: readonly (Value | undefined)[]): Metric {
  return { name, help, type: 'gauge', values: values.filter((value) => value !== undefined) };
}

function counter(name: string, help: string, values: readonly (Value | undefined)[]): Metric {
  return { ...gauge(name, help, values), type: 'counter' };
}

function countBy<K extends string>(rows: readonly { readonly [P in K]?: string }[], ...names: K[]): Value[] {
  const counts = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const row of rows) {
    const labels = Object.fromEntries(names.map((name) => [name, row[name] ?? 'none']));
    const key = JSON.stringify(labels);
    const known = counts.get(key) ?? { labels, value: 0 };
    counts.set(key, { ...known, value: known.value + 1 });
  }
  return [...counts.values()];
}
