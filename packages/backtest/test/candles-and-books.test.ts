import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BookFlow } from '@helios/core/features/book-flow.ts';
import { CandidateWatch } from '@helios/core/features/candidate-watch.ts';
import type { FeatureInputs } from '@helios/core/features/symbol-features.ts';
import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import type { Book, Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { framesUntil } from '@helios/synthetic-market/frames-until.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBacktestOptions } from '../src/backtest-options.ts';
import { openData } from '../src/data/open-data.ts';
import { playSource } from '../src/data/play-source.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'helios-same-market-'));
const [SYMBOL, LEADER] = ['SOLUSDT', 'BTCUSDT'];
/** Ten minutes before a session begins. */
const START_TS = Date.UTC(2026, 0, 4, 23, 50);
const HOURS = 2.5;
const MINUTE_MS = 60_000;
/** Books are read in the middle of a minute, when the klines of the minute before have come. */
const READ_MS = 30_000;
/** Digits of prices and volumes are all that differs. */
const TOLERANCE = 1e-6;

/** Collects the features of a LONG, once a minute; as a model of candles asks for them. */
class MinuteReader {
  readonly vectors = new Map<number, Float64Array>();
  readonly sequences = new Map<number, readonly Float64Array[] | undefined>();
  readonly #watches = new Map<string, CandidateWatch>();
  readonly #flows = new Map<string, BookFlow>();
  readonly #isBookMadeUp: boolean;
  readonly #readMs: number;

  constructor(isBookMadeUp: boolean, readMs: number) {
    this.#isBookMadeUp = isBookMadeUp;
    this.#readMs = readMs;
  }

  onEvent(event: MarketEvent): void {
    const watch = this.#watchOf(event.symbol);
    if (event.type === 'kline') watch.onKline(event);
    else if (event.type === 'book') this.#onBook(watch, event);
    else if (event.type !== 'break') watch.onPrice(event, undefined);
  }

  #onBook(watch: CandidateWatch, book: Book): void {
    const quote = { bid: Number(book.bids[0]?.[0]), ask: Number(book.asks[0]?.[0]) };
    this.#flows.get(book.symbol)?.onBook(book, quote.bid, quote.ask);
    watch.onPrice(book, quote);
    const minute = Math.floor(book.ts_event / MINUTE_MS);
    if (book.symbol !== SYMBOL || book.ts_event % MINUTE_MS < this.#readMs || this.vectors.has(minute)) return;
    const hour = { nowMs: minute * MINUTE_MS + READ_MS, quote, regime: 'RANGING', sentiment: undefined } as const;
    const inputs: FeatureInputs = { ...hour, ofCandles: true };
    this.vectors.set(minute, watch.features.vector('LONG', inputs));
    this.sequences.set(minute, watch.features.sequence('LONG', inputs.nowMs));
  }

  #watchOf(symbol: string): CandidateWatch {
    const known = this.#watches.get(symbol);
    if (known !== undefined) return known;
    const flow = this.#isBookMadeUp ? undefined : new BookFlow();
    if (flow !== undefined) this.#flows.set(symbol, flow);
    const watch = new CandidateWatch(symbol, (other) => this.#watches.get(other)?.features, flow);
    this.#watches.set(symbol, watch);
    return watch;
  }
}

const ofBooks = new MinuteReader(false, READ_MS);
const ofCandles = new MinuteReader(true, 0);

const lineOf = ({ open_ts, open, high, low, close, volume, close_ts, quote_volume, taker_buy_volume = '0' }: Kline) =>
  [open_ts, open, high, low, close, volume, close_ts, quote_volume, 1, taker_buy_volume, 0, 0].join(',');

/** Plays the market of the generator as books, and its own candles as candles. */
beforeAll(async () => {
  const symbols = [SYMBOL, LEADER];
  const source = createGeneratorSource({ seed: 3, symbols, startMs: START_TS, updatesPerSecond: 1 });
  const lines = new Map<string, string[]>(symbols.map((symbol) => [symbol, []]));
  const onFrame = (events: readonly MarketEvent[]) => {
    for (const event of events) {
      ofBooks.onEvent(event);
      if (event.type === 'kline' && event.interval === '1m') lines.get(event.symbol)?.push(lineOf(event));
    }
  };
  const frames = () => framesUntil(source, START_TS + HOURS * 3_600_000);
  const bounded = { instruments: () => source.instruments(), history: source.history, frames };
  await playSource(bounded, { onFrame, sideOf: () => undefined });
  const files = [...lines].map(([symbol, own]) => {
    const file = join(FOLDER, `${symbol}-1m.csv`);
    writeFileSync(file, `${own.join('\n')}\n`);
    return file;
  });
  const place = { cwd: FOLDER, root: FOLDER, env: {}, nowMs: 0 };
  const data = await openData(readBacktestOptions(readCommandLine('backtest', ['--data', ...files]), place));
  const play = (events: readonly MarketEvent[]) => {
    for (const event of events) ofCandles.onEvent(event);
  };
  await data.play({ onFrame: play, sideOf: () => undefined }, {});
}, 120_000);
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

/** Largest difference of a feature, and the number of minutes that both have. */
function difference(name: string) {
  const at = FEATURE_NAMES.indexOf(name);
  const pairs = [...ofCandles.vectors].map(([minute, vector]) => [vector[at], ofBooks.vectors.get(minute)?.[at]]);
  const both = pairs.filter(([a = Number.NaN, b = Number.NaN]) => !Number.isNaN(a) && !Number.isNaN(b));
  return { count: both.length, largest: Math.max(0, ...both.map(([a = 0, b = 0]) => Math.abs(a - b))) };
}

test('what candles know of a market is what its books know, to the last digits', () => {
  expect(ofCandles.vectors.size).toBeGreaterThan(140);
  const known = FEATURE_NAMES.filter((name) => difference(name).count > 0);
  for (const name of known) {
    expect(difference(name).largest, name).toBeLessThan(TOLERANCE);
  }
  const needed = ['trade_flow_60s', 'trade_flow_5m', 'volatility_60m', 'volume_ln'];
  for (const name of [...needed, 'momentum_5m', 'return_60m', 'vwap_distance', 'btc_return_60m'])
    expect(known, name).toContain(name);
});

test('what candles must make up is missing there, and the books have it', () => {
  const [candles, books] = [ofCandles, ofBooks].map(({ vectors }) => [...vectors.values()].at(-2));
  const missing = (vector: Float64Array | undefined) => FEATURE_NAMES.filter((_, n) => Number.isNaN(vector?.[n]));
  const madeUp = missing(candles).filter((name) => !missing(books).includes(name));
  expect(madeUp).toEqual([
    ...['queue_imbalance', 'imbalance_5', 'imbalance_10', 'imbalance_20'],
    ...['order_flow_1s', 'order_flow_10s', 'order_flow_60s', 'trade_flow_10s', 'microprice_bp'],
    ...['spread_bp', 'spread_rank', 'depth_distance_bp', 'depth_skew'],
    ...['funding_bp', 'funding_hours', 'basis_bp', 'btc_imbalance_20'],
  ]);
});

test('the LSTM reads the same minutes', () => {
  let compared = 0;
  for (const [minute, rows] of ofCandles.sequences) {
    const others = ofBooks.sequences.get(minute);
    if (rows === undefined || others === undefined) continue;
    for (const [n, row] of rows.entries())
      for (const [column, value] of row.entries()) {
        if (Number.isNaN(value)) continue;
        compared += 1;
        expect(Math.abs(value - (others[n]?.[column] ?? Number.NaN))).toBeLessThan(TOLERANCE);
      }
  }
  expect(compared).toBeGreaterThan(5_000);
});
