import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imbalance } from '@helios/core/book/imbalance.ts';
import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { readBacktestOptions } from '../backtest-options.ts';
import { checkLookAhead } from '../checks/look-ahead.ts';
import { recordRun } from '../checks/recorded-run.ts';
import { openData } from '../data/open-data.ts';
import { playWithin } from '../play-within.ts';
import { playBacktest } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-kline-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const HEADER = 'time,open,high,low,close,volume,taker_buy_volume';
type Candle = readonly [open: number, high: number, low: number, close: number, volume: number, bought: number];

/** Writes candles from `fromTs` on, one each `minutes`. */
function write(name: string, candles: readonly Candle[], minutes = 1, fromTs = T0): string {
  const lines = candles.map((candle, n) => [fromTs + n * minutes * 60_000, ...candle].join(','));
  writeFileSync(join(folder, name), [HEADER, ...lines].join('\n'));
  return name;
}

function walk(count: number, seed: string): Candle[] {
  const rng = new Rng(seed);
  let price = 1_000;
  return Array.from({ length: count }, () => {
    const [open, close] = [price, price + rng.below(5) - 2];
    price = close;
    const extremes = [Math.max(open, close) + rng.below(3), Math.min(open, close) - rng.below(3)] as const;
    const volume = 1_000 + rng.below(1_000);
    return [open, ...extremes, close, volume, Math.floor(volume * rng.uniform())];
  });
}

/** The candles of `length` minutes that the candles of one minute make. */
function longer(minutes: readonly Candle[], length: number): Candle[] {
  return Array.from({ length: minutes.length / length }, (_, n): Candle => {
    const part = minutes.slice(n * length, (n + 1) * length);
    const sum = (at: 4 | 5) => part.reduce((total, candle) => total + candle[at], 0);
    const [high, low] = [Math.max(...part.map((each) => each[1])), Math.min(...part.map((each) => each[2]))];
    return [part[0]?.[0] ?? 0, high, low, part.at(-1)?.[3] ?? 0, sum(4), sum(5)];
  });
}

const optionsOf = (...args: string[]) =>
  readBacktestOptions(readCommandLine('backtest', args), {
    cwd: folder,
    root: settingsFolder(),
    env: IMBALANCE_ALONE_ENVIRONMENT,
    nowMs: T0,
  });

async function eventsOf(...args: string[]): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  const data = await openData(optionsOf(...args));
  await data.play({ onFrame: (frame) => void events.push(...frame), sideOf: () => undefined });
  return events;
}
const klinesOf = (events: readonly MarketEvent[]) => events.filter((event): event is Kline => event.type === 'kline');
const booksOf = (events: readonly MarketEvent[]) => events.filter((event) => event.type === 'book');

const MINUTES = walk(600, 'detail');
const ONE = write('BTCUSDT-1m.csv', MINUTES);
const FIVE = write('BTCUSDT-5m.csv', longer(MINUTES, 5), 5);

describe('candles of five minutes', () => {
  test('have an imbalance at their first book only, that of the candle before', async () => {
    const books = booksOf(await eventsOf('--data', FIVE));
    const [, , , , volume, bought] = longer(MINUTES, 5)[0] ?? [];
    const [first, ...rest] = books.slice(0, 6);
    expect(first && imbalance(first, 5)).toBeCloseTo(0.9 * (1 - (2 * (bought ?? 0)) / (volume ?? 0)), 1);
    for (const book of rest) expect(Math.abs(imbalance(book, 5) ?? 1)).toBeLessThan(0.01);
    expect(books.length).toBe(6 * (600 / 5 - 1));
  });

  test('give the longer klines, and with their one-minute candles those, too', async () => {
    const whole = klinesOf(await eventsOf('--data', ONE)).filter(({ interval }) => interval !== '1m');
    const coarse = klinesOf(await eventsOf('--data', FIVE));
    // The files have no quote volume: it is estimated from the typical price of each candle.
    const plain = (klines: readonly Kline[]) =>
      klines.map((kline) => JSON.stringify({ ...JSON.parse(JSON.stringify(kline)), quote_volume: '' }));
    expect(plain(coarse)).toEqual(plain(whole));
    const detailed = klinesOf(await eventsOf('--data', FIVE, '--detail', ONE));
    expect(detailed.filter(({ interval }) => interval === '1m').length).toBe(600);
    expect(detailed.filter(({ interval }) => interval !== '1m').length).toBe(whole.length);
  });

  test('follow the prices of their one-minute candles', async () => {
    const prices = (events: readonly MarketEvent[]) =>
      booksOf(events)
        .filter(({ ts_event }) => ts_event > T0 + 300_000)
        .map(({ bids }) => bids[0]?.[0]);
    expect(prices(await eventsOf('--data', FIVE, '--detail', ONE))).toEqual(prices(await eventsOf('--data', ONE)));
  });

  test('say what stays cold, and refuse a detail that is none', async () => {
    const { assumptions } = await playBacktest(await openData(optionsOf('--data', FIVE)), optionsOf('--data', FIVE));
    expect(assumptions.join(' ')).toContain('stay cold without one-minute candles');
    await expect(openData(optionsOf('--data', FIVE, '--detail', FIVE))).rejects.toThrow('takes one-minute candles');
    await expect(openData(optionsOf('--data', ONE, '--detail', ONE))).rejects.toThrow('need no --detail');
    const later = write('BTCUSDT-1m-later.csv', walk(20, 'later'), 1, T0 + 86_400_000);
    await expect(openData(optionsOf('--data', FIVE, '--detail', later))).rejects.toThrow('name those of the same time');
    expect(() => optionsOf('--data', 'a.gz', '--detail', ONE)).toThrow('must name candles');
  });

  test('know nothing of the future', async () => {
    const options = optionsOf('--data', FIVE, '--detail', ONE, '--set', 'signals.nobi_threshold=0.1');
    const checked = { data: await openData(options), options };
    const run = await recordRun(checked, {});
    expect(run.records.length).toBeGreaterThan(20);
    const { verdict, lines } = await checkLookAhead(checked, run, 6);
    expect(`${verdict} ${lines.join(' ')}`).toMatch(/^PASSED/);
  });
});

