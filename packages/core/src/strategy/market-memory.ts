import { ageOf } from '@helios/shared/domain/age.ts';
import { FRESH_PRICE_MS, SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { Book, FallbackPrice, Kline, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { imbalance } from '../book/imbalance.ts';
import { priceAt, priceDecimalsOf } from '../book/level-numbers.ts';
import { decimalsOf } from '../price/decimal-text.ts';
import { parseDecimal } from '../price/parse-decimal.ts';
import { gridOfDecimals, gridOfTick, type PriceGrid } from '../price/price-grid.ts';
import { isWithin, type KnownPrice } from './known-price.ts';

/** Maximum length of a break (missing update, crossed book) that keeps the history: little was missed. */
const BRIDGED_BREAK_MS = 5_000;

/** Maximum decimals in a price of the venue. */
const MAX_PRICE_DECIMALS = 8;

/** A stored price, for services that start later. */
export type PriceSample = Book | MarketTrade | FallbackPrice | Kline;

interface Stamped {
  price: number;
  ts: number;
}

/** Best prices of a stored book: positions may close at them, entries do not use them. */
interface KeptBook {
  readonly bid: number;
  readonly ask: number;
  readonly ts: number;
}

/** The latest market data of one symbol. */
export class MarketMemory {
  bid = 0;
  ask = 0;
  /** Best prices of the usable book before; 0 without one. */
  #bidBefore = 0;
  #askBefore = 0;
  /** (ask depth − bid depth) / (ask depth + bid depth) of the newest book; `undefined` without a usable one. */
  nobi: number | undefined;
  lastUpdateId = 0;
  bookTs = 0;
  /** True if a book exists, its sequence is unbroken, both sides have levels, and it is not crossed. */
  bookValid = false;
  /** Start of the book history without a relevant gap. */
  unbrokenSince: number | undefined;
  /** True if a break followed the newest book. */
  #broken = false;
  /** The newest usable book. */
  levels: Book | undefined;
  /** Decimals of the prices from the venue, used without an instrument; undefined before the first book or trade. */
  #decimals: number | undefined;
  #tickGrid: PriceGrid | undefined;
  #trade: Stamped | undefined;
  #mark: Stamped | undefined;
  #fallback: Stamped | undefined;
  #kept: KeptBook | undefined;
  #kline: Stamped | undefined;

  /** `before` is the memory of the previous session; its instrument is kept. */
  constructor(before?: MarketMemory) {
    if (before !== undefined) this.#tickGrid = before.#tickGrid;
  }

  /** The valid prices of the venue. */
  get grid(): PriceGrid {
    return this.#tickGrid ?? gridOfDecimals(this.#decimals ?? MAX_PRICE_DECIMALS);
  }

  rememberTick(tickSize: string): void {
    this.#tickGrid = gridOfTick(tickSize);
  }

  rememberBook(book: Book, depth: number): void {
    const bid = priceAt(book, 'bids', 0);
    const ask = priceAt(book, 'asks', 0);
    if (!(bid > 0 && ask > bid)) {
      this.loseBook();
      return;
    }
    const gapMs = ageOf(this.bookTs, book.ts_event);
    const maxGapMs = this.#broken ? BRIDGED_BREAK_MS : SESSION_GAP_MS;
    if (this.unbrokenSince === undefined || !isWithin(gapMs, maxGapMs)) this.unbrokenSince = book.ts_event;
    this.#broken = false;
    this.#bidBefore = this.bid;
    this.#askBefore = this.ask;
    this.bid = bid;
    this.ask = ask;
    this.nobi = imbalance(book, depth);
    this.levels = book;
    this.lastUpdateId = book.last_update_id;
    this.bookTs = book.ts_event;
    this.bookValid = true;
    this.#seeDecimals(priceDecimalsOf(book));
  }

  /** A valid book at `ts` that nobody read: the history goes on. */
  passBook(ts: number): void {
    this.bookTs = ts;
  }

  /** Marks the book as invalid: it triggers and prices nothing until the next one. */
  loseBook(): void {
    this.bookValid = false;
    this.nobi = undefined;
    this.#broken = true;
  }

  /**
   * Handles a clock that went back by `byMs`: drops the book, and its history starts with the next one. The age of all prices
   * stays the same.
   */
  setClockBack(byMs: number): void {
    this.loseBook();
    this.unbrokenSince = undefined;
    this.bookTs -= byMs;
    this.#trade = olderBy(byMs, this.#trade);
    this.#mark = olderBy(byMs, this.#mark);
    this.#fallback = olderBy(byMs, this.#fallback);
    this.#kept = olderBy(byMs, this.#kept);
    this.#kline = olderBy(byMs, this.#kline);
  }

  rememberTrade(trade: MarketTrade): void {
    const price = parseDecimal(trade.price);
    if (this.#trade === undefined) this.#trade = { price, ts: trade.ts_event };
    else {
      this.#trade.price = price;
      this.#trade.ts = trade.ts_event;
    }
    this.#seeDecimals(decimalsOf(trade.price));
  }

  rememberMark(mark: MarkPrice): void {
    const price = parseDecimal(mark.mark_price);
    if (price > 0) this.#mark = { price, ts: mark.ts_event };
  }

  rememberFallback(fallback: FallbackPrice): void {
    const price = parseDecimal(fallback.price);
    if (price > 0) this.#fallback = { price, ts: fallback.ts_event };
  }

  /**
   * Loads a price that was stored before this process listened. It keeps its age, and any newer price replaces it. A stored book
   * is a last resort only and never replaces a received one.
   */
  restore(sample: PriceSample): void {
    if (sample.type === 'book') this.#keep(sample);
    if (sample.type === 'kline' && isNewer(sample, this.#kline))
      this.#kline = { price: parseDecimal(sample.close), ts: sample.ts_event };
    if (sample.type === 'trade' && isNewer(sample, this.#trade)) this.rememberTrade(sample);
    if (sample.type === 'fallback' && isNewer(sample, this.#fallback)) this.rememberFallback(sample);
  }

  /** The price at which a position of `side` could be closed in the book before the newest one; undefined without one. */
  touchBefore(side: Side): number | undefined {
    const touch = side === 'LONG' ? this.#bidBefore : this.#askBefore;
    return touch > 0 ? touch : undefined;
  }

  get mid(): number {
    return (this.bid + this.ask) / 2;
  }

  /** The spread in basis points of the mid. */
  get spreadBp(): number {
    return (10_000 * (this.ask - this.bid)) / this.mid;
  }

  bookFresh(nowMs: number, maxAgeMs: number): boolean {
    return this.bookValid && isWithin(ageOf(this.bookTs, nowMs), maxAgeMs);
  }

  /**
   * The price at which a position of `side` could be closed. Order: the book while it is younger than `maxBookAgeMs` (bid for
   * LONG, ask for SHORT), the last trade, the mark price, and finally the newest price of any source, fallback prices included.
   */
  exitPrice(side: Side, nowMs: number, maxBookAgeMs: number): KnownPrice | undefined {
    const touch = side === 'LONG' ? this.bid : this.ask;
    if (this.bookFresh(nowMs, maxBookAgeMs)) return { price: touch, source: 'book', ageMs: ageOf(this.bookTs, nowMs) };
    const trade = this.#trade;
    const tradeAgeMs = trade && ageOf(trade.ts, nowMs);
    if (trade && isWithin(tradeAgeMs, FRESH_PRICE_MS)) {
      return { price: trade.price, source: 'trade', ageMs: tradeAgeMs };
    }
    const mark = this.#mark;
    const markAgeMs = mark && ageOf(mark.ts, nowMs);
    if (mark && isWithin(markAgeMs, FRESH_PRICE_MS)) return { price: mark.price, source: 'mark', ageMs: markAgeMs };
    return this.#lastResort(side, nowMs);
  }

  /**
   * The price at which a position of `side` closes when the session ends: the book where it is younger than the last trade, else as
   * `exitPrice`. The book is the last one of the session, so its age does not count.
   */
  sessionEndPrice(side: Side, nowMs: number, maxBookAgeMs: number): KnownPrice | undefined {
    const touch = side === 'LONG' ? this.bid : this.ask;
    if (!(touch > 0) || this.bookTs < (this.#trade?.ts ?? 0)) return this.exitPrice(side, nowMs, maxBookAgeMs);
    const source = this.bookFresh(nowMs, maxBookAgeMs) ? 'book' : 'last book';
    return { price: touch, source, ageMs: ageOf(this.bookTs, nowMs) };
  }

  /** The newest price; a price of unknown age only if there is no other. */
  #lastResort(side: Side, nowMs: number): KnownPrice | undefined {
    const touch = side === 'LONG' ? this.bid : this.ask;
    const kept = this.#kept && { price: side === 'LONG' ? this.#kept.bid : this.#kept.ask, ts: this.#kept.ts };
    const known = [
      { source: 'last book', at: touch > 0 ? { price: touch, ts: this.bookTs } : undefined },
      { source: 'last book', at: kept },
      { source: 'last trade', at: this.#trade },
      { source: 'last mark', at: this.#mark },
      { source: 'last kline', at: this.#kline },
      { source: 'fallback', at: this.#fallback },
    ] as const;
    let newest: KnownPrice | undefined;
    for (const { source, at } of known) {
      if (at === undefined) continue;
      const ageMs = ageOf(at.ts, nowMs);
      if (newest && (ageMs ?? Number.POSITIVE_INFINITY) >= (newest.ageMs ?? Number.POSITIVE_INFINITY)) continue;
      newest = { price: at.price, source, ageMs };
    }
    return newest;
  }

  #seeDecimals(decimals: number): void {
    this.#decimals = Math.max(this.#decimals ?? 0, decimals);
  }

  #keep(book: Book): void {
    const bid = priceAt(book, 'bids', 0);
    const ask = priceAt(book, 'asks', 0);
    if (bid > 0 && ask > bid && isNewer(book, this.#kept)) this.#kept = { bid, ask, ts: book.ts_event };
  }
}

function olderBy<T extends { readonly ts: number }>(byMs: number, stamped: T | undefined): T | undefined {
  return stamped && { ...stamped, ts: stamped.ts - byMs };
}

function isNewer(sample: PriceSample, than: { readonly ts: number } | undefined): boolean {
  return than === undefined || sample.ts_event > than.ts;
}
