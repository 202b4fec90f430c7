import { DEFAULT_SYMBOLS } from '@helios/core/selection/default-symbols.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { createWatchlistHarness, names, SCAN_MS } from './watchlist-harness.ts';

const offline = new BusUnavailable('REDIS_UNAVAILABLE', 'Redis is away');

describe('the list', () => {
  test('begins with the default symbols, which the first scan replaces at once', async () => {
    const harness = createWatchlistHarness();
    expect(names(harness.keeper.list)).toEqual(DEFAULT_SYMBOLS);
    expect(harness.keeper.list[0]).toMatchObject({ reason: 'START', score: undefined });
    const change = await harness.rescan();
    expect(names(change.list)).toEqual(['C00USDT', 'C01USDT', 'C02USDT']);
    expect(change).toMatchObject({ joined: names(change.list), left: DEFAULT_SYMBOLS, problem: undefined });
    expect(change.rejected).toHaveLength(9);
    expect(names(change.instruments)).toEqual(names(change.list));
    expect(harness.keeper.list).toBe(change.list);
  });

  test('follows the market, by the margin and after the minimum age', async () => {
    const harness = createWatchlistHarness();
    await harness.rescan();
    harness.turnover.set('C11USDT', 5e9).set('C02USDT', 1e8);
    harness.clock.advance(SCAN_MS);
    expect(await harness.rescan()).toMatchObject({ joined: [], left: [] });
    expect(harness.keeper.list.find(({ symbol }) => symbol === 'C02USDT')?.reason).toBe('YOUNG');
    harness.clock.advance(4 * SCAN_MS);
    expect(await harness.rescan()).toMatchObject({ joined: ['C11USDT'], left: ['C02USDT'] });
    expect(harness.keeper.list.find(({ symbol }) => symbol === 'C11USDT')?.sinceTs).toBe(T0 + 5 * SCAN_MS);
  });

  test('uses klines to measure the members and those that may join', async () => {
    const harness = createWatchlistHarness();
    harness.atrPct.set('C00USDT', 12);
    expect(names((await harness.rescan()).list)).toEqual(['C01USDT', 'C02USDT', 'C03USDT']);
    expect(harness.measured[0]).toHaveLength(9);
    expect(harness.measured[0]?.[0]).toBe('C00USDT');
  });

  test('continues after a restart: every symbol keeps its place and its time', async () => {
    const restored = [
      { symbol: 'C05USDT', sinceTs: T0 - 1_000, score: 0.9 },
      { symbol: 'C00USDT', sinceTs: T0 - SCAN_MS, score: 1 },
    ];
    const harness = createWatchlistHarness({ restored });
    expect(names(harness.keeper.list)).toEqual(['C05USDT', 'C00USDT']);
    const change = await harness.rescan();
    expect(change).toMatchObject({ joined: ['C01USDT'], left: [] });
    expect(change.list.find(({ symbol }) => symbol === 'C05USDT')).toMatchObject({
      sinceTs: T0 - 1_000,
      reason: 'YOUNG',
    });
  });

  test('is trading.symbols if that is set, and tickers are not requested', async () => {
    const harness = createWatchlistHarness({ trading: { symbols: ['C07USDT', 'C09USDT'] } });
    harness.held.add('C03USDT');
    const change = await harness.rescan();
    expect(change).toMatchObject({ joined: ['C03USDT'], left: [], rejected: [], problem: undefined });
    expect(change.list.map(({ reason }) => reason)).toEqual(['FIXED', 'FIXED', 'HELD']);
    harness.held.clear();
    expect(await harness.rescan()).toMatchObject({ joined: [], left: ['C03USDT'] });
    expect(harness.surveys).toBe(0);
  });

  test('has the traded ones of trading.symbols, and the others once they are traded', async () => {
    const harness = createWatchlistHarness({ trading: { symbols: ['C07USDT', 'C08USDT', 'C09USDT', 'GONEUSDT'] } });
    harness.setStatus('C08USDT', 'TRADING_HALT');
    harness.listings = harness.listings.map((one) =>
      one.symbol === 'C09USDT' ? { ...one, contractType: 'TRADIFI_PERPETUAL' } : one,
    );
    const change = await harness.rescan();
    expect(names(change.list)).toEqual(['C07USDT']);
    expect(change.rejected.map(({ symbol, code }) => [symbol, code])).toEqual([
      ['C08USDT', 'NOT_TRADING'],
      ['C09USDT', 'NOT_PERPETUAL'],
      ['GONEUSDT', 'NOT_LISTED'],
    ]);
    harness.held.add('GONEUSDT');
    expect(await harness.keeper.includeExposed()).toMatchObject({ joined: ['GONEUSDT'] });
    harness.held.clear();
    harness.setStatus('C08USDT', 'TRADING');
    expect(await harness.rescan()).toMatchObject({ joined: ['C08USDT'], left: ['GONEUSDT'] });
  });

  test('keeps all of trading.symbols while the venue trades none of them, or gives half an answer', async () => {
    const harness = createWatchlistHarness({ trading: { symbols: ['C07USDT', 'C09USDT'] } });
    await harness.rescan();
    const whole = harness.listings;
    harness.listings = whole.slice(0, 5);
    expect(await harness.rescan()).toMatchObject({ left: [], problem: expect.stringContaining('lists 5 symbols') });
    harness.listings = whole.map((one) => ({ ...one, status: 'TRADING_HALT' }));
    expect(await harness.rescan()).toMatchObject({ left: [], problem: expect.stringContaining('C09USDT: status is') });
    harness.listings = whole;
    expect((await harness.rescan()).problem).toBeUndefined();
  });
});

