import type { Metric } from '@helios/shared/domain/metrics.ts';
import { LIVE_METRICS, type MetricKind } from './live-metric-list.ts';

const OF_A_SERVICE = ['service'] as const;
/** `source`: the Redis hash of the statistics. */
const OF_A_SUMMARY = ['source'] as const;

/** All metrics. Names and labels are stable, because dashboards and alert rules use them. docs/metrics.md lists the same ones (a test compares). */
export const METRICS = {
  helios_info: { type: 'gauge', unit: 'flag', labels: ['mode', 'network', 'run'], help: 'What runs; always 1.' },
  helios_gathered_timestamp_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'When these metrics were gathered, Unix seconds.',
  },
  helios_trading_state: {
    type: 'gauge',
    unit: 'flag',
    labels: ['state'],
    help: 'Trading state: 1 for the one in force.',
  },
  helios_service_up: { type: 'gauge', unit: 'flag', labels: OF_A_SERVICE, help: '1 while heartbeats arrive.' },
  helios_service_heartbeat_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: OF_A_SERVICE,
    help: 'Age of the last heartbeat.',
  },
  helios_service_loop_lag_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: OF_A_SERVICE,
    help: 'Worst event-loop delay in a second.',
  },
  helios_service_message_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: OF_A_SERVICE,
    help: 'Age of the last market message when handled.',
  },
  helios_service_behind_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: OF_A_SERVICE,
    help: 'How long the stream message at hand has waited; absent below a second.',
  },
  helios_service_resident_memory_bytes: {
    type: 'gauge',
    unit: 'bytes',
    labels: OF_A_SERVICE,
    help: 'Resident memory.',
  },
  helios_service_start_time_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: OF_A_SERVICE,
    help: 'Start time, Unix seconds.',
  },
  helios_service_messages_total: {
    type: 'counter',
    unit: 'count',
    labels: OF_A_SERVICE,
    help: 'Messages handled since its start.',
  },
  helios_service_malformed_messages_total: {
    type: 'counter',
    unit: 'count',
    labels: OF_A_SERVICE,
    help: 'Malformed messages dropped since its start.',
  },
  helios_service_restarts_total: {
    type: 'counter',
    unit: 'count',
    labels: OF_A_SERVICE,
    help: 'Restarts by the supervisor.',
  },
  helios_book_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: ['symbol'],
    help: 'Age of the newest book, market time.',
  },
  helios_signals_total: {
    type: 'counter',
    unit: 'count',
    labels: OF_A_SUMMARY,
    help: 'Signals recorded in this run.',
  },
  helios_trades_total: {
    type: 'counter',
    unit: 'count',
    labels: ['source', 'result'],
    help: 'Closed trades of this run.',
  },
  helios_realised_pnl: {
    type: 'gauge',
    unit: 'quote',
    labels: OF_A_SUMMARY,
    help: 'Realised PnL after fees, quote currency.',
  },
  helios_fees: { type: 'gauge', unit: 'quote', labels: OF_A_SUMMARY, help: 'Fees paid, quote currency.' },
  helios_equity: {
    type: 'gauge',
    unit: 'quote',
    labels: OF_A_SUMMARY,
    help: 'Starting balance and realised PnL, quote currency.',
  },
  helios_peak_equity: {
    type: 'gauge',
    unit: 'quote',
    labels: OF_A_SUMMARY,
    help: 'Highest equity, quote currency.',
  },
  helios_max_drawdown_percent: {
    type: 'gauge',
    unit: 'percent',
    labels: OF_A_SUMMARY,
    help: 'Worst drawdown from the equity peak, 0..100.',
  },
  helios_win_rate_percent: { type: 'gauge', unit: 'percent', labels: OF_A_SUMMARY, help: 'Winning trades, 0..100.' },
  helios_open_positions: { type: 'gauge', unit: 'count', labels: [], help: 'Open positions.' },
  helios_open_orders: { type: 'gauge', unit: 'count', labels: [], help: 'Resting orders.' },
  helios_unrealised_pnl: {
    type: 'gauge',
    unit: 'quote',
    labels: ['symbol', 'side'],
    help: 'Unrealised PnL before fees, quote currency.',
  },
  helios_alerts_active: {
    type: 'gauge',
    unit: 'count',
    labels: ['code', 'level'],
    help: 'Alerts that are not resolved.',
  },
  helios_recent_decisions: {
    type: 'gauge',
    unit: 'count',
    labels: ['outcome'],
    help: 'Newest 500 signals by outcome.',
  },
  helios_recent_refusals: {
    type: 'gauge',
    unit: 'count',
    labels: ['refused_by'],
    help: 'Newest 500 refusals by gate.',
  },
  ...LIVE_METRICS,
} as const satisfies Record<string, MetricKind>;

type MetricName = keyof typeof METRICS;

/** One value with all labels of its metric; without a figure there is no value. */
type Reading<N extends MetricName> = readonly [
  labels: Readonly<Record<(typeof METRICS)[N]['labels'][number], string>>,
  value: number | undefined,
];

/** A metric of the list with its known values. */
export function metricOf<N extends MetricName>(name: N, readings: readonly Reading<N>[]): Metric {
  const { type, help } = METRICS[name];
  const values = readings.flatMap(([labels, value]) => (value === undefined ? [] : [{ labels, value }]));
  return { name, help, type, values };
}

/** The table of docs/metrics.md. */
export function metricsTable(): string {
  const rows = Object.entries(METRICS).map(([name, { type, unit, labels, help }]) => {
    return `| \`${name}\` | ${type} | ${unit} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`;
  });
  return ['| name | type | unit | labels | meaning |', '|--|--|--|--|--|', ...rows, ''].join('\n');
}
