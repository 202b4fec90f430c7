import { afterEach, describe, expect, test } from 'vitest';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';
import { status } from './virtual-venue.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
let market: VirtualMarket;
afterEach(async () => {
  await market.stop();
  expect(market.faults).toEqual([]);
});

const warned = (): string[] => market.said('warn').map(({ message }) => message);

/** The next answer to a request of this path is `body`. */
function once(path: string, body: unknown): void {
  market.venue.venueFault = (asked) => {
    if (!asked.endsWith(path)) return undefined;
    market.venue.venueFault = undefined;
    return status(200, JSON.stringify(body));
  };
}

describe('one answer with a wrong time', () => {
  test('a book stamped a day ahead blocks no later one, and is logged', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    const ts = market.time.now() + DAY;
    once('/depth', { lastUpdateId: ts, E: ts, T: ts, bids: [['100.0', '1']], asks: [['100.1', '1']] });
    const before = market.of('book').length;
    await market.time.pass(MINUTE);
    expect(market.of('book').length).toBeGreaterThan(before + 100);
    expect(market.said('warn')).toMatchObject([
      { message: 'market data was dropped', fields: { symbol: 'BTCUSDT', what: 'book', reason: 'STAMPED_AHEAD' } },
    ]);
  });

  test('a mark price stamped a day ahead blocks no later one', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    const row = { symbol: 'BTCUSDT', markPrice: '100', lastFundingRate: '0.0001', nextFundingTime: 0 };
    once('/premiumIndex', { ...row, time: market.time.now() + DAY });
    const before = market.of('mark').length;
    await market.time.pass(MINUTE);
    expect(market.of('mark').length).toBeGreaterThan(before + 8);
  });

  test.each([0, 2_000_000_000_000])('a venue that once sends %d as its time is polled on normally', async (ts) => {
    market = await createVirtualMarket();
    await market.time.pass(4 * MINUTE);
    once('/time', { serverTime: ts });
    const before = market.of('book').length;
    await market.time.pass(4 * MINUTE);
    expect(market.of('book').length).toBeGreaterThan(before + 600);
    const minutes = market.of('kline', 'BTCUSDT').filter((kline) => kline.interval === '1m');
    expect(minutes.length).toBeGreaterThanOrEqual(7);
    expect(warned()).toEqual(['a time of the venue was not confirmed by the next one, not used']);
  });

  test('also if it is the first answer of all', async () => {
    market = await createVirtualMarket();
    once('/time', { serverTime: 0 });
    await market.time.pass(MINUTE);
    expect(market.of('book').length).toBeGreaterThan(150);
  });
});

describe('clocks that differ', () => {
  test.each([29_000, -29_000])('by %d ms: books have their true age', async (skewMs) => {
    market = await createVirtualMarket();
    market.venue.skewMs = skewMs;
    await market.time.pass(2 * MINUTE);
    const ages = market.of('book').map((book) => book.ts_init - book.ts_event);
    expect(ages.length).toBeGreaterThan(300);
    expect([Math.min(...ages), Math.max(...ages)]).toEqual([20, 20]);
    expect(warned()).toEqual(['our clock and the venue’s differ']);
  });

  test('because ours was set back: the venue’s books are used again after a minute', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    market.venue.skewMs = 30_000;
    await market.time.pass(2 * MINUTE);
    const before = market.of('book').length;
    await market.time.pass(MINUTE);
    expect(market.of('book').length).toBeGreaterThan(before + 100);
    expect(market.of('book').at(-1)?.ts_event).toBeGreaterThan(market.time.now() - 2_000);
  });
});

test('a book that does not change under new stamps counts as silence after a minute', async () => {
  market = await createVirtualMarket();
  await market.time.pass(MINUTE);
  const stillTs = market.time.now();
  market.venue.venueFault = (path, symbol) => {
    if (!path.endsWith('/depth') || symbol !== 'BTCUSDT') return undefined;
    const [bids, asks] = [[['100.0', '1']], [['100.1', '1']]];
    return status(200, JSON.stringify({ lastUpdateId: 7, E: market.time.now(), T: stillTs, bids, asks }));
  };
  await market.time.pass(5 * MINUTE);
  expect(market.of('book', 'BTCUSDT').at(-1)?.ts_event).toBeLessThan(stillTs + MINUTE + 2_000);
  expect(market.of('break')).toMatchObject([{ symbol: 'BTCUSDT', kind: 'SESSION_END' }]);
  market.venue.venueFault = undefined;
  await market.time.pass(10_000);
  expect(market.of('book', 'BTCUSDT').at(-1)?.ts_event).toBeGreaterThan(market.time.now() - 2_000);
});
