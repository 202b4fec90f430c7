import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imbalance } from '@helios/core/book/imbalance.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { BookMaker } from './book-of-kline.ts';
import type { KlineColumns, KlineRow } from './kline-columns.ts';
import { readKlineSeries } from './kline-data.ts';
import { playKlines } from './play-klines.ts';
import { seriesRemarks } from './series-remarks.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-klines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const minute = (n: number): number => T0 + n * 60_000;

let files = 0;
/** Writes a file of candles of BTCUSDT; returns its path. */
function fileOf(lines: readonly string[], name = 'BTCUSDT'): string {
  files += 1;
  const file = join(folder, `${name}-1m-${files}.csv`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
const rowsOf = async (...lines: string[]) => {
  const [series] = await readKlineSeries([fileOf(lines)]);
  return series && rowsIn(series.columns);
};
function rowsIn({ length, ...columns }: KlineColumns): KlineRow[] {
  const rowAt = (at: number) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[at]]));
  return Array.from({ length }, (_, at) => rowAt(at) as unknown as KlineRow);
}

describe('a file of candles', () => {
  const [open, high, low, close] = [100, 103, 99, 101];
  const plain = { open, high, low, close, volume: 7, buyShare: Number.NaN };
  const other = `${minute(1)},101,102,100,101.5,3`;

  test('without a header is read in the one order of columns that fits all rows', async () => {
    expect((await rowsOf(`${minute(0)},100,103,99,101,7`, other))?.[0]).toMatchObject(plain);
    expect((await rowsOf(`${minute(0)},100,101,103,99,7`, `${minute(1)},101,101.5,102,100,3`))?.[0]).toMatchObject(
      plain,
    );
  });

  test('with a header is read by its names, and a missing column is named', async () => {
    expect((await rowsOf('timestamp,low,high,open,close,volume', `${minute(0)},99,103,100,101,7`))?.[0]).toMatchObject(
      plain,
    );
    await expect(rowsOf('time,open,high,close,volume', `${minute(0)},1,1,1,1`)).rejects.toThrow('no column for low');
  });

  test('of a Binance archive has quote volume and the share of buyers', async () => {
    const [row] = (await rowsOf(`${minute(0)},100,103,99,101,8,${minute(1) - 1},807,5,6,605,0`)) ?? [];
    expect(row).toMatchObject({ quoteVolume: 807, buyShare: 0.75 });
  });

  test('gives the typical price times volume where it lacks the quote volume', async () => {
    // (103 + 99 + 101) / 3 × 7 = 707.
    expect((await rowsOf(`${minute(0)},100,103,99,101,7`, other))?.[0]?.quoteVolume).toBe(707);
  });

  test('takes seconds, microseconds and ISO times', async () => {
    for (const time of [T0 / 1_000, T0 * 1_000, '2026-01-01 00:00:00+00:00', '2026-01-01T00:00:00']) {
      const row = `${time},100,103,99,101,7`;
      expect((await rowsOf('time,open,high,low,close,volume', row))?.[0]?.openTs).toBe(T0);
    }
  });

  test.each([
    [['time,open,high,low,close,volume', `${minute(1)},1,1,1,1,1`, `${minute(0)},1,1,1,1,1`], /line 3: .* comes after/],
    [
      ['time,open,high,low,close,volume', `${minute(1)},1,1,1,1,1`, `${minute(1)},1,1,1,1,1`],
      /line 3: .* is there twice/,
    ],
    [['time,open,high,low,close,volume', `${minute(0)},1,1,1,NaN,1`], /line 2: “NaN” is not a decimal/],
    [['time,open,high,low,close,volume', `${minute(0)},1,1,2,1,1`], /line 2: .* contradict each other/],
    [['time,open,high,low,close,volume', `${minute(0)},0,1,0,1,1`], /its price is 0/],
    [['time,open,high,low,close,volume', `${minute(0) + 5_000},1,1,1,1,1`], /does not begin a minute/],
    [['time,open,high,low,close,volume', 'soon,1,1,1,1,1'], /“soon” is not a time/],
    [['time,open,high,low,close,volume'], /it has no rows/],
    [[`${minute(0)},1,1,1,1,1`], /do not tell high, low and close apart/],
    [[`${minute(0)},3,1,2,9,1`], /its columns are neither/],
    [[`${minute(0)},3,1`], /3 columns/],
    [
      ['time,open,high,low,close,volume,taker_buy_volume', `${minute(0)},1,1,1,1,5,6`],
      /line 2: buyers took 6 of a volume of 5: its columns may be swapped/,
    ],
  ])('that is wrong is refused with its line: %j', async (lines, message) => {
    await expect(rowsOf(...lines)).rejects.toThrow(message);
  });

  test('that was cut off in its last row is refused', async () => {
    const lines = ['time,open,high,low,close,volume', `${minute(0)},1,1,1,1,1`, `${minute(1)},1,1,1,1,1`];
    const file = fileOf(lines);
    writeFileSync(file, lines.join('\n').slice(0, -2));
    await expect(readKlineSeries([file])).rejects.toThrow(
      'line 3, the last one, has 5 of 6 columns: the file was cut off',
    );
    writeFileSync(file, lines.join('\n'));
    expect((await readKlineSeries([file]))[0]?.columns.length).toBe(2);
  });

  test('that jumps as after a small split is played, and the jump is named', async () => {
    const lines = ['time,open,high,low,close,volume', `${minute(0)},8,8,8,8,1`, `${minute(1)},2,2,2,2,1`];
    const [series] = await readKlineSeries([fileOf(lines)]);
    expect(series && seriesRemarks([series]).join()).toContain(
      'BTCUSDT: at 2026-01-01T00:01:00.000Z the price jumps from 8 to 2. If that is a split',
    );
    const calm = await readKlineSeries([fileOf([...lines.slice(0, 2), `${minute(1)},5,5,5,5,1`])]);
    expect(seriesRemarks(calm).join()).not.toContain('jumps');
  });

  test('fills minutes without trades, and overlapping files are refused', async () => {
    const header = 'time,open,high,low,close,volume';
    const [series] = await readKlineSeries([fileOf([header, `${minute(0)},1,2,1,2,1`, `${minute(3)},2,3,2,3,1`])]);
    expect(series?.filled).toBe(2);
    expect(series && rowsIn(series.columns).map(({ openTs, close }) => [(openTs - T0) / 60_000, close])).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 3],
    ]);
    const twice = [fileOf([header, `${minute(0)},1,1,1,1,1`]), fileOf([header, `${minute(0)},1,1,1,1,1`])];
    await expect(readKlineSeries(twice)).rejects.toThrow('overlaps with another file');
    await expect(readKlineSeries([fileOf([header, `${minute(0)},1,1,1,1,1`], 'candles')])).rejects.toThrow('no symbol');
    await expect(readKlineSeries([join(folder, 'candels.csv')])).rejects.toThrow('there is no such file');
  });
});

