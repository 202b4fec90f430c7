import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { freshBooks, RUN, SYMBOLS, startFollowing } from './live-harness.ts';

test('books, trades and mark prices are streamed; the list is announced with its history before the first book', async () => {
  const { harness, service } = await startFollowing();
  await freshBooks(harness);
  for (const symbol of SYMBOLS) {
    await eventually(`a trade of ${symbol}`, () => harness.of('trade', symbol).length > 0);
    await eventually(`a mark of ${symbol}`, () => harness.of('mark', symbol).length > 0);
    expect((await harness.klines(symbol, '1m')).length).toBeGreaterThan(100);
    expect((await harness.klines(symbol, '1h')).length).toBeGreaterThan(100);
    await eventually(`a sample of ${symbol}`, async () => (await harness.sample(symbol)) !== undefined);
  }
  expect(await harness.watchlist()).toEqual(SYMBOLS);
  const assets = await harness.assets();
  expect(assets['BTCUSDT']).toMatchObject({ run: RUN, on_list: true, reason: 'FIXED' });
  for (const book of harness.of('book')) {
    expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
    expect(book.bids.length).toBeLessThanOrEqual(20);
  }
  expect(harness.of('break')).toEqual([]);
  expect(service.faults).toEqual([]);
  expect(service.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
}, 60_000);

test('when the market stands still, the last streamed book is the venue’s own', async () => {
  const { harness } = await startFollowing();
  for (let round = 0; round < 3; round += 1) {
    await freshBooks(harness, ['BTCUSDT']);
    await harness.venue.setFaults([{ fault: 'freeze', symbol: 'BTCUSDT' }]);
    const answer = await fetch(`${harness.venue.url}/fapi/v1/depth?symbol=BTCUSDT&limit=20`);
    const { lastUpdateId, bids, asks } = (await answer.json()) as Record<string, unknown>;
    const newest = () => harness.of('book', 'BTCUSDT').at(-1);
    await eventually('the last update before the standstill', () => newest()?.last_update_id === lastUpdateId, 30_000);
    expect(newest()).toMatchObject({ bids, asks });
    await harness.venue.setFaults([]);
  }
}, 120_000);