describe('candles of the days before', () => {
  const start = T0 + 2 * 86_400_000 + 3_600_000;
  const recorded = writeGeneratedRecording({
    ...{ file: join(folder, 'market.gz'), seed: 7, symbols: ['BTCUSDT'], seconds: 150, startMs: start },
  });
  // Two days and one hour of history, then five minutes that lie after the first frame.
  const history = write('BTCUSDT-warm.csv', walk(2 * 1_440 + 65, 'warm'));

  /** Outcomes of the gates of all decisions, by gate. */
  async function outcomesOf(...args: string[]) {
    await recorded;
    const options = optionsOf('--data', 'market.gz', ...args);
    const { decisions, refusals, assumptions } = await playBacktest(await openData(options), options);
    const gates = [...decisions, ...refusals].flatMap(({ gates: asked = [] }) => asked);
    const coldOf = (code: string) =>
      gates.filter(({ gate, outcome }) => gate === code && outcome === 'NOT_WARM').length;
    return { cold: ['TREND', 'REGIME', 'VWAP', 'VOLUME'].map(coldOf), count: gates.length, assumptions };
  }

  test('warm the gates that a short recording leaves cold', async () => {
    const before = await outcomesOf();
    expect(before.cold[0]).toBeGreaterThan(0);
    const { cold, count, assumptions } = await outcomesOf('--warm', history);
    expect(count).toBeGreaterThan(0);
    expect(cold).toEqual([0, 0, 0, 0]);
    expect(assumptions.join(' ')).toContain('BTCUSDT: 2940 candles warm the indicators; the last closes 0 min before');
    expect(assumptions.join(' ')).toContain('5 that close after the first event are left out.');
  });

  test('reach the strategy before the first event, and none that closes later does', async () => {
    await recorded;
    const options = optionsOf('--data', 'market.gz', '--warm', history);
    const warmed: number[] = [];
    const createEngine: typeof createStrategyEngine = (...args) => {
      const engine = createStrategyEngine(...args);
      const own = engine.warm.bind(engine);
      engine.warm = (kline) => {
        warmed.push(kline.ts_event);
        own(kline);
      };
      return engine;
    };
    const { firstTs } = await playBacktest(await openData(options), options, { createEngine });
    expect(warmed.length).toBeGreaterThan(2_940);
    expect(Math.max(...warmed)).toBeLessThanOrEqual(firstTs);
    expect(warmed).toEqual(warmed.toSorted((a, b) => a - b));
  });

  test('of a symbol that the data do not have are named', async () => {
    const other = write('XYZUSDT-1m.csv', walk(30, 'other'));
    const { assumptions } = await outcomesOf('--warm', other);
    expect(assumptions.join(' ')).toContain('XYZUSDT: its candles warm nothing');
  });
});

