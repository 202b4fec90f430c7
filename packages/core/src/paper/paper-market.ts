import { ageOf } from '@helios/shared/domain/age.ts';
import { VENUE_PRICE_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { Book, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { Quote } from '@helios/shared/domain/signal.ts';
import { copyOfBook } from '../book/unit-book.ts';
import { quoteOf } from '../execution/fill.ts';

/** The newest book of each symbol; paper orders fill against it. */
export class PaperMarket {
  readonly #books = new Map<string, Book>();
  readonly #marks = new Map<string, { readonly price: number; ts: number }>();

  /**
   * Stores a symbol's newest book. A book read from Redis may be older than one received on the channel; the newer one stays. A
   * stored book stamped after `nowMs` is always replaced: the clock was set back.
   */
  seeBook(book: Book, nowMs = Number.POSITIVE_INFINITY): void {
    const known = this.#books.get(book.symbol);
    const isKept = known && known.ts_event > book.ts_event && ageOf(known.ts_event, nowMs) !== undefined;
    if (!isKept) this.#books.set(book.symbol, book);
  }

  /** Handles a clock that went back by `byMs`: the age of every book stays the same. */
  setClockBack(byMs: number): void {
    for (const mark of this.#marks.values()) mark.ts -= byMs;
    for (const [symbol, book] of this.#books)
      this.#books.set(symbol, copyOfBook(book, { ts_event: book.ts_event - byMs }));
  }

  seeMark({ symbol, mark_price, ts_event }: MarkPrice): void {
    const price = Number(mark_price);
    if (price > 0) this.#marks.set(symbol, { price, ts: ts_event });
  }

  /** Price at which a position is valued: the venue's mark price, else the mid of the book; undefined if both are too old. */
  markPrice(symbol: string, nowMs: number): number | undefined {
    const mark = this.#marks.get(symbol);
    if (mark && isFresh(mark.ts, nowMs)) return mark.price;
    const quote = this.freshQuote(symbol, nowMs);
    return quote && (quote.bid + quote.ask) / 2;
  }

  books(): Book[] {
    return [...this.#books.values()];
  }

  /** The newest book of a symbol, of any age. */
  lastBook(symbol: string): Book | undefined {
    return this.#books.get(symbol);
  }

  /** Best bid and ask of the newest book of any age; undefined without a book. */
  lastQuote(symbol: string): Quote | undefined {
    const book = this.#books.get(symbol);
    return book && quoteOf(book);
  }

  /** The newest book, if it is young enough to count as current at `nowMs`. */
  freshBook(symbol: string, nowMs: number): Book | undefined {
    const book = this.#books.get(symbol);
    return book && isFresh(book.ts_event, nowMs) ? book : undefined;
  }

  freshQuote(symbol: string, nowMs: number): Quote | undefined {
    const book = this.freshBook(symbol, nowMs);
    return book && quoteOf(book);
  }
}

/** True if a price stamped `ts` counts as current at `nowMs`. */
export function isFresh(ts: number, nowMs: number): boolean {
  return (ageOf(ts, nowMs) ?? Number.POSITIVE_INFINITY) <= VENUE_PRICE_MAX_AGE_MS;
}
