import { afterEach, describe, expect, test } from 'vitest';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';

const MINUTE = 60_000;
const LIMIT = 2_400;
let market: VirtualMarket;
afterEach(async () => {
  await market.stop();
  expect(market.faults).toEqual([]);
});

const named = (count: number): string[] => Array.from({ length: count }, (_, i) => `C${i}USDT`);
const weights = (): number[] => [...market.venue.weightByMinute().values()];

describe('ten minutes of requests', { timeout: 90_000 }, () => {
  test.each([
    [2, 501],
    [5, 700],
    [20, 2_650],
    [50, 8_300],
  ])('%d symbols: every minute within the budget, every symbol served', async (count, slowestBookMs) => {
    market = await createVirtualMarket({ symbols: named(count) });
    await market.time.pass(10 * MINUTE);
    const perMinute = weights();
    expect(perMinute.length).toBe(11);
    expect(Math.max(...perMinute)).toBeLessThanOrEqual(0.6 * LIMIT);
    for (const symbol of named(count)) {
      const books = market.of('book', symbol);
      const gaps = books.slice(1).map((book, i) => book.ts_event - (books[i]?.ts_event ?? 0));
      expect(Math.max(...gaps.slice(10)), `${symbol} longest gap`).toBeLessThan(2 * slowestBookMs);
      expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length, `${symbol} book interval`).toBeLessThan(
        slowestBookMs,
      );
      expect(market.of('trade', symbol).length, `${symbol} trades`).toBeGreaterThan(100);
      expect(market.of('mark', symbol).length, `${symbol} marks`).toBeGreaterThan(50);
      const minutes = market.of('kline', symbol).filter((kline) => kline.interval === '1m');
      expect(minutes.map((kline) => kline.open_ts)).toHaveLength(10);
    }
    // The available budget is used.
    if (count > 2) expect(perMinute.slice(1, -1).toSorted((a, b) => a - b)[0]).toBeGreaterThan(0.5 * LIMIT);
    expect(market.said('warn')).toEqual([]);
  });

  test('other programs on the same address keep their share', async () => {
    market = await createVirtualMarket({ symbols: named(20) });
    market.venue.foreignPerMinute = 900;
    await market.time.pass(10 * MINUTE);
    const perMinute = weights();
    expect(Math.max(...perMinute) + 900).toBeLessThanOrEqual(LIMIT);
    expect(perMinute[5]).toBeLessThan(0.6 * LIMIT - 900 + 100);
    expect(market.of('book').length).toBeGreaterThan(500);
  });

  test.each([-29_000, -600_000, 600_000])(
    'a clock that is off by %d ms follows the venue’s minutes, not its own, and is logged once',
    async (skewMs) => {
      market = await createVirtualMarket({ symbols: named(50) });
      market.venue.skewMs = skewMs;
      await market.time.pass(10 * MINUTE);
      const perMinute = weights();
      expect(Math.max(...perMinute)).toBeLessThanOrEqual(0.6 * LIMIT);
      expect(Math.min(...perMinute.slice(1, -1))).toBeGreaterThan(0.5 * LIMIT);
      expect(market.said('warn')).toMatchObject([
        { message: 'our clock and the venue’s differ', fields: { venue_ahead_ms: skewMs } },
      ]);
    },
  );
});

test('429: it pauses for the demanded time, then requests less', async () => {
  market = await createVirtualMarket({ symbols: named(20) });
  await market.time.pass(2 * MINUTE);
  let refusals = 0;
  market.venue.venueFault = () => {
    refusals += 1;
    return { kind: 'REPLY', status: 429, headers: { 'retry-after': '25' }, body: '{"code":-1003,"msg":"slow down"}' };
  };
  await market.time.pass(1_000);
  expect(refusals).toBeGreaterThan(0);
  expect(refusals).toBeLessThanOrEqual(8);
  const before = market.venue.asked.length;
  await market.time.pass(24_000);
  expect(market.venue.asked.length).toBe(before);
  market.venue.venueFault = undefined;
  await market.time.pass(2 * MINUTE);
  const next = Math.floor(market.time.now() / MINUTE) - 1;
  expect(market.venue.weightByMinute().get(next)).toBeLessThan(0.4 * LIMIT);
  await market.time.pass(8 * MINUTE);
  const later = Math.floor(market.time.now() / MINUTE) - 1;
  expect(market.venue.weightByMinute().get(later)).toBeGreaterThan(0.5 * LIMIT);
});
