import type { BookTicker } from '@helios/binance/wire/book-ticker.ts';
import { levelCount, priceAt, qtyAt, type ShownBook } from '@helios/core/book/level-numbers.ts';
import { parseDecimal } from '@helios/core/price/parse-decimal.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

/** The best levels of a book built from diffs, right after one depth update. */
interface Top {
  readonly updateId: number;
  readonly book: ShownBook;
}

/** Maximum number of tops or tickers that wait for the other stream; a recording may lack one stream. */
const WAITING_LIMIT = 5_000;

/**
 * Compares a book built from diffs with the bookTicker of the venue. Both count updates with the same ids (`u`), and bookTicker
 * reports every change of the top. So after a depth update that ends at u, the newest ticker with an id ≤ u shows the top. The
 * comparison needs a ticker beyond u: then no closer one can follow. Either stream may be ahead of the other.
 */
export class TopCheck {
  compared = 0;
  different = 0;
  #tops: Top[] = [];
  #tickers: BookTicker[] = [];

  /** Adds the top after the update `updateId`. */
  onBook(updateId: number, book: ShownBook): void {
    this.#tops.push({ updateId, book });
    this.#settle();
  }

  onTicker(ticker: BookTicker): void {
    this.#tickers.push(ticker);
    this.#settle();
  }

  /** Drops everything that waits: after a break in the data it cannot be compared. */
  reset(): void {
    this.#tops = [];
    this.#tickers = [];
  }

  #settle(): void {
    const newest = this.#tickers.at(-1)?.updateId ?? 0;
    for (let top = this.#tops[0]; top !== undefined && top.updateId < newest; top = this.#tops[0]) {
      this.#tops.shift();
      while ((this.#tickers[1]?.updateId ?? Number.POSITIVE_INFINITY) <= top.updateId) this.#tickers.shift();
      this.#compare(top, this.#tickers[0]);
    }
    if (this.#tops.length > WAITING_LIMIT) this.#tops.shift();
    if (this.#tickers.length > WAITING_LIMIT) this.#tickers.shift();
  }

  #compare(top: Top, ticker: BookTicker | undefined): void {
    if (ticker === undefined || ticker.updateId > top.updateId) return;
    this.compared += 1;
    if (!isSame(top.book, 'bids', ticker.bid) || !isSame(top.book, 'asks', ticker.ask)) this.different += 1;
  }
}

/** Compares the best level of a side with a ticker; an empty side is 0 in a ticker. */
function isSame(book: ShownBook, side: 'bids' | 'asks', [price, qty]: Level): boolean {
  if (levelCount(book, side) === 0) return parseDecimal(qty) === 0;
  return priceAt(book, side, 0) === parseDecimal(price) && qtyAt(book, side, 0) === parseDecimal(qty);
}
