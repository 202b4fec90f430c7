import { Channels, Lists, Maps, Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { aBook, anOrder, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { heartbeat, startAgent } from './start-agent.ts';

type Agent = Awaited<ReturnType<typeof startAgent>>;

const position: OpenPosition = {
  ...{ run: 'test-run', symbol: 'BTCUSDT', side: 'LONG', quantity: 2, entry_price: 100, entry_ts: T0, entry_fee: 0.08 },
  ...{ signal_id: 's1', simulated: true },
};
const decision: Decision = {
  ...{ decision_id: 'd1', run: 'test-run', symbol: 'BTCUSDT', direction: 'LONG', outcome: 'OPENED', timestamp: T0 },
  ...{ ts_init: T0, confidence: 0.5, nobi_value: -0.5, entry_price: 100, reason: 'x', model: 'none', origin: 'ENGINE' },
};

const summary: PerformanceSummary = {
  ...{ run: 'test-run', mode: 'synthetic', total_pnl: 4.92, total_trades: 1, wins: 1, losses: 0, win_rate: 100 },
  ...{ max_drawdown_pct: 0, peak_equity: 10_004.92, equity: 10_004.92, starting_balance: 10_000, gross_pnl: 5 },
  ...{ total_fees: 0.08, total_funding: 0, max_win_streak: 1, max_loss_streak: 0, current_streak: 1, signals: 2 },
  ...{ replaced: 0, missed: 0, denied: 0, orphan_exits: 0, updated_ts: T0 },
};

const gathered = ({ page }: Agent) => page.get(Values.fleetMetrics);

async function valuesOf(agent: Agent, name: string): Promise<unknown> {
  return (await gathered(agent))?.metrics.find((metric) => metric.name === `helios_${name}`)?.values;
}

test('the metrics in Redis are of this run, with the time of their gathering; positions are valued at the present book', async () => {
  const agent = await startAgent({ services: ['data-ingestor'] });
  const { ingestor, fake, tick, wall } = agent;
  const foreign = { run: 'another run' };
  await ingestor.write((batch) => {
    batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' });
    batch.publish(Channels.bookSamples, aBook({ ts_event: wall.now() }), { symbol: 'BTCUSDT' });
  });
  await fake.bus('decision-logger').write((batch) => {
    batch.setField(Maps.openPositions, 'BTCUSDT:LONG', position);
    batch.setField(Maps.openPositions, 'BTCUSDT:SHORT', { ...position, ...foreign, side: 'SHORT' });
    batch.setField(Maps.openOrders, 'order-1', anOrder());
    batch.setField(Maps.openOrders, 'order-2', anOrder({ ...foreign, order_id: 'order-2' }));
    batch.push(Lists.decisionLogs, decision);
    batch.push(Lists.decisionLogs, { ...decision, ...foreign });
    batch.push(Lists.decisionRefusals, { ...decision, outcome: 'REFUSED', refused_by: 'COOLDOWN' });
    batch.push(Lists.decisionRefusals, { ...decision, ...foreign, outcome: 'REFUSED', refused_by: 'TREND' });
  });
  await tick(2_000);
  expect(await gathered(agent)).toMatchObject({ run: 'test-run', ts: T0 + 2_000 });
  expect(await valuesOf(agent, 'book_age_seconds')).toEqual([{ labels: { symbol: 'BTCUSDT' }, value: 2 }]);
  expect(await valuesOf(agent, 'service_heartbeat_age_seconds')).toEqual([
    { labels: { service: 'data-ingestor' }, value: 2 },
    { labels: { service: 'monitoring-agent' }, value: 0 },
  ]);
  const labels = { symbol: 'BTCUSDT', side: 'LONG' };
  expect(await valuesOf(agent, 'unrealised_pnl')).toEqual([{ labels, value: expect.closeTo(-0.2, 9) }]);
  expect(await valuesOf(agent, 'open_positions')).toEqual([{ labels: {}, value: 1 }]);
  expect(await valuesOf(agent, 'open_orders')).toEqual([{ labels: {}, value: 1 }]);
  expect(await valuesOf(agent, 'recent_decisions')).toEqual([{ labels: { outcome: 'OPENED' }, value: 1 }]);
  expect(await valuesOf(agent, 'recent_refusals')).toEqual([{ labels: { refused_by: 'COOLDOWN' }, value: 1 }]);
});

test('a service without a heartbeat for alerts.heartbeat_timeout_sec is not up, and its open alert is counted until resolved', async () => {
  const agent = await startAgent({ services: ['data-ingestor'] });
  const { ingestor, tick, wall } = agent;
  const beat = () =>
    ingestor.write((batch) => batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }));
  const isUp = (value: 0 | 1) => ({ labels: { service: 'data-ingestor' }, value });
  await beat();
  await tick(5_000);
  expect(await valuesOf(agent, 'service_up')).toContainEqual(isUp(1));
  await tick(1);
  await tick(1);
  expect(await valuesOf(agent, 'service_up')).toContainEqual(isUp(0));
  const silent = { labels: { code: 'SERVICE_SILENT', level: 'CRITICAL' }, value: 1 };
  expect(await valuesOf(agent, 'alerts_active')).toEqual([silent]);
  for (let second = 0; second < 11; second += 1) {
    await beat();
    await tick(1_000);
  }
  await tick(1);
  expect(await valuesOf(agent, 'service_up')).toContainEqual(isUp(1));
  expect(await valuesOf(agent, 'alerts_active')).toEqual([]);
});