describe('a symbol with a position or order', () => {
  test('joins between the scans, and leaves at a scan after it is closed', async () => {
    const harness = createWatchlistHarness();
    await harness.rescan();
    harness.held.add('C11USDT');
    expect(await harness.keeper.includeExposed()).toMatchObject({ joined: ['C11USDT'], left: [] });
    expect(harness.keeper.list.at(-1)).toMatchObject({ symbol: 'C11USDT', reason: 'HELD' });
    harness.clock.advance(5 * SCAN_MS);
    // It takes one of the three places.
    expect(names((await harness.rescan()).list)).toEqual(['C00USDT', 'C01USDT', 'C11USDT']);
    harness.held.clear();
    expect(await harness.keeper.includeExposed()).toMatchObject({ joined: [], left: [] });
    harness.clock.advance(5 * SCAN_MS);
    expect(await harness.rescan()).toMatchObject({ joined: ['C02USDT'], left: ['C11USDT'] });
  });

  test('opened while klines are measured keeps its place', async () => {
    const harness = createWatchlistHarness();
    await harness.rescan();
    harness.turnover.set('C02USDT', 1e7);
    harness.clock.advance(5 * SCAN_MS);
    harness.whileMeasuring = async () => void harness.held.add('C02USDT');
    expect(await harness.rescan()).toMatchObject({ left: [] });
  });

  test.each<[string, Parameters<typeof createWatchlistHarness>[0]]>([
    ['chosen', {}],
    ['named', { trading: { symbols: ['C00USDT', 'C01USDT', 'C02USDT'] } }],
  ])('and was %s stays when the venue halts or delists it, with its steps', async (_, options) => {
    const harness = createWatchlistHarness(options);
    await harness.rescan();
    harness.held.add('C00USDT').add('C01USDT');
    harness.listings = harness.listings
      .filter(({ symbol }) => symbol !== 'C01USDT')
      .map((one) => (one.symbol === 'C00USDT' ? { ...one, status: 'TRADING_HALT' } : one));
    const change = await harness.rescan();
    expect(change).toMatchObject({ joined: [], left: [], problem: undefined });
    expect(names(change.instruments).toSorted()).toEqual(['C00USDT', 'C01USDT', 'C02USDT']);
  });

  test('is unknown while Redis is away: nothing changes, and it is logged', async () => {
    const harness = createWatchlistHarness();
    const before = (await harness.rescan()).list;
    harness.busError = offline;
    harness.listings = [];
    expect(await harness.rescan()).toMatchObject({
      list: before,
      joined: [],
      left: [],
      problem: 'positions and orders cannot be read: Redis is away',
    });
    expect((await harness.keeper.includeExposed()).problem).toContain('Redis is away');
  });
});

describe('a scan that fails', () => {
  test.each<[string, (harness: ReturnType<typeof createWatchlistHarness>) => void, string]>([
    [
      'the venue is away',
      (harness) => (harness.failure = 'exchangeInfo: no answer within 5 s'),
      'no answer within 5 s',
    ],
    ['half an answer', (harness) => (harness.listings = harness.listings.slice(0, 5)), 'lists 5 symbols, after 12'],
    ['an empty answer', (harness) => (harness.listings = []), 'lists 0 symbols, after 12'],
    [
      'everything halted',
      (harness) => (harness.listings = harness.listings.map((one) => ({ ...one, status: 'TRADING_HALT' }))),
      'none of the 12 listed symbols may be watched',
    ],
  ])('%s: the list stays, and the next scan tries again', async (_, spoil, problem) => {
    const harness = createWatchlistHarness();
    await harness.rescan();
    const whole = harness.listings;
    spoil(harness);
    const change = await harness.rescan();
    expect(names(change.list)).toEqual(['C00USDT', 'C01USDT', 'C02USDT']);
    expect(change).toMatchObject({ joined: [], left: [], rejected: [] });
    expect(change.problem).toContain(problem);
    harness.failure = undefined;
    harness.listings = whole;
    expect((await harness.rescan()).problem).toBeUndefined();
  });

  test('still adds symbols with open positions', async () => {
    const harness = createWatchlistHarness();
    harness.failure = 'down';
    harness.held.add('C07USDT');
    expect(await harness.rescan()).toMatchObject({ joined: ['C07USDT'], left: [], problem: 'down' });
    expect(harness.keeper.list).toHaveLength(6);
  });

  test('is no fault of ours; a fault of ours is thrown, and the next call works', async () => {
    const harness = createWatchlistHarness();
    harness.busError = new BusFault('wrong type');
    await expect(harness.rescan()).rejects.toThrow('wrong type');
    harness.busError = undefined;
    expect((await harness.rescan()).problem).toBeUndefined();
  });
});

test('simultaneous calls run one after the other', async () => {
  const harness = createWatchlistHarness();
  harness.held.add('C11USDT');
  const [first, second] = await Promise.all([harness.rescan(), harness.keeper.includeExposed()]);
  expect(first.joined).toContain('C11USDT');
  expect(second).toMatchObject({ joined: [], left: [], list: first.list });
});
