import { DEFAULT_SYMBOLS } from '@helios/shared/core/selection/default-symbols.ts';
import type { Listing } from '@helios/shared/core/selection/market-survey.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { aListing, aSurvey, marketFigures } from '@helios/shared/testing/made-market.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RestoredMember, WatchlistKeeper } from './watchlist-keeper.ts';
import type { SurveyAnswer } from './watchlist-market.ts';

const SCAN_MS = 900_000;
const BASES = Array.from({ length: 12 }, (_, i) => `C${String(i).padStart(2, '0')}`);
const ORDERED = { quoteVolume: 0, topDepth: 50_000, spreadBp: 0.5, dayRangePct: 5 };

interface WorldOptions {
  readonly trading?: Partial<Settings['trading']>;
  readonly restored?: readonly RestoredMember[];
}

/** A market of twelve coins, the first with the largest turnover, and a keeper of three places. */
function createWorld({ trading = {}, restored = [] }: WorldOptions = {}) {
  const clock = createFakeClock(T0);
  const world = {
    clock,
    listings: BASES.map((base) => aListing(base)) as readonly Listing[],
    /** By symbol; what is not here has the place's turnover. */
    turnover: new Map<string, number>(),
    held: new Set<string>(),
    /** Answered instead of the market, or thrown instead of the holdings. */
    failure: undefined as string | undefined,
    busError: undefined as Error | undefined,
    surveys: 0,
    measured: [] as (readonly string[])[],
    atrPct: new Map<string, number>(),
  };
  async function survey(): Promise<SurveyAnswer> {
    world.surveys += 1;
    if (world.failure !== undefined) return { kind: 'FAILED', detail: world.failure };
    const figuresOf = (symbol: string, place: number) => ({
      ...ORDERED,
      quoteVolume: world.turnover.get(symbol) ?? 1e9 - place * 5e7,
    });
    return { kind: 'SURVEY', survey: aSurvey(world.listings, figuresOf, clock.now()) };
  }
  const keeper = new WatchlistKeeper({
    market: {
      survey,
      async measureVolatility(symbols) {
        world.measured.push(symbols);
        return world.atrPct;
      },
    },
    async heldSymbols() {
      if (world.busError !== undefined) throw world.busError;
      return world.held;
    },
    params: defaultSettings({ trading: { watchlist_size: 3, ...trading } }).trading,
    clock,
    restored,
  });
  return Object.assign(world, { keeper, rescan: () => keeper.rescan() });
}

const names = (list: readonly { symbol: string }[]): string[] => list.map(({ symbol }) => symbol);
const offline = new BusUnavailable('REDIS_UNAVAILABLE', 'Redis is away');

