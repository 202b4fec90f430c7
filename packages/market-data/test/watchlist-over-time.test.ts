import { aListing, aSurvey, marketFigures } from '@helios/core/testing/made-market.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WatchlistKeeper } from '../src/watchlist/watchlist-keeper.ts';
import { BASES, createWatchlistHarness, names, SCAN_MS } from './watchlist-harness.ts';

const offline = new BusUnavailable('REDIS_UNAVAILABLE', 'Redis is away');

test('over many scans of a changing market with failures no symbol with a position leaves and no failure removes a symbol', async () => {
  const events = fc.array(
    fc.record({
      trouble: fc.constantFrom('none', 'none', 'none', 'venue', 'redis', 'half'),
      halted: fc.uniqueArray(fc.constantFrom(...BASES), { maxLength: 3 }),
      held: fc.uniqueArray(fc.constantFrom(...BASES.map((base) => `${base}USDT`)), { maxLength: 4 }),
      turnover: fc.array(fc.tuple(fc.constantFrom(...BASES), fc.double({ min: 1e6, max: 5e9, noNaN: true }))),
    }),
    { minLength: 20, maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (scans) => {
      const harness = createWatchlistHarness();
      const whole = harness.listings;
      for (const { trouble, halted, held, turnover } of scans) {
        harness.clock.advance(SCAN_MS);
        harness.failure = trouble === 'venue' ? 'down' : undefined;
        harness.busError = trouble === 'redis' ? offline : undefined;
        const running = whole.map((one) => (halted.includes(one.baseAsset) ? { ...one, status: 'SETTLING' } : one));
        harness.listings = trouble === 'half' ? running.slice(0, 4) : running;
        for (const [base, volume] of turnover) harness.turnover.set(`${base}USDT`, volume);
        const before = names(harness.keeper.list);
        harness.held = new Set(trouble === 'redis' ? [...harness.held] : held);
        const change = await harness.rescan();
        const after = names(change.list);
        expect(after).toEqual(names(harness.keeper.list));
        expect([...before, ...change.joined].filter((one) => !change.left.includes(one)).toSorted()).toEqual(
          after.toSorted(),
        );
        if (trouble !== 'redis') for (const symbol of held) expect(after).toContain(symbol);
        if (change.problem !== undefined) expect(change.left).toEqual([]);
        else expect(after.length).toBeLessThanOrEqual(Math.max(3, held.length));
      }
    }),
    { numRuns: 60 },
  );
});

test('on a simulated market of 200 symbols a day of scans changes few places', async () => {
  const clock = createFakeClock(T0);
  let scan = 0;
  let changes = 0;
  const listings = Array.from({ length: 200 }, (_, i) => aListing(`M${i}`));
  const keeper = new WatchlistKeeper({
    market: {
      listings: async () => ({ kind: 'OK', value: listings, tsSent: T0, tsReceived: T0 }),
      survey: async () => ({
        kind: 'SURVEY',
        survey: aSurvey(listings, (symbol, place) => marketFigures(symbol, place, scan), clock.now()),
      }),
      measureVolatility: async () => new Map(),
    },
    exposedSymbols: async () => new Set(),
    params: defaultSettings().trading,
    clock,
  });
  for (; scan < 96; scan += 1) {
    const { joined } = await keeper.rescan(listings);
    if (scan > 0) changes += joined.length;
    clock.advance(SCAN_MS);
  }
  expect(keeper.list).toHaveLength(10);
  expect(changes).toBeLessThan(10);
});