/** The events that candles become; `side` is that of an open position. */
async function eventsOf(lines: readonly string[], side?: Side): Promise<MarketEvent[]> {
  const series = await readKlineSeries([fileOf(['time,open,high,low,close,volume,taker_buy_volume', ...lines])]);
  const events: MarketEvent[] = [];
  const target = { onFrame: (frame: readonly MarketEvent[]) => void events.push(...frame), sideOf: () => side };
  for (const _ of playKlines(series, target, Number.POSITIVE_INFINITY));
  return events;
}
const booksOf = (events: readonly MarketEvent[]): Book[] => events.filter((event) => event.type === 'book');
const midOf = ({ bids, asks }: Book): number => (Number(bids[0]?.[0]) + Number(asks[0]?.[0])) / 2;

/** The odd last digits give a tick of 0.01 and a step of 0.001. */
const FIRST = `${minute(0)},100,100.01,99,100,1000.004,750.003`;
const SECOND = `${minute(1)},100,110,90,105,1000.006,500.003`;

test('within a minute the extreme that is worse for the position comes first', async () => {
  const mids = async (side?: Side) =>
    booksOf(await eventsOf([FIRST, SECOND], side)).map((book) => Math.round(midOf(book)));
  expect(await mids('LONG')).toEqual([100, 90, 110, 105]);
  expect(await mids('SHORT')).toEqual([100, 110, 90, 105]);
  expect(await mids()).toEqual([100, 90, 110, 105]);
});

test('a book knows only the volume and the buyers of the minute before', async () => {
  const books = booksOf(await eventsOf([FIRST, SECOND, `${minute(2)},105,106,104,105,1000.005,0`]));
  // Buyers took three quarters: 0.9 × (1 − 2 × 0.75) = −0.45, bids dominate.
  for (const book of books.slice(0, 4)) expect(imbalance(book, 5)).toBeCloseTo(-0.45, 2);
  for (const book of books.slice(4, 8)) expect(imbalance(book, 5)).toBeCloseTo(0, 2);
});

