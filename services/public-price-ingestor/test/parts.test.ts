import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';
import type { RestFailure, RestFailureCode } from '@helios/binance/rest/rest-answer.ts';
import { VenueClock } from '@helios/market-data/venue/venue-clock.ts';
import { VenueState } from '@helios/market-data/venue/venue-state.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coinOf } from '../src/coingecko/coin-ids.ts';
import { createCoinGecko } from '../src/coingecko/coingecko.ts';
import { coinsMarkets } from '../src/coingecko/coins-markets.ts';
import { simplePrice } from '../src/coingecko/simple-price.ts';
import { decimalOf } from '../src/fallback-feed.ts';
import { planPolls } from '../src/poll-plan.ts';
import { TradeTail } from '../src/trade-tail.ts';
import { refused } from './virtual-venue.ts';

const DATA = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const RECORDED = join(DATA, 'coingecko');

describe('the plan', () => {
  test('fits any budget, and uses what may be used', () => {
    const input = fc.record({
      symbols: fc.integer({ min: 1, max: 100 }),
      weightPerMinute: fc.integer({ min: 0, max: 6_000 }),
      minIntervalMs: fc.constantFrom(100, 500, 2_000),
    });
    fc.assert(
      fc.property(input, (given) => {
        const { symbols, weightPerMinute, minIntervalMs } = given;
        const { bookMs, tradesMs, marksMs } = planPolls(given);
        expect(bookMs).toBeGreaterThanOrEqual(minIntervalMs);
        const marksWeight = Math.min(symbols, 10);
        const spent = (60_000 * (2 * symbols)) / bookMs + (60_000 * 5 * symbols) / tradesMs;
        const fixed = 2 * symbols + 4 + (60_000 * marksWeight) / marksMs;
        const cannotFit = bookMs === 60_000;
        if (!cannotFit) expect(spent + fixed).toBeLessThanOrEqual(weightPerMinute + 1e-6);
        const isSpent = spent + fixed >= 0.98 * weightPerMinute;
        expect(isSpent || bookMs === minIntervalMs || cannotFit).toBe(true);
      }),
    );
  });

  test('requests five symbols about twice a second, fifty every six or seven seconds', () => {
    const bookMs = (symbols: number) => planPolls({ symbols, weightPerMinute: 1_440, minIntervalMs: 500 }).bookMs;
    expect([5, 10, 20, 50].map((symbols) => Math.round(bookMs(symbols)))).toEqual([549, 1_157, 2_351, 6_211]);
  });
});

describe('trades', () => {
  const trade = (tradeId: number, tsEvent = tradeId): RestTrade => ({
    tradeId,
    tsEvent,
    price: '1',
    qty: '1',
    buyerIsMaker: true,
  });
  const ids = (rows: readonly RestTrade[]): number[] => rows.map((row) => row.tradeId);

  test('are passed on once each, however polls overlap', () => {
    const step = fc.record({ from: fc.nat(5), to: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2 }), (steps) => {
        const tail = new TradeTail();
        let end = 100;
        const seen: number[] = [];
        for (const { from, to } of steps) {
          const first = Math.max(1, end - 10 + from * 4);
          end = Math.max(end, first + to);
          seen.push(...ids(tail.take(Array.from({ length: end - first + 1 }, (_, i) => trade(first + i)))));
        }
        expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
      }),
    );
  });

  test('of the first answer count only the newest, and restarted ids are followed', () => {
    const tail = new TradeTail();
    expect(tail.take([])).toEqual([]);
    expect(ids(tail.take([trade(1), trade(2), trade(3)]))).toEqual([3]);
    expect(tail.take([trade(1), trade(2)])).toEqual([]);
    expect(ids(tail.take([trade(1, 50), trade(2, 60)]))).toEqual([2]);
    expect(ids(tail.take([trade(2, 60), trade(3, 70)]))).toEqual([3]);
  });
});