describe('the tick of candles', () => {
  const coarse = Array.from({ length: 1_440 }, (_, n): Candle => [100 + (n % 7) / 2, 104, 99, 101, 10, 5]);
  const fine: Candle[] = [[101.3, 102, 100, 101, 10, 5]];

  const tickOf = async (...args: string[]) => (await openData(optionsOf(...args))).instruments[0]?.tick_size;

  test('is that of the first day, so that later candles change nothing; they are counted', async () => {
    const file = write('ETHUSDT-1m.csv', [...coarse, ...fine]);
    expect(await tickOf('--data', file)).toBe('0.5');
    const { assumptions } = await playBacktest(await openData(optionsOf('--data', file)), optionsOf('--data', file));
    expect(assumptions.join(' ')).toContain('ETHUSDT: 1 prices lie off the tick of 0.5');
  });

  test('is what the user names, or the list of the venue', async () => {
    const file = write('LTCUSDT-1m.csv', coarse);
    expect(await tickOf('--data', file, '--tick', 'BTCUSDT=1,LTCUSDT=0.01')).toBe('0.01');
    expect(() => optionsOf('--data', file, '--tick', 'LTCUSDT')).toThrow('--tick needs SYMBOL=TICK');
    expect(() => optionsOf('--data', file, '--instruments', file)).toThrow('cannot be read as JSON');
    writeFileSync(join(folder, 'list.json'), '{"symbols":[]}');
    expect(() => optionsOf('--data', file, '--instruments', 'list.json')).toThrow('it lists no symbol');
  });
});

describe('candles that are wrong', () => {
  const opened = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return openData(optionsOf('--data', name));
  };
  const row = (n: number, rest: string) => `${T0 + n * 60_000},${rest}`;

  test.each([
    [
      ['time,open,high,low,close,volume', row(0, '10,10,10,10,5'), row(1, '1000,1000,1000,1000,0.05')],
      'the price jumps from 10 to 1000',
    ],
    [
      ['time,symbol,open,high,low,close,volume', row(0, 'BTCUSDT,1,1,1,1,1'), row(1, 'ETHUSDT,1,1,1,1,1')],
      'mixes BTCUSDT and ETHUSDT',
    ],
    [
      ['time,open,high,low,close,volume', row(0, '1,1,1,1,1'), row(1, '1,1')],
      'line 3, the last one, has 3 of 6 columns',
    ],
    [['time,open,high,low,close,volume', row(0, '1,1,1,1,-1')], '“-1” is not a decimal'],
    [
      ['time,open,high,low,close,volume', ...Array.from({ length: 20 }, (_, n) => row(3 * n, '1,1,1,1,1'))],
      '3 minutes apart',
    ],
    [
      ['time,open,high,low,close,volume', row(1, '1,1,1,1,1'), row(6, '1,1,1,1,1'), `${T0 + 660_001},1,1,1,1,1`],
      'does not begin a minute',
    ],
  ])('are refused: %j', async (lines, message) => {
    await expect(opened('BADUSDT-1m.csv', lines)).rejects.toThrow(message);
  });

  test('or without volume are played', async () => {
    const lines = Array.from({ length: 50 }, (_, n) => row(n, '1,1,1,1,0'));
    const data = await opened('ZEROUSDT-1m.csv', ['time,open,high,low,close,volume', ...lines]);
    const result = await playBacktest(data, optionsOf('--data', 'ZEROUSDT-1m.csv'));
    expect(result.events).toBeGreaterThan(200);
    expect(result.assumptions.join(' ')).toContain('estimated from the moves');
  });
});

describe('a result says what it cannot mean', () => {
  const SHORT = write('BTCUSDT-1m-short.csv', walk(30, 'short'));
  const resultOf = async (...args: string[]) => {
    const options = optionsOf(...args);
    return await playWithin(await openData(options), options);
  };

  test('LIMIT entries on candles, and sums of two currencies', async () => {
    const limit = await resultOf('--data', SHORT, '--mode', 'HF_LIMIT', '--queue-model', 'front');
    expect(limit.models.join()).toMatch(/Queue: unknown.*Fills on candles: a price at least a tick beyond the limit/);
    const dollar = write('ETHUSD-1m-1.csv', walk(30, 'dollar'));
    expect((await resultOf('--data', SHORT, dollar)).assumptions[0]).toContain(
      'Sums add USD and USDT, which no account can',
    );
    const { assumptions, models } = await resultOf('--data', SHORT);
    expect([...assumptions, ...models].join()).not.toMatch(/Fills on candles|Sums add/);
  });

  test('times outside the data are refused', async () => {
    await expect(resultOf('--data', SHORT, '--to', '2020-01-01')).rejects.toThrow('they begin after --to, 2020-01-01');
    await expect(resultOf('--data', SHORT, '--from', '2030-01-01')).rejects.toThrow(
      /they end at 2026-01-01T00:30:00.000Z, before --from, 2030-01-01/,
    );
    expect(() => optionsOf('--data', SHORT, '--set', 'signals.nobi_threshold=')).toThrow('needs section.key=value');
  });
});
