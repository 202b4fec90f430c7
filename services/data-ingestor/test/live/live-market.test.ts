import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { freshBooks, RUN, SYMBOLS, startFollowing } from './live-around.ts';

test('books, trades and marks are streamed; the list is announced with its history before the first book', async () => {
  const { around, service } = await startFollowing();
  await freshBooks(around);
  for (const symbol of SYMBOLS) {
    await eventually(`a trade of ${symbol}`, () => around.of('trade', symbol).length > 0);
    await eventually(`a mark of ${symbol}`, () => around.of('mark', symbol).length > 0);
    expect((await around.klines(symbol, '1m')).length).toBeGreaterThan(100);
    expect((await around.klines(symbol, '1h')).length).toBeGreaterThan(100);
    await eventually(`a sample of ${symbol}`, async () => (await around.sample(symbol)) !== undefined);
  }
  expect(await around.watchlist()).toEqual(SYMBOLS);
  const assets = await around.assets();
  expect(assets['BTCUSDT']).toMatchObject({ run: RUN, on_list: true, reason: 'FIXED' });
  for (const book of around.of('book')) {
    expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
    expect(book.bids.length).toBeLessThanOrEqual(20);
  }
  expect(around.of('break')).toEqual([]);
  expect(service.faults).toEqual([]);
  expect(service.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
}, 60_000);

test('where the market stands still, the book that was streamed last is the venue’s own', async () => {
  const { around } = await startFollowing();
  for (let round = 0; round < 3; round += 1) {
    await freshBooks(around, ['BTCUSDT']);
    await around.venue.setFaults([{ fault: 'freeze', symbol: 'BTCUSDT' }]);
    const answer = await fetch(`${around.venue.url}/fapi/v1/depth?symbol=BTCUSDT&limit=20`);
    const { lastUpdateId, bids, asks } = (await answer.json()) as Record<string, unknown>;
    const newest = () => around.of('book', 'BTCUSDT').at(-1);
    await eventually('the last update before the standstill', () => newest()?.last_update_id === lastUpdateId, 30_000);
    expect(newest()).toMatchObject({ bids, asks });
    await around.venue.setFaults([]);
  }
}, 120_000);
