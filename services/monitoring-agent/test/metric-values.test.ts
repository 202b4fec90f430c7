import { readFileSync } from 'node:fs';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { METRICS, metricsTable } from '../src/metrics/metric-list.ts';
import { type FleetReading, metricsOf } from '../src/metrics/metrics-of.ts';
import { heartbeat } from './start-agent.ts';

const NOTHING: FleetReading = {
  ts: T0,
  mode: { mode: 'public', network: 'mainnet', run: 'test-run' },
  trading: undefined,
  services: [],
  books: [],
  summary: undefined,
  positions: [],
  orders: 0,
  alerts: [],
  decisions: [],
  refusals: [],
  account: undefined,
  live: undefined,
  counts: undefined,
};

/** `name{label="value",…}` to value. */
function valuesOf(reading: FleetReading): Record<string, number> {
  const lines = metricsOf(reading).flatMap(({ name, values }) =>
    values.map(({ labels, value }) => {
      const named = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      return [`${name}{${named.join(',')}}`, value] as const;
    }),
  );
  return Object.fromEntries(lines);
}

test('docs/metrics.md contains the table made from the code, word for word', () => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  expect(page).toContain(metricsTable());
});

test('each name ends as its type and unit demand', () => {
  for (const [name, { type, unit, help }] of Object.entries(METRICS)) {
    const ending = { seconds: '_seconds', bytes: '_bytes', percent: '_percent', count: '', flag: '', quote: '' }[unit];
    expect(name).toMatch(new RegExp(`^helios_[a-z_]+${type === 'counter' ? '_total' : ending}$`));
    expect(help).toMatch(/\.$/);
  }
});

test('all metrics of the list are gathered, in its order, and the values have the labels of the list', () => {
  const gathered = metricsOf({
    ...NOTHING,
    trading: { state: 'ACTIVE' },
    services: [{ service: 'data-ingestor', status: 'RUNNING', heartbeat: heartbeat(T0) }],
  });
  expect(gathered.map(({ name }) => name)).toEqual(Object.keys(METRICS));
  for (const { name, help, type, values } of gathered) {
    const listed = METRICS[name as keyof typeof METRICS];
    expect({ help, type }).toEqual({ help: listed.help, type: listed.type });
    for (const { labels } of values) expect(Object.keys(labels)).toEqual(listed.labels);
  }
});

test('an unknown figure has no value: without a reading there are only the mode, the time and zero open positions', () => {
  expect(valuesOf(NOTHING)).toEqual({
    'helios_info{mode="public",network="mainnet",run="test-run"}': 1,
    'helios_gathered_timestamp_seconds{}': T0 / 1_000,
    'helios_open_positions{}': 0,
    'helios_open_orders{}': 0,
  });
});

test('a service has its figures in base units; one without a heartbeat is down, and has no other figures', () => {
  const beat = heartbeat(T0, { loop_lag_ms: 3, message_age_ms: 9, behind_ms: 1_200, messages: 7, malformed: 2 });
  const supervised = { service: 'data-ingestor', state: 'RUNNING', restarts: 4, changed_ts: T0 } as const;
  const services: FleetReading['services'] = [
    { service: 'data-ingestor', status: 'RUNNING', heartbeat_age_ms: 250, heartbeat: beat, supervised },
    { service: 'signal-engine', status: 'DOWN' },
  ];
  const values = valuesOf({ ...NOTHING, services });
  const ofServices = Object.entries(values).filter(([name]) => name.startsWith('helios_service_'));
  expect(Object.fromEntries(ofServices)).toEqual({
    'helios_service_up{service="data-ingestor"}': 1,
    'helios_service_up{service="signal-engine"}': 0,
    'helios_service_heartbeat_age_seconds{service="data-ingestor"}': 0.25,
    'helios_service_loop_lag_seconds{service="data-ingestor"}': 0.003,
    'helios_service_message_age_seconds{service="data-ingestor"}': 0.009,
    'helios_service_behind_seconds{service="data-ingestor"}': 1.2,
    'helios_service_resident_memory_bytes{service="data-ingestor"}': 83_886_080,
    'helios_service_start_time_seconds{service="data-ingestor"}': T0 / 1_000,
    'helios_service_messages_total{service="data-ingestor"}': 7,
    'helios_service_malformed_messages_total{service="data-ingestor"}': 2,
    'helios_service_restarts_total{service="data-ingestor"}': 4,
  });
});

test('trading, statistics, exposure, alerts and decisions have their values', () => {
  const silent = { code: 'SERVICE_SILENT', level: 'CRITICAL' } as const;
  const values = valuesOf({
    ...NOTHING,
    trading: { state: 'REDUCING' },
    books: [
      { symbol: 'BTCUSDT', age_ms: 300 },
      { symbol: 'ETHUSDT', age_ms: undefined },
    ],
    summary: {
      ...{ signals: 9, wins: 3, losses: 2, total_pnl: 4.92, total_fees: 0.08 },
      ...{ equity: 10_004.92, peak_equity: 10_007, max_drawdown_pct: 1.5, win_rate: 60 },
    },
    positions: [
      { symbol: 'BTCUSDT', side: 'LONG', unrealised_pnl: -0.2 },
      { symbol: 'ETHUSDT', side: 'SHORT' },
    ],
    orders: 1,
    alerts: [silent, { code: 'LOOP_LAG', level: 'WARNING' }, silent],
    decisions: [{ outcome: 'OPENED' }, { outcome: 'MISSED' }, { outcome: 'OPENED' }],
    refusals: [{ refused_by: 'COOLDOWN' }, {}],
  });
  const source = 'source="simulated_pnl_summary"';
  expect(values).toEqual({
    'helios_info{mode="public",network="mainnet",run="test-run"}': 1,
    'helios_gathered_timestamp_seconds{}': T0 / 1_000,
    'helios_trading_state{state="ACTIVE"}': 0,
    'helios_trading_state{state="REDUCING"}': 1,
    'helios_trading_state{state="HALTED"}': 0,
    'helios_book_age_seconds{symbol="BTCUSDT"}': 0.3,
    [`helios_signals_total{${source}}`]: 9,
    [`helios_trades_total{${source},result="win"}`]: 3,
    [`helios_trades_total{${source},result="loss"}`]: 2,
    [`helios_realised_pnl{${source}}`]: 4.92,
    [`helios_fees{${source}}`]: 0.08,
    [`helios_equity{${source}}`]: 10_004.92,
    [`helios_peak_equity{${source}}`]: 10_007,
    [`helios_max_drawdown_percent{${source}}`]: 1.5,
    [`helios_win_rate_percent{${source}}`]: 60,
    'helios_open_positions{}': 2,
    'helios_open_orders{}': 1,
    'helios_unrealised_pnl{symbol="BTCUSDT",side="LONG"}': -0.2,
    'helios_alerts_active{code="SERVICE_SILENT",level="CRITICAL"}': 2,
    'helios_alerts_active{code="LOOP_LAG",level="WARNING"}': 1,
    'helios_recent_decisions{outcome="OPENED"}': 2,
    'helios_recent_decisions{outcome="MISSED"}': 1,
    'helios_recent_refusals{refused_by="COOLDOWN"}': 1,
    'helios_recent_refusals{refused_by="none"}': 1,
  });
});
