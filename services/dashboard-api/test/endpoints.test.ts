import { Channels, Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Alert } from '@helios/shared/domain/fleet.ts';
import { aBook, aKline, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { decision, position, summary } from './records.ts';
import { startDashboard } from './start-dashboard.ts';

async function loggedIn(options: Parameters<typeof startDashboard>[0] = {}) {
  const page = await startDashboard(options);
  await page.login();
  return page;
}

test('/healthz says OK to anybody, and while Redis is away 503 without its address', async () => {
  const page = await startDashboard();
  expect(await page.read('/healthz')).toEqual({ status: 'OK' });
  page.fake.goDown();
  const response = await page.get('/healthz');
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 'REDIS_UNAVAILABLE', message: 'Redis cannot be used.' });
});

test('/api/decisions gives the run’s decisions newest first, signals or refusals', async () => {
  const page = await loggedIn();
  const logger = page.fake.bus('decision-logger');
  await logger.write((batch) => {
    batch.push(Lists.decisionLogs, decision('d1'));
    batch.push(Lists.decisionLogs, decision('foreign', { run: 'another run' }));
    batch.push(Lists.decisionLogs, decision('d2'));
    batch.push(Lists.decisionRefusals, decision('r1', { outcome: 'REFUSED', refused_by: 'COOLDOWN' }));
  });
  const ids = async (path: string) =>
    (await page.read<{ decisions: Decision[] }>(path)).decisions.map(({ decision_id }) => decision_id);
  expect(await ids('/api/decisions')).toEqual(['d2', 'd1']);
  expect(await ids('/api/decisions?limit=1')).toEqual(['d2']);
  expect(await ids('/api/decisions?kind=refusals')).toEqual(['r1']);
});

test('/api/performance names its source and returns the recorded figures of this run only', async () => {
  const page = await loggedIn();
  expect(await page.read('/api/performance')).toEqual({
    source: 'simulated_pnl_summary',
    run: 'test-run',
    recent_trades: [],
  });
  const logger = page.fake.bus('decision-logger');
  await logger.write((batch) => batch.setRecord(Records.simulatedPnl, summary));
  expect(await page.read('/api/performance')).toMatchObject({ source: 'simulated_pnl_summary', summary });
  await logger.write((batch) => batch.setRecord(Records.simulatedPnl, { ...summary, run: 'another run' }));
  expect(await page.read('/api/performance')).not.toHaveProperty('summary');
  const live = await loggedIn({ mode: { mode: 'live', source: undefined } });
  expect(await live.read('/api/performance')).toMatchObject({ source: 'performance_metrics' });
});

test('/api/positions values each position at its exit side, with its trailing stop', async () => {
  const page = await loggedIn();
  const ingestor = page.fake.bus('data-ingestor');
  await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] }));
  await page.fake.settle();
  const book = { bids: [['110', '1']], asks: [['112', '1']] } as { bids: [string, string][]; asks: [string, string][] };
  await ingestor.write((batch) => batch.publish(Channels.bookSamples, aBook(book), { symbol: 'BTCUSDT' }));
  await page.fake.settle();
  const logger = page.fake.bus('decision-logger');
  await logger.write((batch) =>
    batch.setMap(Maps.openPositions, {
      'BTCUSDT:LONG': position(),
      'BTCUSDT:SHORT': position({ side: 'SHORT', signal_id: 's2', entry_ts: T0 - 1 }),
      'ETHUSDT:LONG': position({ symbol: 'ETHUSDT', entry_ts: T0 - 2 }),
      'SOLUSDT:LONG': position({ symbol: 'SOLUSDT', run: 'another run' }),
    }),
  );
  await page.fake.bus('signal-engine').write((batch) => {
    batch.setField(Maps.trailingStops, 'BTCUSDT:LONG', {
      signal_id: 's1',
      extreme: 112,
      stop: 108,
      stop_loss: 97,
      ts_event: T0,
    });
    batch.setField(Maps.trailingStops, 'BTCUSDT:SHORT', { signal_id: 'old', extreme: 90, stop: 92, ts_event: T0 });
  });
  const { positions } = await page.read<{ positions: Record<string, unknown>[] }>('/api/positions');
  expect(positions).toEqual([
    { ...position(), current_price: 110, unrealised_pnl: 20, unrealised_pct: 10, trailing_stop: 108, stop_loss: 97 },
    {
      ...position({ side: 'SHORT', signal_id: 's2', entry_ts: T0 - 1 }),
      current_price: 112,
      unrealised_pnl: -24,
      unrealised_pct: -12,
    },
    position({ symbol: 'ETHUSDT', entry_ts: T0 - 2 }),
  ]);
});

