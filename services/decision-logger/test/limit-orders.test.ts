import { clientOrderIdOf } from '@helios/core/execution/client-order-id.ts';
import { Channels, Maps, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import { aBook, aTrade, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { describe, expect, it, vi } from 'vitest';
import { decisionLogger } from '../src/service.ts';
import {
  decisions,
  harness,
  next,
  page,
  send,
  settingsOf,
  start,
  summary,
  useLoggerHarness,
} from './logger-harness.ts';

useLoggerHarness();

describe('LIMIT orders', () => {
  const quote = { bid: 100, ask: 101 };

  async function withMarket() {
    const service = await start('HF_LIMIT', 1);
    const ingestor = harness.fake.bus('data-ingestor');
    await ingestor.write((batch) => {
      batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 });
      batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] });
    });
    await harness.fake.settle();
    const trade = async (price: string, ts: number) => {
      service.clock.set(ts);
      const print = aTrade({ price, ts_event: ts, buyer_is_maker: true });
      await ingestor.write((batch) => batch.publish(Channels.marketTrades, print, { symbol: 'BTCUSDT' }));
      await harness.fake.settle();
    };
    return { service, ingestor, trade };
  }

  it('rest, appear as open orders, and fill in place in the list', async () => {
    const { trade } = await withMarket();
    const entry = next({ quote });
    await send(entry, next({ symbol: 'ETHUSDT', direction: 'EXIT_LONG' }));
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['ORPHAN_EXIT', 'RESTING']);
    expect(await page().getMap(Maps.openOrders)).toMatchObject({
      [clientOrderIdOf(entry.signal_id, 'ENTRY', 1)]: { purpose: 'ENTRY', price: 100, signal_id: entry.signal_id },
    });
    await trade('99.9', T0 + 100);
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['ORPHAN_EXIT', 'OPENED']);
    expect(await page().getMap(Maps.openOrders)).toEqual({});
    expect(await page().getMap(Maps.openPositions)).toMatchObject({ 'BTCUSDT:LONG': { entry_price: 100 } });
    expect(await summary()).toMatchObject({ signals: 2 });
  });

  it('are MISSED after the timeout', async () => {
    const { trade } = await withMarket();
    await send(next({ quote }));
    await trade('100.5', T0 + 30_000);
    expect((await decisions())[0]).toMatchObject({ outcome: 'MISSED' });
    expect(await summary()).toMatchObject({ signals: 1, missed: 1, total_trades: 0 });
    expect(await page().getMap(Maps.openOrders)).toEqual({});
  });

  it('continue after a restart', async () => {
    const first = await withMarket();
    await send(next({ quote }));
    await first.service.stop();
    const second = await withMarket();
    expect(await page().getMap(Maps.openOrders)).not.toEqual({});
    await second.trade('99', T0 + 5_000);
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', fill_price: 100 });
  });

  it('that expired while we were away exit at the present market', async () => {
    const first = await withMarket();
    const exit = { direction: 'EXIT_LONG', exit_reason: 'TAKE_PROFIT', quote: { bid: 105, ask: 106 } } as const;
    await send(next({ origin: 'EXTERNAL' }), next(exit));
    await first.service.stop();
    const book = aBook({ bids: [['80', '1']], asks: [['81', '1']], ts_event: T0 + 3_600_000 });
    await first.ingestor.write((batch) => batch.set(Values.orderbook, book, { symbol: 'BTCUSDT' }));
    const clock = createFakeClock(T0 + 3_600_500);
    harness.running = await startOnFakeBus(decisionLogger, {
      fake: harness.fake,
      settings: settingsOf('HF_LIMIT', 1),
      clock,
    });
    await vi.waitFor(async () => expect((await decisions())[0]?.outcome).toBe('CLOSED'), { timeout: 5_000 });
    expect((await decisions())[0]).toMatchObject({ fill_price: 80, liquidity: 'TAKER' });
  });

  it('receive the market of a symbol that joined the watchlist while Redis was away', async () => {
    const { service, ingestor } = await withMarket();
    await send(next({ symbol: 'ETHUSDT', quote }));
    harness.fake.goDown();
    harness.fake.rankings.get('watchlist')?.set('ETHUSDT', 1);
    harness.fake.comeBack();
    await harness.fake.settle();
    service.clock.set(T0 + 100);
    const print = aTrade({ symbol: 'ETHUSDT', price: '99', ts_event: T0 + 100 });
    await ingestor.write((batch) => batch.publish(Channels.marketTrades, print, { symbol: 'ETHUSDT' }));
    await harness.fake.settle();
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', fill_price: 100 });
  });

  it('queue behind the visible quantity', async () => {
    const { ingestor, trade } = await withMarket();
    const book = aBook({ bids: [['100', '0.5']], asks: [['101', '1']] });
    await ingestor.write((batch) => batch.publish(Channels.books, book, { symbol: 'BTCUSDT' }));
    await harness.fake.settle();
    await send(next({ quote }));
    await trade('100', T0 + 1);
    expect((await decisions())[0]).toMatchObject({ outcome: 'RESTING' });
    await trade('100', T0 + 2);
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED' });
  });
});