describe('the list', () => {
  test('begins with the default symbols, which give way to the first scan at once', async () => {
    const world = createWorld();
    expect(names(world.keeper.list)).toEqual(DEFAULT_SYMBOLS);
    expect(world.keeper.list[0]).toMatchObject({ reason: 'START', score: undefined });
    const change = await world.rescan();
    expect(names(change.list)).toEqual(['C00USDT', 'C01USDT', 'C02USDT']);
    expect(change).toMatchObject({ joined: names(change.list), left: DEFAULT_SYMBOLS, problem: undefined });
    expect(change.rejected).toHaveLength(9);
    expect(names(change.instruments)).toEqual(names(change.list));
    expect(world.keeper.list).toBe(change.list);
  });

  test('changes when the market does, by the margin and after the minimum age', async () => {
    const world = createWorld();
    await world.rescan();
    world.turnover.set('C11USDT', 5e9).set('C02USDT', 1e8);
    world.clock.advance(SCAN_MS);
    expect(await world.rescan()).toMatchObject({ joined: [], left: [] });
    expect(world.keeper.list.find(({ symbol }) => symbol === 'C02USDT')?.reason).toBe('YOUNG');
    world.clock.advance(4 * SCAN_MS);
    expect(await world.rescan()).toMatchObject({ joined: ['C11USDT'], left: ['C02USDT'] });
    expect(world.keeper.list.find(({ symbol }) => symbol === 'C11USDT')?.sinceTs).toBe(T0 + 5 * SCAN_MS);
  });

  test('is measured on candles for the members and those that might get in', async () => {
    const world = createWorld();
    world.atrPct.set('C00USDT', 12);
    expect(names((await world.rescan()).list)).toEqual(['C01USDT', 'C02USDT', 'C03USDT']);
    expect(world.measured[0]).toHaveLength(9);
    expect(world.measured[0]?.[0]).toBe('C00USDT');
  });

  test('goes on after a restart: nobody loses a place or the time it came', async () => {
    const restored = [
      { symbol: 'C05USDT', sinceTs: T0 - 1_000, score: 0.9 },
      { symbol: 'C00USDT', sinceTs: T0 - SCAN_MS, score: 1 },
    ];
    const world = createWorld({ restored });
    expect(names(world.keeper.list)).toEqual(['C05USDT', 'C00USDT']);
    const change = await world.rescan();
    expect(change).toMatchObject({ joined: ['C01USDT'], left: [] });
    expect(change.list.find(({ symbol }) => symbol === 'C05USDT')).toMatchObject({
      sinceTs: T0 - 1_000,
      reason: 'YOUNG',
    });
  });

  test('with trading.symbols set is those, and the market is not asked', async () => {
    const world = createWorld({ trading: { symbols: ['TSLAUSDT', 'C09USDT'] } });
    world.held.add('C03USDT');
    const change = await world.rescan();
    expect(change).toMatchObject({ joined: ['C03USDT'], left: [], rejected: [], problem: undefined });
    expect(change.list.map(({ reason }) => reason)).toEqual(['FIXED', 'FIXED', 'HELD']);
    world.held.clear();
    expect(await world.rescan()).toMatchObject({ joined: [], left: ['C03USDT'] });
    expect(world.surveys).toBe(0);
  });
});

describe('what is held', () => {
  test('joins between the scans, and leaves at a scan once it is closed', async () => {
    const world = createWorld();
    await world.rescan();
    world.held.add('C11USDT');
    expect(await world.keeper.includeHeld()).toMatchObject({ joined: ['C11USDT'], left: [] });
    expect(world.keeper.list.at(-1)).toMatchObject({ symbol: 'C11USDT', reason: 'HELD' });
    world.clock.advance(5 * SCAN_MS);
    // It takes one of the three places.
    expect(names((await world.rescan()).list)).toEqual(['C00USDT', 'C01USDT', 'C11USDT']);
    world.held.clear();
    expect(await world.keeper.includeHeld()).toMatchObject({ joined: [], left: [] });
    world.clock.advance(5 * SCAN_MS);
    expect(await world.rescan()).toMatchObject({ joined: ['C02USDT'], left: ['C11USDT'] });
  });

  test('stays when the venue halts or forgets it', async () => {
    const world = createWorld();
    await world.rescan();
    world.held.add('C00USDT').add('C01USDT');
    world.listings = world.listings
      .filter(({ symbol }) => symbol !== 'C01USDT')
      .map((one) => (one.symbol === 'C00USDT' ? { ...one, status: 'TRADING_HALT' } : one));
    expect(await world.rescan()).toMatchObject({ joined: [], left: [] });
  });

  test('unknown, because Redis is away: nothing changes, and it is said', async () => {
    const world = createWorld();
    const before = (await world.rescan()).list;
    world.busError = offline;
    world.listings = [];
    expect(await world.rescan()).toMatchObject({
      list: before,
      joined: [],
      left: [],
      problem: 'positions and orders cannot be read: Redis is away',
    });
    expect((await world.keeper.includeHeld()).problem).toContain('Redis is away');
  });
});

