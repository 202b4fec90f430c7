import { beforeEach, describe, expect, test } from 'vitest';
import { KlineBook } from '../src/market/kline-book.ts';
import { klineClose, klineOpen, VENUE_INTERVALS, type VenueInterval } from '../src/market/kline-times.ts';
import { flatKline } from '../src/market/venue-kline.ts';
import type { RunningExchange } from '../src/start-exchange.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

const MINUTE_MS = 60_000;
let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock);
});

const rows = async (query: string) => (await get(venue, `/fapi/v1/klines?${query}`)).body;

test('a row has twelve cells, decimals as strings', async () => {
  const [row] = await rows('symbol=BTCUSDT&interval=1m&limit=1');
  expect(row.map((cell: unknown) => typeof cell)).toEqual([
    'number',
    'string',
    'string',
    'string',
    'string',
    'string',
    'number',
    'string',
    'number',
    'string',
    'string',
    'string',
  ]);
  expect(row[6]).toBe(row[0] + MINUTE_MS - 1);
  expect(row[5].split('.')[1]).toHaveLength(3);
});

test('the newest kline is still open and grows', async () => {
  const [before] = await rows('symbol=BTCUSDT&interval=1m&limit=1');
  expect(before[0]).toBe(klineOpen('1m', clock.ms));
  clock.ms += 20_000;
  const [after] = await rows('symbol=BTCUSDT&interval=1m&limit=1');
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  expect(Number(after[5])).toBeGreaterThan(Number(before[5]));
  expect(after[8]).toBeGreaterThan(before[8]);
});

test('a closed kline never changes', async () => {
  clock.ms += 2 * MINUTE_MS;
  const [closed] = await rows('symbol=BTCUSDT&interval=1m&limit=2');
  clock.ms += 10 * MINUTE_MS;
  const later = await rows(`symbol=BTCUSDT&interval=1m&startTime=${closed[0]}&limit=1`);
  expect(later).toEqual([closed]);
});

test.each(Object.keys(VENUE_INTERVALS) as VenueInterval[])(
  '%s klines are continuous up to the present',
  async (interval) => {
    const got = await rows(`symbol=ETHUSDT&interval=${interval}&limit=100`);
    expect(got.length).toBeGreaterThan(1);
    expect(got.at(-1)[0]).toBe(klineOpen(interval, clock.ms));
    got.slice(1).forEach((row: number[], at: number) => {
      expect(row[0]).toBe(got[at][6] + 1);
      expect(row[6]).toBe(klineClose(interval, row[0] ?? 0));
    });
  },
);

test('an hour is the sum of its minutes', async () => {
  clock.ms += 3 * MINUTE_MS;
  const openTs = klineOpen('1h', clock.ms);
  const minutes = await rows(`symbol=BTCUSDT&interval=1m&startTime=${openTs}&limit=60`);
  const [hour] = await rows(`symbol=BTCUSDT&interval=1h&startTime=${openTs}`);
  expect(minutes).toHaveLength(38);
  expect(hour[1]).toBe(minutes[0][1]);
  expect(hour[4]).toBe(minutes.at(-1)[4]);
  expect(Number(hour[2])).toBe(Math.max(...minutes.map((row: string[]) => Number(row[2]))));
  expect(Number(hour[5])).toBeCloseTo(
    minutes.reduce((sum: number, row: string[]) => sum + Number(row[5]), 0),
    6,
  );
  expect(hour[8]).toBe(minutes.reduce((sum: number, row: number[]) => sum + (row[8] ?? 0), 0));
});

test('endTime excludes the open kline, startTime is the first kline, limit counts from the right end', async () => {
  const openTs = klineOpen('1m', clock.ms);
  const closed = await rows(`symbol=BTCUSDT&interval=1m&limit=3&endTime=${openTs - 1}`);
  expect(closed.map((row: number[]) => row[0])).toEqual([3, 2, 1].map((ago) => openTs - ago * MINUTE_MS));
  const begun = await rows(`symbol=BTCUSDT&interval=1m&limit=3&startTime=${openTs - 10 * MINUTE_MS}`);
  expect(begun[0][0]).toBe(openTs - 10 * MINUTE_MS);
});

describe('KlineBook', () => {
  const zero = { volume: '0.00', quoteVolume: '0.0000' };
  const trade = { price: '10.00', qty: '1.50', buyerIsMaker: false };

  test('fills minutes without trades flat at the last close', () => {
    const book = new KlineBook(zero);
    book.trade(trade, 30_000);
    book.advance(5 * MINUTE_MS);
    const minutes = book.klines('1m');
    expect(minutes.map(({ openTs }) => openTs / MINUTE_MS)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(minutes[3]).toEqual(flatKline(3 * MINUTE_MS, '10.00', zero));
    expect(minutes[0]).toMatchObject({ volume: '1.50', takerVolume: '1.50', quoteVolume: '15.0000', trades: 1 });
  });

  test('opens a minute at its first trade, not at the previous close', () => {
    const book = new KlineBook(zero);
    book.trade(trade, 0);
    book.advance(MINUTE_MS);
    book.trade({ ...trade, price: '12.00' }, MINUTE_MS + 5);
    expect(book.klines('1m')[1]).toMatchObject({ open: '12.00', low: '12.00', trades: 1 });
  });

  test('a late trade counts into the newest minute', () => {
    const book = new KlineBook(zero);
    book.trade(trade, MINUTE_MS);
    book.trade(trade, MINUTE_MS - 1);
    expect(book.klines('1m')).toHaveLength(1);
    expect(book.klines('1m')[0]?.trades).toBe(2);
  });

  test('weeks begin on Monday, months on the first', () => {
    expect(new Date(klineOpen('1w', Date.UTC(2026, 9, 7))).toISOString()).toBe('2026-10-05T00:00:00.000Z');
    expect(new Date(klineOpen('1M', Date.UTC(2026, 1, 20))).toISOString()).toBe('2026-02-01T00:00:00.000Z');
    expect(klineClose('1M', Date.UTC(2026, 1, 1)) + 1).toBe(Date.UTC(2026, 2, 1));
  });
});