test('/api/candles returns closed klines oldest first', async () => {
  const page = await loggedIn();
  const holes = { symbol: 'BTCUSDT', interval: '5m' };
  await page.fake.bus('data-ingestor').write((batch) => {
    for (const open of [T0, T0 + 300_000, T0 + 600_000]) {
      batch.push(Lists.klines, aKline({ interval: '5m', open_ts: open }), holes);
    }
  });
  const { candles } = await page.read<{ candles: { open_ts: number }[] }>(
    '/api/candles?symbol=BTCUSDT&interval=5m&limit=2',
  );
  expect(candles.map(({ open_ts }) => open_ts)).toEqual([T0 + 300_000, T0 + 600_000]);
});

test('/api/alerts shows which alerts are still active', async () => {
  const page = await loggedIn();
  const alert = (alert_id: string, stage: Alert['stage'], ts: number): Alert => ({
    alert_id,
    code: 'STREAM_STALE',
    level: stage === 'RESOLVED' ? 'INFO' : 'WARNING',
    stage,
    service: 'data-ingestor',
    message: 'no book',
    action: 'look',
    ts,
  });
  const said = [alert('a', 'RAISED', 1), alert('b', 'RAISED', 2), alert('a', 'REPEATED', 3), alert('b', 'RESOLVED', 4)];
  await page.fake.bus('monitoring-agent').write((batch) => {
    for (const one of said) batch.append(Streams.alerts, one);
  });
  const reply = await page.read<{ active: Alert[]; alerts: Alert[] }>('/api/alerts?limit=3');
  expect(reply.active).toEqual([said[2]]);
  expect(reply.alerts).toEqual([said[3], said[2], said[1]]);
});

test('/api/logs filters by level and service', async () => {
  const page = await loggedIn();
  const line = (service: string, level: 'WARN' | 'ERROR') => ({ ts: T0, level, service, message: 'm', fields: '{}' });
  await page.fake.bus('data-ingestor').write((batch) => {
    batch.append(Streams.logs, line('data-ingestor', 'WARN'));
    batch.append(Streams.logs, line('data-ingestor', 'ERROR'));
    batch.append(Streams.logs, line('fleet', 'ERROR'));
  });
  const count = async (query: string) => (await page.read<{ logs: unknown[] }>(`/api/logs${query}`)).logs.length;
  expect(await count('')).toBe(3);
  expect(await count('?limit=1')).toBe(1);
  expect(await count('?level=ERROR')).toBe(2);
  expect(await count('?level=ERROR&service=fleet')).toBe(1);
});

test('/api/state has mode, trading state and the progress of this replay', async () => {
  const page = await loggedIn();
  expect(await page.read('/api/state')).toMatchObject({ mode: { mode: 'synthetic', run: 'test-run' } });
  const state = { state: 'ACTIVE', reason: 'first start', changed_ts: T0, applied_commands: [] } as const;
  await page.fake
    .bus('signal-engine')
    .write((batch) => batch.setRecord(Records.fleetState, { ...state, applied_commands: [] }));
  expect(await page.read('/api/state')).toMatchObject({ trading: state });
});

test('/api/config shows settings with origins and no secret', async () => {
  const { effectiveSettings } = await import('@helios/shared/runtime/config/effective-settings.ts');
  const { loadSettings } = await import('@helios/shared/runtime/config/load-settings.ts');
  const env = { REDIS_PASSWORD: 'redis-hidden-1', DASHBOARD_PASSWORD: 'page-secret-2', SIMULATION_MODE: 'LF_LIMIT' };
  const shownSettings = effectiveSettings(loadSettings({ env, root: '/nonexistent' }));
  const page = await loggedIn({ shownSettings });
  const response = await page.get('/api/config');
  const text = await response.text();
  expect(text).not.toContain('redis-hidden-1');
  expect(text).not.toContain('page-secret-2');
  expect(JSON.parse(text).settings).toContainEqual({
    section: 'simulation',
    key: 'mode',
    value: 'LF_LIMIT',
    origin: 'environment SIMULATION_MODE',
  });
});

test('/api/openapi.json describes every endpoint of the API', async () => {
  const page = await loggedIn();
  const { openapi, paths } = await page.read<{ openapi: string; paths: Record<string, unknown> }>('/api/openapi.json');
  expect(openapi).toMatch(/^3\./);
  const names = ['health', 'prices', 'decisions', 'performance', 'positions', 'orders', 'candles', 'metrics', 'logs'];
  for (const name of [...names, 'config', 'alerts', 'state', 'control', 'stream', 'login', 'logout']) {
    expect(Object.keys(paths)).toContain(`/api/${name}`);
  }
});