describe('a scan that fails', () => {
  test.each<[string, (world: ReturnType<typeof createWorld>) => void, string]>([
    ['the venue is away', (world) => (world.failure = 'exchangeInfo: no answer within 5 s'), 'no answer within 5 s'],
    ['half an answer', (world) => (world.listings = world.listings.slice(0, 5)), 'lists 5 symbols, after 12'],
    ['an empty answer', (world) => (world.listings = []), 'lists 0 symbols, after 12'],
    [
      'everything halted',
      (world) => (world.listings = world.listings.map((one) => ({ ...one, status: 'TRADING_HALT' }))),
      'none of the 12 listed symbols may be watched',
    ],
  ])('%s: the list stays, and the next scan is a new chance', async (_, spoil, problem) => {
    const world = createWorld();
    await world.rescan();
    const whole = world.listings;
    spoil(world);
    const change = await world.rescan();
    expect(names(change.list)).toEqual(['C00USDT', 'C01USDT', 'C02USDT']);
    expect(change).toMatchObject({ joined: [], left: [], rejected: [] });
    expect(change.problem).toContain(problem);
    world.failure = undefined;
    world.listings = whole;
    expect((await world.rescan()).problem).toBeUndefined();
  });

  test('takes on what is held nevertheless', async () => {
    const world = createWorld();
    world.failure = 'down';
    world.held.add('C07USDT');
    expect(await world.rescan()).toMatchObject({ joined: ['C07USDT'], left: [], problem: 'down' });
    expect(world.keeper.list).toHaveLength(6);
  });

  test('is not a fault of ours; that one is thrown, and the next call works', async () => {
    const world = createWorld();
    world.busError = new BusFault('wrong type');
    await expect(world.rescan()).rejects.toThrow('wrong type');
    world.busError = undefined;
    expect((await world.rescan()).problem).toBeUndefined();
  });
});

test('calls at the same time are carried out one after the other', async () => {
  const world = createWorld();
  world.held.add('C11USDT');
  const [first, second] = await Promise.all([world.rescan(), world.keeper.includeHeld()]);
  expect(first.joined).toContain('C11USDT');
  expect(second).toMatchObject({ joined: [], left: [], list: first.list });
});

test('over many scans of a moving market with failures no held symbol leaves and no failure takes a place', async () => {
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
      const world = createWorld();
      const whole = world.listings;
      for (const { trouble, halted, held, turnover } of scans) {
        world.clock.advance(SCAN_MS);
        world.failure = trouble === 'venue' ? 'down' : undefined;
        world.busError = trouble === 'redis' ? offline : undefined;
        const running = whole.map((one) => (halted.includes(one.baseAsset) ? { ...one, status: 'SETTLING' } : one));
        world.listings = trouble === 'half' ? running.slice(0, 4) : running;
        for (const [base, volume] of turnover) world.turnover.set(`${base}USDT`, volume);
        const before = names(world.keeper.list);
        world.held = new Set(trouble === 'redis' ? [...world.held] : held);
        const change = await world.rescan();
        const after = names(change.list);
        expect(after).toEqual(names(world.keeper.list));
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

test('on a made market of 200 symbols a day of scans changes few places', async () => {
  const clock = createFakeClock(T0);
  let scan = 0;
  let changes = 0;
  const listings = Array.from({ length: 200 }, (_, i) => aListing(`M${i}`));
  const keeper = new WatchlistKeeper({
    market: {
      survey: async () => ({
        kind: 'SURVEY',
        survey: aSurvey(listings, (symbol, place) => marketFigures(symbol, place, scan), clock.now()),
      }),
      measureVolatility: async () => new Map(),
    },
    heldSymbols: async () => new Set(),
    params: defaultSettings().trading,
    clock,
  });
  for (; scan < 96; scan += 1) {
    const { joined } = await keeper.rescan();
    if (scan > 0) changes += joined.length;
    clock.advance(SCAN_MS);
  }
  expect(keeper.list).toHaveLength(10);
  expect(changes).toBeLessThan(10);
});