test('while the venue is away a position is valued at the newer fallback price, and the book keeps its age', async () => {
  const agent = await startAgent({ mode: { mode: 'public', network: 'mainnet', source: undefined } });
  const { ingestor, fake, tick, wall } = agent;
  await fake.bus('decision-logger').write((batch) => batch.setField(Maps.openPositions, 'BTCUSDT:LONG', position));
  await ingestor.write((batch) =>
    batch.publish(Channels.bookSamples, aBook({ ts_event: T0, bids: [['99', '1']] }), { symbol: 'BTCUSDT' }),
  );
  await tick(0);
  const labels = { symbol: 'BTCUSDT', side: 'LONG' };
  expect(await valuesOf(agent, 'unrealised_pnl')).toEqual([{ labels, value: -2 }]);
  await tick(99_000);
  await ingestor.write((batch) => {
    const ts = wall.now();
    const fallback = { type: 'fallback', symbol: 'BTCUSDT', price: '95', source: 'coingecko' } as const;
    batch.publish(Channels.fallbackPrices, { ...fallback, ts_event: ts, ts_init: ts }, { symbol: 'BTCUSDT' });
  });
  await tick(1_000);
  expect(await valuesOf(agent, 'unrealised_pnl')).toEqual([{ labels, value: -10 }]);
  expect(await valuesOf(agent, 'book_age_seconds')).toEqual([{ labels: { symbol: 'BTCUSDT' }, value: 100 }]);
});

test('statistics are those of this run, in live those of live trades', async () => {
  for (const [mode, run, values] of [
    ['synthetic', 'test-run', [{ labels: { source: 'simulated_pnl_summary' }, value: 10_004.92 }]],
    ['synthetic', 'another run', []],
    ['live', 'test-run', [{ labels: { source: 'performance_metrics' }, value: 10_004.92 }]],
  ] as const) {
    const agent = await startAgent({ mode: { mode } });
    const logger = agent.fake.bus('decision-logger');
    const entry = mode === 'live' ? Records.performance : Records.simulatedPnl;
    await logger.write((batch) => batch.setRecord(entry, { ...summary, run }));
    await agent.tick(1_000);
    await agent.tick(1_000);
    expect(await valuesOf(agent, 'equity')).toEqual(values);
  }
});

test('after an outage no service is reported down by the heartbeats that were read before it', async () => {
  const agent = await startAgent({ services: ['data-ingestor'] });
  const { fake, ingestor, tick, wall, gather } = agent;
  const beat = () =>
    ingestor.write((batch) => batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }));
  await beat();
  await tick(1_000);
  fake.goDown();
  await tick(30_000);
  fake.comeBack();
  await beat();
  await gather();
  expect(await gathered(agent)).toMatchObject({ ts: T0 + 1_000 });
  await tick(0);
  expect(await valuesOf(agent, 'service_up')).toContainEqual({ labels: { service: 'data-ingestor' }, value: 1 });
});

test('while Redis is away or takes no writes the metrics grow old, and gathering continues afterwards', async () => {
  const agent = await startAgent();
  const { fake, tick } = agent;
  await tick(1_000);
  fake.refuseWrites({ error: new BusUnavailable('REDIS_DISK', 'the disk is full'), sinceTs: T0 });
  await tick(5_000);
  expect(await gathered(agent)).toMatchObject({ ts: T0 + 1_000 });
  fake.refuseWrites(undefined);
  fake.goDown();
  await tick(5_000);
  fake.comeBack();
  expect(await gathered(agent)).toMatchObject({ ts: T0 + 1_000 });
  await tick(5_000);
  expect(await gathered(agent)).toMatchObject({ ts: T0 + 16_000 });
});