describe('the venue’s state', () => {
  const failure = (code: RestFailureCode, retryAfterMs?: number): RestFailure => ({
    kind: 'FAILURE',
    code,
    detail: '',
    advice: '',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

  test('is not away after one failure, but after three failures over two seconds', () => {
    let now = 0;
    const state = new VenueState({ now: () => now, random: () => 0.5 });
    state.onAnswer();
    for (let i = 0; i < 10; i += 1) expect(state.onFailure(failure('DOWN'))).toBe(false);
    now = 2_000;
    expect(state.onFailure(failure('DOWN'))).toBe(true);
    expect(state.waitMs).toBe(1_000);
    expect(state.onFailure(failure('DOWN'))).toBe(false);
    expect(state.waitMs).toBe(1_000);
  });

  test('doubles waits up to a minute, with jitter, and resets them only after a steady time', () => {
    let now = 0;
    const firstWait = (random: number): number => {
      const state = new VenueState({ now: () => now, random: () => random });
      state.onFailure(failure('DOWN'));
      return state.waitMs;
    };
    expect([firstWait(0), firstWait(1)]).toEqual([750, 1_250]);
    const state = new VenueState({ now: () => now, random: () => 0.5 });
    const next = (): number => {
      state.onFailure(failure('DOWN'));
      const { waitMs } = state;
      now += waitMs;
      return waitMs;
    };
    expect(Array.from({ length: 8 }, next)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((s) => s * 1_000));
    expect(state.onAnswer()).toBe(true);
    now += 10_000;
    state.onFailure(failure('BANNED', 30_000));
    expect(state.waitMs).toBe(31_500);
    now += 31_500;
    expect(next()).toBe(1_000);
    state.onAnswer();
    now += 61_000;
    state.onFailure(failure('GEO_BLOCKED'));
    expect(state.waitMs).toBe(30_000);
  });

  test('keeps a refusal although running requests fail otherwise', () => {
    const state = new VenueState({ now: () => 0, random: () => 0.5 });
    state.onFailure(failure('BANNED', 600_000));
    expect(state.onFailure(failure('DOWN'))).toBe(false);
    expect(state.cause?.code).toBe('BANNED');
  });
});

describe('the venue’s clock', () => {
  function createClock() {
    const log = createRecordingLog();
    const clock = new VenueClock(() => 10_000, log);
    const measure = (value: number) => clock.measure({ kind: 'OK', value, tsSent: 9_800, tsReceived: 10_200 });
    const said = () => log.lines.map(({ level, fields }) => [level, fields['venue_ahead_ms']]);
    return { clock, measure, said };
  }

  test('is logged once when it differs, and again when it agrees', () => {
    const { clock, measure, said } = createClock();
    expect(measure(10_500)).toBe(true);
    expect(clock.clockReading()).toEqual({ now: 10_000, venueNow: 10_500 });
    for (const value of [13_000, 13_000, 13_100, 9_900, 9_900]) measure(value);
    expect(said()).toEqual([
      ['warn', 3_000],
      ['info', -100],
    ]);
  });

  test('has jumped when two answers agree, and not before', () => {
    const { clock, measure, said } = createClock();
    measure(10_500);
    expect(measure(0)).toBe(false);
    expect(clock.now()).toBe(10_500);
    expect(measure(10_400)).toBe(true);
    expect(clock.now()).toBe(10_400);
    expect(said()).toEqual([['warn', -10_000]]);
    expect([measure(39_000), measure(39_200)]).toEqual([false, true]);
    expect(clock.now()).toBe(39_200);
  });
});

describe('CoinGecko’s answers', () => {
  test('are parsed from simple/price and coins/markets; invalid prices are skipped', () => {
    expect(simplePrice.parse({ bitcoin: { usd: 5, last_updated_at: 7 }, x: { usd: null }, y: 3 })).toEqual([
      { id: 'bitcoin', usd: 5, ts: 7_000 },
    ]);
    const row = { id: 'bitcoin', current_price: 68_722, last_updated: '2024-06-04T10:10:37.356Z' };
    expect(coinsMarkets.parse([row, { ...row, current_price: null }, null, { ...row, last_updated: 'x' }])).toEqual([
      { id: 'bitcoin', usd: 68_722, ts: 1_717_495_837_356 },
    ]);
    expect(simplePrice.parse([])).toMatchObject({ kind: 'FAULT' });
    expect(coinsMarkets.parse({})).toMatchObject({ kind: 'FAULT' });
  });

  test.skipIf(!existsSync(RECORDED))('are parsed as recorded', () => {
    const read = (name: string): unknown => JSON.parse(readFileSync(join(RECORDED, name), 'utf8'));
    const rows = coinsMarkets.parse(read('coins_markets_top_20240604_usd.json'));
    expect(rows).toHaveLength(7);
    expect(rows).toContainEqual({ id: 'bitcoin', usd: 68_722, ts: 1_717_495_837_356 });
    // These answers were requested without a time, so their age is unknown and they are not used.
    expect(simplePrice.parse(read('simple_price.json'))).toEqual([]);
  });

  test('throw nothing for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        simplePrice.parse(json);
        coinsMarkets.parse(json);
      }),
    );
  });

  test('name symbols by their coin, and thousands of a coin by their number', () => {
    expect(coinOf('BTCUSDT')).toEqual({ id: 'bitcoin', units: 1 });
    expect(coinOf('1000PEPEUSDT')).toEqual({ id: 'pepe', units: 1_000 });
    expect(coinOf('1000000PEPEUSDT')).toEqual({ id: 'pepe', units: 1_000_000 });
    expect(coinOf('1MBONKUSDT')).toEqual({ id: 'bonk', units: 1_000_000 });
    for (const unknown of ['XYZUSDT', 'BTCUSDC', 'BTCUSDT_260327', 'constructorUSDT', 'USDT']) {
      expect(coinOf(unknown), unknown).toBeUndefined();
    }
  });

  test('become decimals without an exponent and with the same value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (value) => {
        const text = decimalOf(value);
        expect(text).toMatch(/^\d+(\.\d+)?$/);
        expect(Math.abs(Number(text) / value - 1)).toBeLessThan(1e-10);
      }),
    );
    expect([68_722, 0.00001234, 1e9].map(decimalOf)).toEqual(['68722', '0.00001234', '1000000000']);
  });
});

test.each(['http://gecko.example', 'http://gecko.example/', 'http://gecko.example/api//'])(
  'a message names the requested address, whatever slashes end %s',
  async (baseUrl) => {
    const asked: URL[] = [];
    const http = {
      async get(url: URL) {
        asked.push(url);
        return refused;
      },
      close() {},
    };
    const answer = await createCoinGecko({ baseUrl, http, timeoutMs: 1, now: () => 0 }).prices(['bitcoin']);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.pathname).not.toContain('//');
    expect(answer).toMatchObject({ code: 'DOWN', detail: expect.stringContaining(`(${asked[0]?.href})`) });
  },
);
