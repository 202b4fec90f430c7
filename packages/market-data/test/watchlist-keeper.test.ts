import { DEFAULT_SYMBOLS } from '@helios/core/selection/default-symbols.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { createWorld, names, SCAN_MS } from './watchlist-world.ts';

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

  test('with trading.symbols set is those, and tickers are not asked for', async () => {
    const world = createWorld({ trading: { symbols: ['C07USDT', 'C09USDT'] } });
    world.held.add('C03USDT');
    const change = await world.rescan();
    expect(change).toMatchObject({ joined: ['C03USDT'], left: [], rejected: [], problem: undefined });
    expect(change.list.map(({ reason }) => reason)).toEqual(['FIXED', 'FIXED', 'HELD']);
    world.held.clear();
    expect(await world.rescan()).toMatchObject({ joined: [], left: ['C03USDT'] });
    expect(world.surveys).toBe(0);
  });

  test('has of trading.symbols what is traded, and the others once they are', async () => {
    const world = createWorld({ trading: { symbols: ['C07USDT', 'C08USDT', 'C09USDT', 'GONEUSDT'] } });
    world.setStatus('C08USDT', 'TRADING_HALT');
    world.listings = world.listings.map((one) =>
      one.symbol === 'C09USDT' ? { ...one, contractType: 'TRADIFI_PERPETUAL' } : one,
    );
    const change = await world.rescan();
    expect(names(change.list)).toEqual(['C07USDT']);
    expect(change.rejected.map(({ symbol, code }) => [symbol, code])).toEqual([
      ['C08USDT', 'NOT_TRADING'],
      ['C09USDT', 'NOT_PERPETUAL'],
      ['GONEUSDT', 'NOT_LISTED'],
    ]);
    world.held.add('GONEUSDT');
    expect(await world.keeper.includeHeld()).toMatchObject({ joined: ['GONEUSDT'] });
    world.held.clear();
    world.setStatus('C08USDT', 'TRADING');
    expect(await world.rescan()).toMatchObject({ joined: ['C08USDT'], left: ['GONEUSDT'] });
  });

  test('of trading.symbols stays whole while the venue trades none of them, or gives half an answer', async () => {
    const world = createWorld({ trading: { symbols: ['C07USDT', 'C09USDT'] } });
    await world.rescan();
    const whole = world.listings;
    world.listings = whole.slice(0, 5);
    expect(await world.rescan()).toMatchObject({ left: [], problem: expect.stringContaining('lists 5 symbols') });
    world.listings = whole.map((one) => ({ ...one, status: 'TRADING_HALT' }));
    expect(await world.rescan()).toMatchObject({ left: [], problem: expect.stringContaining('C09USDT: status is') });
    world.listings = whole;
    expect((await world.rescan()).problem).toBeUndefined();
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

  test('also meanwhile, while candles are measured, does not lose its place', async () => {
    const world = createWorld();
    await world.rescan();
    world.turnover.set('C02USDT', 1e7);
    world.clock.advance(5 * SCAN_MS);
    world.whileMeasuring = async () => void world.held.add('C02USDT');
    expect(await world.rescan()).toMatchObject({ left: [] });
  });

  test.each<[string, Parameters<typeof createWorld>[0]]>([
    ['chosen', {}],
    ['named', { trading: { symbols: ['C00USDT', 'C01USDT', 'C02USDT'] } }],
  ])('and was %s stays when the venue halts or forgets it, with its steps', async (_, options) => {
    const world = createWorld(options);
    await world.rescan();
    world.held.add('C00USDT').add('C01USDT');
    world.listings = world.listings
      .filter(({ symbol }) => symbol !== 'C01USDT')
      .map((one) => (one.symbol === 'C00USDT' ? { ...one, status: 'TRADING_HALT' } : one));
    const change = await world.rescan();
    expect(change).toMatchObject({ joined: [], left: [], problem: undefined });
    expect(names(change.instruments).toSorted()).toEqual(['C00USDT', 'C01USDT', 'C02USDT']);
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
