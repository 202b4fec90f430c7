import { Channels, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { PricesReply } from '@helios/shared/domain/http-replies.ts';
import { aBook, aTrade } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { startDashboard } from './start-dashboard.ts';

const replay: FleetMode['source'] = { kind: 'replay', files: ['a.gz'], speed: 'max', exit: false };

async function watching(symbols: readonly string[], options: Parameters<typeof startDashboard>[0] = {}) {
  const page = await startDashboard(options);
  await page.login();
  const ingestor = page.fake.bus('data-ingestor');
  await ingestor.write((batch) => {
    batch.setRanking(Rankings.watchlist, Object.fromEntries(symbols.map((symbol) => [symbol, 1])));
    batch.publish(Channels.watchlistChanges, { symbols: [...symbols] });
  });
  await page.fake.settle();
  async function book(symbol: string, ts: number, bid: string, ask: string): Promise<void> {
    const message = aBook({ symbol, ts_event: ts, bids: [[bid, '1']], asks: [[ask, '1']] });
    await ingestor.write((batch) => batch.publish(Channels.bookSamples, message, { symbol }));
    await page.fake.settle();
  }
  return { ...page, ingestor, book, prices: () => page.read<PricesReply & Record<string, unknown>>('/api/prices') };
}

test('each row has bid, ask, last, source and age; a price older than a minute is stale and stays', async () => {
  const page = await watching(['BTCUSDT', 'ETHUSDT']);
  const now = page.wall.now();
  await page.book('BTCUSDT', now, '99.9', '100.1');
  await page.ingestor.write((batch) =>
    batch.set(Values.trade, aTrade({ price: '100.05', ts_event: now }), { symbol: 'BTCUSDT' }),
  );
  page.wall.advance(60_000);
  expect(await page.prices()).toMatchObject({
    mode: 'synthetic',
    stale_after_sec: 60,
    rows: [
      {
        symbol: 'BTCUSDT',
        bid: '99.9',
        ask: '100.1',
        last: '100.05',
        source: 'generator',
        ts: now,
        age_ms: 60_000,
        stale: false,
      },
      { symbol: 'ETHUSDT', source: 'generator', stale: true },
    ],
  });
  page.wall.advance(1);
  expect((await page.prices()).rows[0]).toMatchObject({ bid: '99.9', age_ms: 60_001, stale: true });
});

test('a symbol removed from the watchlist disappears, and a new one appears', async () => {
  const page = await watching(['BTCUSDT']);
  await page.ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: ['SOLUSDT'] }));
  await page.fake.settle();
  await page.book('BTCUSDT', page.wall.now(), '1', '2');
  await page.book('SOLUSDT', page.wall.now(), '3', '4');
  expect((await page.prices()).rows).toMatchObject([{ symbol: 'SOLUSDT', bid: '3' }]);
});

test('in a replay ages are relative to the newest frame, and samples of an earlier replay are ignored', async () => {
  const page = await watching(['BTCUSDT', 'ETHUSDT'], { mode: { source: replay }, marketTs: 0 });
  const resolved = page.wall.now() - 60_000;
  await page.ingestor.write((batch) => {
    const old = aTrade({ symbol: 'ETHUSDT', price: '7', ts_event: 9_000_000, ts_init: resolved - 1 });
    batch.set(Values.trade, old, { symbol: 'ETHUSDT' });
  });
  await page.book('BTCUSDT', 1_000_000, '99', '101');
  await page.book('ETHUSDT', 1_070_000, '9', '11');
  page.wall.advance(3_600_000);
  const { clock_ts, rows } = await page.prices();
  expect(clock_ts).toBe(1_070_000);
  expect(rows).toMatchObject([
    { symbol: 'BTCUSDT', source: 'replay', age_ms: 70_000, stale: true },
    { symbol: 'ETHUSDT', age_ms: 0, stale: false },
  ]);
  expect(rows[1]).not.toHaveProperty('last');
});

test('a dashboard that starts late, or whose Redis comes back, reads the samples', async () => {
  const page = await watching(['BTCUSDT']);
  const now = page.wall.now();
  await page.ingestor.write((batch) => {
    batch.set(Values.orderbook, aBook({ ts_event: now, bids: [['98', '1']] }), { symbol: 'BTCUSDT' });
  });
  page.fake.goDown();
  page.fake.comeBack();
  await page.fake.settle();
  expect((await page.prices()).rows).toMatchObject([{ symbol: 'BTCUSDT', bid: '98' }]);
});

test('while the venue is away the row has the fallback price and its age, without bid and ask; then the book returns', async () => {
  const page = await watching(['BTCUSDT'], { mode: { mode: 'public', network: 'mainnet', source: undefined } });
  const now = page.wall.now();
  await page.book('BTCUSDT', now, '99', '101');
  expect((await page.prices()).rows).toMatchObject([{ source: 'binance', bid: '99', age_ms: 0 }]);
  async function elsewhere(ts: number, price: string): Promise<void> {
    const message = {
      type: 'fallback',
      symbol: 'BTCUSDT',
      ts_event: ts,
      ts_init: ts,
      price,
      source: 'coingecko',
    } as const;
    await page.ingestor.write((batch) => {
      batch.set(Values.fallbackPrice, message, { symbol: 'BTCUSDT' });
      batch.publish(Channels.fallbackPrices, message, { symbol: 'BTCUSDT' });
    });
    await page.fake.settle();
  }
  page.wall.advance(100_000);
  await elsewhere(now - 1, '90');
  expect((await page.prices()).rows).toMatchObject([{ source: 'binance', bid: '99', stale: true }]);
  await elsewhere(now + 50_000, '95');
  const [row] = (await page.prices()).rows;
  expect(row).toEqual({
    symbol: 'BTCUSDT',
    last: '95',
    source: 'coingecko',
    ts: now + 50_000,
    age_ms: 50_000,
    stale: false,
  });
  page.wall.advance(10_001);
  expect((await page.prices()).rows[0]).toMatchObject({ source: 'coingecko', stale: true });
  page.fake.goDown();
  page.fake.comeBack();
  await page.fake.settle();
  expect((await page.prices()).rows[0]).toMatchObject({ source: 'coingecko' });
  await page.book('BTCUSDT', page.wall.now(), '98', '100');
  expect((await page.prices()).rows[0]).toMatchObject({ source: 'binance', bid: '98', stale: false });
});
