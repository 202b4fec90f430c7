import type { Metric } from '@helios/shared/domain/metrics.ts';

export interface MetricKind {
  readonly type: Metric['type'];
  /** `quote`: quote currency (USDT). `percent`: 0..100. */
  readonly unit: 'count' | 'flag' | 'seconds' | 'bytes' | 'percent' | 'quote';
  readonly labels: readonly string[];
  readonly help: string;
}

/** Metrics of the account and of live trading, part of the list of all metrics. */
export const LIVE_METRICS = {
  helios_wallet_balance: {
    type: 'gauge',
    unit: 'quote',
    labels: [],
    help: 'Deposits plus everything realised, quote currency.',
  },
  helios_margin_balance: {
    type: 'gauge',
    unit: 'quote',
    labels: [],
    help: 'Wallet balance plus unrealised PnL, quote currency.',
  },
  helios_available_balance: {
    type: 'gauge',
    unit: 'quote',
    labels: [],
    help: 'What new positions may use as margin, quote currency.',
  },
  helios_free_margin_percent: {
    type: 'gauge',
    unit: 'percent',
    labels: [],
    help: 'Available / margin balance; low is dangerous.',
  },
  helios_maintenance_ratio_percent: {
    type: 'gauge',
    unit: 'percent',
    labels: [],
    help: 'Maintenance margin / margin balance; 100 is liquidation.',
  },
  helios_exposure: {
    type: 'gauge',
    unit: 'quote',
    labels: [],
    help: 'Value of all open positions at mark prices, quote currency.',
  },
  helios_exposure_percent: {
    type: 'gauge',
    unit: 'percent',
    labels: [],
    help: 'The same of the margin balance: 100 × the leverage in use.',
  },
  helios_live_can_enter: { type: 'gauge', unit: 'flag', labels: [], help: '1 while execution-manager allows entries.' },
  helios_live_uncovered_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'Longest time that an open position has no stop on the venue.',
  },
  helios_live_user_stream_open: {
    type: 'gauge',
    unit: 'flag',
    labels: [],
    help: '1 while the stream of account events is open.',
  },
  helios_live_user_stream_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'Time since the last account event.',
  },
  helios_live_reconcile_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'Time since the last complete comparison with the venue.',
  },
  helios_live_clock_offset_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    help: 'Difference to the clock of the venue.',
  },
  helios_live_unknown_orders: { type: 'gauge', unit: 'count', labels: [], help: 'Orders whose outcome is unknown.' },
  helios_live_foreign: {
    type: 'gauge',
    unit: 'count',
    labels: [],
    help: 'Orders and positions on the account that are not of Helios.',
  },
  helios_live_order_latency_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: ['quantile'],
    help: 'From sending an order to the first word of the venue, last hundred orders.',
  },
  helios_live_limit_used_percent: {
    type: 'gauge',
    unit: 'percent',
    labels: ['limit'],
    help: 'Use of a limit of the venue.',
  },
  helios_live_rejects_total: {
    type: 'counter',
    unit: 'count',
    labels: ['code'],
    help: 'Refusals of the venue since the start of execution-manager.',
  },
  helios_live_signals_total: {
    type: 'counter',
    unit: 'count',
    labels: [],
    help: 'Signals recorded since decision-logger started.',
  },
  helios_live_intents_total: {
    type: 'counter',
    unit: 'count',
    labels: [],
    help: 'Entries that risk-manager approved, recorded since then.',
  },
  helios_live_fills_total: { type: 'counter', unit: 'count', labels: [], help: 'Fills recorded since then.' },
  helios_live_answers_total: {
    type: 'counter',
    unit: 'count',
    labels: ['answer'],
    help: 'Final answers recorded since then.',
  },
  helios_live_unanswered_signals: { type: 'gauge', unit: 'count', labels: [], help: 'Signals without any answer now.' },
} as const satisfies Record<string, MetricKind>;
