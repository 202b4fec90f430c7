import { KlineFolder } from '@helios/core/indicators/kline-folder.ts';
import type { PassedPrices } from '@helios/core/strategy/quiet-market.ts';
import type { Book, Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PassableMinute, PassedBook } from '../data/market-target.ts';
import { BookMaker } from './book-of-kline.ts';
import { numberKlineAt, pathPriceAt, sessionEnd } from './kline-events.ts';
import type { KlineSeries } from './kline-series.ts';
import { LAST_STEP, PATH_MS, PATH_STEPS, type PlayedKlines } from './played-klines.ts';

const MINUTE_MS = 60_000;
const NONE: readonly MarketEvent[] = [];

/**
 * One-minute candles. The book of a minute knows only the candles before it. From its open the price goes first to the
 * extreme that is worse for the open position, then to the other one, then to the close.
 */
export class KlineMarket implements PlayedKlines, PassableMinute {
  readonly symbol: string;
  readonly #series: KlineSeries;
  readonly #books: BookMaker;
  readonly #folder: KlineFolder;
  /** Index of the next candle. */
  #at = 0;
  /** True after the first minute of a session. */
  #hasBefore = false;
  #id = 0;

  constructor(series: KlineSeries) {
    this.symbol = series.instrument.symbol;
    this.#series = series;
    this.#books = new BookMaker(series.instrument);
    this.#folder = new KlineFolder(this.symbol, '1m', series.decimals);
  }

  get nextTs(): number | undefined {
    return this.#series.columns.openTs[this.#at];
  }

  get passable(): PassableMinute | undefined {
    return this.#hasBefore ? this : undefined;
  }

  get endTs(): number {
    return (this.nextTs ?? 0) + MINUTE_MS;
  }

  bridge(): readonly MarketEvent[] {
    const isNext = !this.#hasBefore || this.nextTs === this.#endOfLast();
    return isNext ? NONE : this.end('minutes are missing');
  }

  hasBook(): boolean {
    return this.#hasBefore;
  }

  isBelow(threshold: number, depth: number, step: number): boolean {
    return this.#books.isBelow(this.#priceAt(step), threshold, depth);
  }

  skip(step: number): PassedBook | undefined {
    this.#id += 1;
    if (step !== LAST_STEP) return undefined;
    const ts = (this.nextTs ?? 0) + (PATH_MS[step] ?? 0);
    return { symbol: this.symbol, ts, mid: this.#books.midAt(this.#priceAt(step)) };
  }

  book(step: number, side: Side | undefined): MarketEvent {
    this.#id += 1;
    return this.#books.at(this.#priceAt(step, side), (this.nextTs ?? 0) + (PATH_MS[step] ?? 0), this.#id);
  }

  staysBelow(threshold: number, depth: number): boolean {
    const { low, high } = this.#range();
    if (this.#books.isBelowBetween(low, high, threshold, depth)) return true;
    return PATH_STEPS.every((step) => this.isBelow(threshold, depth, step));
  }

  prices(): PassedPrices {
    const { low, high } = this.#range();
    const [lowest, highest] = [this.#books.quoteAt(low), this.#books.quoteAt(high)];
    const range = {
      LONG: { low: lowest.bid, high: highest.bid },
      SHORT: { low: lowest.ask, high: highest.ask },
    };
    return { symbol: this.symbol, range, untilMs: this.endTs };
  }

  glimpse(step: number, side: Side | undefined, depth: number) {
    const price = this.#priceAt(step, side);
    const ts = (this.nextTs ?? Number.NaN) + (PATH_MS[step] ?? 0);
    return { ts, mid: this.#books.midAt(price), nobi: this.#books.exactImbalanceAt(price, depth) };
  }

  pass() {
    this.#id += PATH_MS.length;
    const last = {
      symbol: this.symbol,
      ts: this.#lastBookTs(this.#at),
      mid: this.#books.midAt(this.#priceAt(LAST_STEP)),
    };
    return { last, klines: this.close() };
  }

  lastPassed(): Book {
    const before = this.#at - 1;
    this.#useVolume(before - 1);
    const book = this.#books.at(this.#series.columns.close[before] ?? Number.NaN, this.#lastBookTs(before), this.#id);
    this.#useVolume(before);
    return book;
  }

  close(): readonly Kline[] {
    const kline = numberKlineAt(this.#series, '1m', this.#series.columns, this.#at);
    this.#useVolume(this.#at);
    this.#hasBefore = true;
    this.#at += 1;
    const longer = this.#folder.add(kline);
    return longer.length === 0 ? [kline] : [kline, ...longer];
  }

  end(reason: string): readonly MarketEvent[] {
    if (!this.#hasBefore) return NONE;
    this.#hasBefore = false;
    this.#folder.reset();
    return [sessionEnd(this.symbol, this.#endOfLast(), reason)];
  }

  #endOfLast(): number {
    return (this.#series.columns.openTs[this.#at - 1] ?? 0) + MINUTE_MS;
  }

  #lastBookTs(at: number): number {
    return (this.#series.columns.openTs[at] ?? 0) + (PATH_MS[LAST_STEP] ?? 0);
  }

  /** The candle whose volume is in the next books. */
  #useVolume(at: number): void {
    const { columns, depthVolume } = this.#series;
    const { buyShare, close } = columns;
    this.#books.useVolume(depthVolume[at] ?? 0, buyShare[at] ?? Number.NaN, close[at] ?? Number.NaN);
  }

  /** Lowest and highest price of the next candle; open and close count, too. */
  #range(): { readonly low: number; readonly high: number } {
    const { open, high, low, close } = this.#series.columns;
    const [first = Number.NaN, last = Number.NaN] = [open[this.#at], close[this.#at]];
    return {
      low: Math.min(low[this.#at] ?? Number.NaN, first, last),
      high: Math.max(high[this.#at] ?? Number.NaN, first, last),
    };
  }

  #priceAt(step: number, side?: Side): number {
    return pathPriceAt(this.#series.columns, this.#at, step, side);
  }
}
