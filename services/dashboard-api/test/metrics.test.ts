import { Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { FleetMetrics, Metric } from '@helios/shared/domain/metrics.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { expect, test } from 'vitest';
import { API_ERRORS } from '../src/api-error.ts';
import { startDashboard } from './start-dashboard.ts';

const SOURCE = { source: 'simulated_pnl_summary' };
const METRICS: Metric[] = [
  { name: 'helios_equity', help: 'Equity.', type: 'gauge', values: [{ labels: SOURCE, value: 10_004.92 }] },
  { name: 'helios_trades_total', help: 'Trades.', type: 'counter', values: [{ labels: SOURCE, value: 3 }] },
  { name: 'helios_open_orders', help: 'Orders.', type: 'gauge', values: [{ labels: {}, value: 0 }] },
  { name: 'helios_book_age_seconds', help: 'Age.', type: 'gauge', values: [] },
];

async function loggedIn() {
  const page = await startDashboard();
  await page.login();
  const agent = page.fake.bus('monitoring-agent');
  async function gathered(more: Partial<FleetMetrics> = {}): Promise<void> {
    const document = { run: 'test-run', ts: page.wall.now(), metrics: METRICS, ...more };
    await agent.write((batch) => batch.set(Values.fleetMetrics, document));
  }
  async function beat(service: ServiceName): Promise<void> {
    const [ts, figures] = [page.wall.now(), { pid: 1, loop_lag_ms: 1, messages: 1, malformed: 0, rss_mb: 80 }];
    const heartbeat: Heartbeat = { service, status: 'RUNNING', ts, started_ts: ts, ...figures };
    await agent.write((batch) => batch.setRecord(Records.heartbeat, heartbeat, { service }));
  }
  /** The error of an answer that must be 503. */
  async function refused(): Promise<Record<string, unknown>> {
    const response = await page.get('/api/metrics?format=prometheus');
    expect(response.status).toBe(503);
    return (await response.json()) as Record<string, unknown>;
  }
  return { ...page, gathered, beat, refused };
}

test('metrics come as JSON with the time of their gathering, and as Prometheus text with the same values', async () => {
  const page = await loggedIn();
  await page.gathered();
  const ts = page.wall.now();
  page.wall.advance(30_000);
  expect(await page.read('/api/metrics')).toEqual({ ts, metrics: METRICS });
  const byQuery = await page.get('/api/metrics?format=prometheus');
  const byHeader = await page.get('/api/metrics', { accept: 'text/plain' });
  for (const response of [byQuery, byHeader]) {
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await response.text()).trim().split('\n').filter(Boolean)).toEqual([
      '# HELP helios_equity Equity.',
      '# TYPE helios_equity gauge',
      'helios_equity{source="simulated_pnl_summary"} 10004.92',
      '# HELP helios_trades_total Trades.',
      '# TYPE helios_trades_total counter',
      'helios_trades_total{source="simulated_pnl_summary"} 3',
      '# HELP helios_open_orders Orders.',
      '# TYPE helios_open_orders gauge',
      'helios_open_orders 0',
    ]);
  }
});

test('metrics older than 30 s are refused with their age, the state of monitoring-agent and what to do', async () => {
  const page = await loggedIn();
  await page.gathered();
  await page.beat('monitoring-agent');
  page.wall.advance(42_000);
  const { action } = API_ERRORS.METRICS_UNAVAILABLE;
  const writer = 'monitoring-agent, which writes them every ten seconds, is';
  expect(await page.refused()).toEqual({
    code: 'METRICS_UNAVAILABLE',
    message: `The newest metrics are 42 s old. ${writer} DOWN.`,
    action,
  });
  await page.beat('monitoring-agent');
  expect(await page.refused()).toMatchObject({ message: `The newest metrics are 42 s old. ${writer} RUNNING.` });
  await page.gathered();
  expect(await page.read('/api/metrics')).toMatchObject({ metrics: METRICS });
});

test('without metrics, or with those of another run, the answer says so', async () => {
  const page = await loggedIn();
  const none = { code: 'METRICS_UNAVAILABLE', message: expect.stringMatching(/^There are no metrics of this run\. /) };
  expect(await page.refused()).toMatchObject(none);
  await page.gathered({ run: 'another run' });
  expect(await page.refused()).toMatchObject(none);
});

test('metrics stamped in the future are of unknown age after the clock was set back', async () => {
  const page = await loggedIn();
  await page.gathered({ ts: page.wall.now() + 3_600_000 });
  expect(await page.refused()).toMatchObject({ message: expect.stringContaining('because the clock was set back') });
});

test('while Redis takes no writes the metrics last until they are old, and then the answer names the cause', async () => {
  const page = await loggedIn();
  await page.gathered();
  const error = new BusUnavailable('REDIS_DISK', 'Redis takes no writes: the disk is full.');
  page.fake.refuseWrites({ error, sinceTs: page.wall.now() });
  expect(await page.read('/api/metrics')).toMatchObject({ metrics: METRICS });
  page.wall.advance(30_001);
  expect(await page.refused()).toMatchObject({
    code: 'REDIS_UNAVAILABLE',
    message: 'Redis takes no writes: the disk is full.',
  });
});