test('changing the future changes no earlier event', async () => {
  const row = fc.tuple(
    fc.integer({ min: 90, max: 110 }),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 1, max: 999 }),
  );
  const line = ([price, range, volume]: readonly [number, number, number], n: number) =>
    `${minute(n)},${price},${price + range},${price - range},${price},${volume},${Math.floor(volume / 3)}`;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 6, maxLength: 12 }), row, async (rows, another) => {
      const changed = rows.with(-1, another);
      const until = minute(rows.length);
      // FIRST fixes the price grid, which a venue publishes in advance.
      const past = async (of: typeof rows) =>
        (await eventsOf([FIRST, ...of.map((one, n) => line(one, n + 1))])).filter(({ ts_event }) => ts_event <= until);
      expect(await past(changed)).toEqual(await past(rows));
    }),
    { numRuns: 30 },
  );
});

test('a gap of more than ten minutes ends the session; higher klines close in their last minute', async () => {
  const lines = Array.from({ length: 5 }, (_, n) => `${minute(n)},100,10${n},100,100,10,5`);
  const events = await eventsOf([...lines, `${minute(40)},100,100,100,100,10,5`]);
  const five = events.find((event) => event.type === 'kline' && event.interval === '5m');
  expect(five).toMatchObject({ open_ts: minute(0), high: '104', volume: '50', ts_event: minute(5) });
  const breaks = events.flatMap((event) => (event.type === 'break' ? [[event.ts_event, event.reason]] : []));
  expect(breaks).toEqual([
    [minute(5), 'minutes are missing'],
    [minute(41), 'recording ended'],
  ]);
});

test('a gap ends the session of its own symbol at once, while another one plays on', async () => {
  const header = 'time,open,high,low,close,volume,taker_buy_volume';
  const lines = (minutes: readonly number[]) => [header, ...minutes.map((n) => `${minute(n)},100,101,99,100,10,5`)];
  const gone = fileOf(lines([0, 1, 2, 30, 31]), 'BTCUSDT');
  const other = fileOf(lines(Array.from({ length: 34 }, (_, n) => n)), 'ETHUSDT');
  const events: MarketEvent[] = [];
  const target = { onFrame: (frame: readonly MarketEvent[]) => void events.push(...frame), sideOf: () => undefined };
  for (const _ of playKlines(await readKlineSeries([gone, other]), target, Number.POSITIVE_INFINITY));
  const breaks = events.flatMap((event) => (event.type === 'break' ? [[event.symbol, event.ts_event]] : []));
  expect(breaks).toEqual([
    ['BTCUSDT', minute(3)],
    ['BTCUSDT', minute(32)],
    ['ETHUSDT', minute(34)],
  ]);
  // No later event comes before them.
  expect(events.map(({ ts_event }) => ts_event)).toEqual(
    events.map(({ ts_event }) => ts_event).toSorted((a, b) => a - b),
  );
});

test('a made-up book is never crossed, lies on the grid, and costs at least its spread', () => {
  const instrument = { symbol: 'BTCUSDT', tick_size: '0.01', step_size: '0.001', min_notional: '5' };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e7 }), fc.double({ min: 0, max: 1, noNaN: true }), (ticks, buyShare) => {
      const maker = new BookMaker(instrument);
      const price = ticks * 0.01;
      maker.useVolume(100, buyShare, price);
      const book = maker.at(price, T0, 1);
      const [bid, ask] = [Number(book.bids[0]?.[0]), Number(book.asks[0]?.[0])];
      expect(ask).toBeGreaterThan(bid);
      expect(ask - bid).toBeGreaterThanOrEqual((price * 3) / 10_000 - 1e-9);
      for (const [text, qty] of [...book.bids, ...book.asks]) {
        expect(text).toMatch(/^\d+\.\d\d$/);
        expect(Number(qty)).toBeGreaterThan(0);
      }
      if (ticks > 10) expect(maker.imbalanceAt(price, 5)).toBeCloseTo(imbalance(book, 5) ?? Number.NaN, 12);
    }),
  );
});

test('a row of bytes is read as its texts are', async () => {
  const decimal = fc.tuple(fc.nat(1e9), fc.nat(8)).map(([units, scale]) => (units / 10 ** scale).toFixed(scale));
  const odd = fc.constantFrom('1e3', ' 7', '8 ', '12345678901234567.5', '0', '00.10');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(decimal, odd), { minLength: 3, maxLength: 8 }), async (volumes) => {
      const lines = volumes.map((volume, n) => `${minute(n)},1,1,1,1,${volume}`);
      const rows = (await rowsOf('time,open,high,low,close,volume', ...lines)) ?? [];
      expect(rows.map(({ volume }) => volume)).toEqual(volumes.map(Number));
    }),
    { numRuns: 50 },
  );
});
