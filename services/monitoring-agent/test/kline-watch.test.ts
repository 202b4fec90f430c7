import { Channels, Lists, Streams } from '@helios/shared/contracts/catalog.ts';
import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { aBook, aKline, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { startAgent } from './start-agent.ts';

/** An agent in public mode that receives books, and an ingestor that writes klines. */
async function startWatching(mode: 'public' | 'synthetic' = 'public') {
  const agent = await startAgent({ mode: { mode, network: 'mainnet' } });
  /** Writes the newest closed kline before the older ones. */
  const list = (symbol: string, interval: KlineInterval, closedTs: number) =>
    agent.ingestor.write((batch) => {
      const open_ts = closedTs - KLINE_INTERVAL_MS[interval];
      batch.push(Lists.klines, aKline({ symbol, interval, open_ts, close_ts: closedTs - 1 }), { symbol, interval });
    });
  async function tick(ms: number, symbols = ['BTCUSDT', 'ETHUSDT']): Promise<void> {
    await agent.ingestor.write((batch) => {
      for (const symbol of symbols)
        batch.publish(Channels.bookSamples, aBook({ symbol, ts_event: agent.wall.now() + ms }), { symbol });
    });
    await agent.tick(ms);
  }
  const sent = async () =>
    (await agent.page.getLatest(Streams.alerts, 100))
      .reverse()
      .filter(({ code }) => code === 'KLINES_STALE')
      .map(({ stage, service, message }) => [stage, service, message]);
  return { ...agent, list, tick, sent };
}

test('klines that stop while books continue are one alert, raised after two intervals and resolved by the next kline', async () => {
  const { list, tick, sent } = await startWatching();
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
    await list(symbol, '1m', T0);
    await list(symbol, '5m', T0);
  }
  await tick(1_000);
  for (let at = 11_000; at <= 111_000; at += 10_000) await tick(10_000);
  await tick(9_000);
  expect(await sent()).toEqual([]);
  await tick(1);
  expect(await sent()).toEqual([
    ['RAISED', 'public-price-ingestor', 'No newer klines of BTCUSDT (1m), ETHUSDT (1m); the oldest closed 2 min ago.'],
  ]);
  for (let i = 0; i < 10; i += 1) await tick(10_000);
  expect(await sent()).toHaveLength(1);
  for (const symbol of ['BTCUSDT', 'ETHUSDT']) await list(symbol, '1m', T0 + 180_000);
  await tick(1_000);
  await tick(10_000);
  expect((await sent()).map(([stage]) => stage)).toEqual(['RAISED', 'RESOLVED']);
});

test('a symbol without books is STREAM_STALE only, and a new listing without klines raises nothing', async () => {
  const { list, tick, sent, alerts } = await startWatching();
  await list('BTCUSDT', '1m', T0);
  await list('ETHUSDT', '1m', T0 + 600_000);
  for (let i = 0; i < 40; i += 1) await tick(10_000, ['ETHUSDT']);
  expect(await sent()).toEqual([]);
  expect(await alerts()).toContain('STREAM_STALE RAISED public-price-ingestor');
});

test('in synthetic mode stale klines raise nothing, because the fleet builds them itself', async () => {
  const { list, tick, sent } = await startWatching('synthetic');
  await list('BTCUSDT', '1m', T0);
  for (let i = 0; i < 40; i += 1) await tick(10_000);
  expect(await sent()).toEqual([]);
});
