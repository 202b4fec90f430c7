import { KlineFolder } from '@helios/core/indicators/kline-folder.ts';
import type { NumberKline } from '@helios/core/indicators/number-kline.ts';
import type { PassedPrices } from '@helios/core/strategy/quiet-market.ts';
import type { Book, Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PassableMinute, PassedBook, PassedMinuteTarget, ReachedPrice } from '../data/market-target.ts';
import { BookMaker } from './book-of-kline.ts';
import { numberKlineAt, pathPriceAt, sessionEnd } from './kline-events.ts';
import type { KlineSeries } from './kline-series.ts';
import { LAST_STEP, PATH_MS, PATH_STEPS, type PlayedKlines } from './played-klines.ts';
import { reachedPrice } from './reached-price.ts';

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
  /** Index of the candle whose volume the books have. */
  #volumeAt = -1;

  constructor(series: KlineSeries) {
    this.symbol = series.instrument.symbol;
    this.#series = series;
    this.#books = new BookMaker(series.instrument);
    this.#folder = new KlineFolder(this.symbol, '1m', series.decimals);
  }

  get nextTs(): number | undefined {
    return this.#series.columns.openTs[this.#at];
  }

  get isPassable(): boolean {
    return this.#hasBefore;
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
    return this.#booksAt(this.#at).isBelow(this.#priceAt(step), threshold, depth);
  }

  skip(step: number): PassedBook | undefined {
    this.#id += 1;
    if (step !== LAST_STEP) return undefined;
    const ts = (this.nextTs ?? 0) + (PATH_MS[step] ?? 0);
    return { symbol: this.symbol, ts, mid: this.#books.midAt(this.#priceAt(step)) };
  }

  book(step: number, side: Side | undefined): MarketEvent {
    this.#id += 1;
    const ts = (this.nextTs ?? 0) + (PATH_MS[step] ?? 0);
    return this.#booksAt(this.#at).at(this.#priceAt(step, side), ts, this.#id);
  }

  reached(step: number, side: Side | undefined): ReachedPrice | undefined {
    if (step === 0) return undefined;
    const { instrument, columns } = this.#series;
    const volume = (columns.volume[this.#at] ?? 0) / LAST_STEP;
    const times = { ts: this.#bookTs(this.#at, step), firstTs: this.#bookTs(this.#at, 0) };
    return reachedPrice({ instrument, price: this.#priceAt(step, side), step, side, volume, ...times });
  }

  staysBelow(threshold: number, depth: number): boolean {
    const { low, high } = this.#range();
    if (this.#booksAt(this.#at).isBelowBetween(low, high, threshold, depth)) return true;
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
    const books = this.#booksAt(this.#at);
    return { ts, mid: books.midAt(price), nobi: books.exactImbalanceAt(price, depth) };
  }

  pass(to: PassedMinuteTarget): void {
    this.#id += PATH_MS.length;
    to.onPassedBook(this.symbol, this.#bookTs(this.#at, LAST_STEP), this.#books.midAt(this.#priceAt(LAST_STEP)));
    const kline = this.#next();
    to.onPassedKline(kline);
    for (const longer of this.#folder.add(kline)) to.onPassedKline(longer);
  }

  lastPassed(): Book {
    const before = this.#at - 1;
    const close = this.#series.columns.close[before] ?? Number.NaN;
    return this.#booksAt(before).at(close, this.#bookTs(before, LAST_STEP), this.#id);
  }

  glimpsePassed(step: number, side: Side | undefined, depth: number) {
    const before = this.#at - 1;
    const price = pathPriceAt(this.#series.columns, before, step, side);
    return { ts: this.#bookTs(before, step), nobi: this.#booksAt(before).exactImbalanceAt(price, depth) };
  }

  close(): readonly Kline[] {
    const kline = this.#next();
    const longer = this.#folder.add(kline);
    return longer.length === 0 ? [kline] : [kline, ...longer];
  }

  /** The kline of the minute; the next minute follows. */
  #next(): NumberKline {
    const kline = numberKlineAt(this.#series, '1m', this.#series, this.#at);
    this.#hasBefore = true;
    this.#at += 1;
    return kline;
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

  #bookTs(at: number, step: number): number {
    return (this.#series.columns.openTs[at] ?? 0) + (PATH_MS[step] ?? 0);
  }

  /** The books of a candle, with the volume of the candle before it. */
  #booksAt(at: number): BookMaker {
    const before = at - 1;
    if (this.#volumeAt === before) return this.#books;
    const { columns, depthVolume } = this.#series;
    const { buyShare, close } = columns;
    this.#books.useVolume(depthVolume[before] ?? 0, buyShare[before] ?? Number.NaN, close[before] ?? Number.NaN);
    this.#volumeAt = before;
    return this.#books;
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
