import type { Book, FallbackPrice, MarketTrade, MarkPrice } from '../../domain/market-data.ts';
import type { Side } from '../../domain/signal.ts';
import { imbalance } from '../book/imbalance.ts';
import { parseDecimal } from '../book/parse-decimal.ts';
import { decimalsOf } from './price-decimals.ts';

/** A hole in the books longer than this starts their history anew; a session ends after the same time. */
const UNBROKEN_GAP_MS = 60_000;
/** A trade or mark price older than this is the last resort only. */
const FRESH_PRICE_MS = 10_000;

/**
 * The best price known for leaving a position, where it comes from and how old it is. `fallback`: older than we like, or
 * from elsewhere than the venue.
 */
export interface KnownPrice {
  readonly price: number;
  readonly source: 'book' | 'trade' | 'mark' | 'fallback';
  readonly ageMs: number;
}

/** A stop follows fresh prices of the venue only: others may end a position, but they raise no stop. */
export function movesTrail(known: KnownPrice | undefined): known is KnownPrice {
  return known !== undefined && known.source !== 'fallback';
}

interface Stamped {
  readonly price: number;
  readonly ts: number;
}

/** What the market of one symbol last said. */
export class MarketMemory {
  bid = 0;
  ask = 0;
  /** (ask depth − bid depth) / (ask depth + bid depth) of the newest book; `undefined` without a usable one. */
  nobi: number | undefined;
  lastUpdateId = 0;
  bookTs = 0;
  /** A book is there, its sequence unbroken, both sides filled, not crossed. */
  bookValid = false;
  /** Since when books have come unbroken. */
  unbrokenSince: number | undefined;
  /** Decimals the venue writes prices with. */
  decimals = 0;
  #trade: Stamped | undefined;
  #mark: Stamped | undefined;
  #fallback: Stamped | undefined;

  rememberBook(book: Book, depth: number): void {
    const bestBid = book.bids[0];
    const bestAsk = book.asks[0];
    const bid = bestBid ? parseDecimal(bestBid[0]) : 0;
    const ask = bestAsk ? parseDecimal(bestAsk[0]) : 0;
    if (!bestBid || !bestAsk || !(bid > 0 && ask > bid)) {
      this.loseBook();
      return;
    }
    if (this.unbrokenSince === undefined || book.ts_event - this.bookTs > UNBROKEN_GAP_MS) {
      this.unbrokenSince = book.ts_event;
    }
    this.bid = bid;
    this.ask = ask;
    this.nobi = imbalance(book.bids, book.asks, depth);
    this.lastUpdateId = book.last_update_id;
    this.bookTs = book.ts_event;
    this.bookValid = true;
    this.decimals = Math.max(this.decimals, decimalsOf(bestBid[0]), decimalsOf(bestAsk[0]));
  }

  /** The book is no longer whole: it neither triggers nor prices anything until the next one. */
  loseBook(): void {
    this.bookValid = false;
    this.nobi = undefined;
    this.unbrokenSince = undefined;
  }

  rememberTrade(trade: MarketTrade): void {
    this.#trade = { price: parseDecimal(trade.price), ts: trade.ts_event };
  }

  rememberMark(mark: MarkPrice): void {
    const price = parseDecimal(mark.mark_price);
    if (price > 0) this.#mark = { price, ts: mark.ts_event };
  }

  rememberFallback(fallback: FallbackPrice): void {
    const price = parseDecimal(fallback.price);
    if (price > 0) this.#fallback = { price, ts: fallback.ts_event };
  }

  get mid(): number {
    return (this.bid + this.ask) / 2;
  }

  /** The spread in basis points of the mid. */
  get spreadBp(): number {
    return (10_000 * (this.ask - this.bid)) / this.mid;
  }

  bookFresh(nowMs: number, maxAgeMs: number): boolean {
    return this.bookValid && nowMs - this.bookTs <= maxAgeMs;
  }

  /**
   * The price at which a position of `side` could be left: the bid for LONG, the ask for SHORT, while the book is
   * younger than `maxBookAgeMs`; else the last trade, the mark price, and at last whatever is newest, a price from
   * elsewhere included.
   */
  closingPrice(side: Side, nowMs: number, maxBookAgeMs: number): KnownPrice | undefined {
    const touch = side === 'LONG' ? this.bid : this.ask;
    if (this.bookFresh(nowMs, maxBookAgeMs)) return { price: touch, source: 'book', ageMs: nowMs - this.bookTs };
    const trade = this.#trade;
    if (trade && nowMs - trade.ts <= FRESH_PRICE_MS) {
      return { price: trade.price, source: 'trade', ageMs: nowMs - trade.ts };
    }
    const mark = this.#mark;
    if (mark && nowMs - mark.ts <= FRESH_PRICE_MS) return { price: mark.price, source: 'mark', ageMs: nowMs - mark.ts };
    let newest: Stamped | undefined = touch > 0 ? { price: touch, ts: this.bookTs } : undefined;
    for (const other of [trade, mark, this.#fallback]) {
      if (other && (newest === undefined || other.ts > newest.ts)) newest = other;
    }
    return newest && { price: newest.price, source: 'fallback', ageMs: nowMs - newest.ts };
  }
}
