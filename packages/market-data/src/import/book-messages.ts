import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { BookRow, LevelsRow } from './foreign-row.ts';

type BookMessage = DepthSnapshot | DepthUpdate;
type BookLevels = Pick<LevelsRow, 'bids' | 'asks'>;

const NO_LEVELS: BookLevels = { bids: [], asks: [] };
/** More levels than any book has. */
const ALL_LEVELS = 1_000_000;

/**
 * Writes the books of foreign files as messages of the venue, so that one feed builds all books. A whole book is a snapshot and an
 * update without levels that joins it; increments are updates whose ids follow each other.
 */
export class BookMessages {
  readonly #symbol: string;
  /** The book of the increments so far, to begin again after silence: the feed forgets a silent book. */
  readonly #book = new OrderBook();
  #hasBook = false;
  #isLost = false;
  #id = 0;
  #ts = 0;

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  /** Empty for a book that is not newer than the last one. */
  whole(row: BookRow): BookMessage[] {
    if (row.updateId !== undefined && row.updateId <= this.#id) return [];
    this.#id = row.updateId ?? this.#id + 1;
    const ts = Math.floor(row.tsUs / 1_000);
    return [this.#snapshot(row, ts), this.#update(NO_LEVELS, ts)];
  }

  changes(row: LevelsRow): BookMessage[] {
    const ts = Math.floor(row.tsUs / 1_000);
    const isSilent = ts - this.#ts > SESSION_GAP_MS;
    this.#ts = ts;
    this.#id += 1;
    if (row.isSnapshot) return this.#restart(row, ts);
    if (!this.#hasBook) return [];
    this.#book.apply(row);
    if (this.#book.isCrossed) this.#isLost = true;
    else if (this.#isLost || isSilent) {
      this.#isLost = false;
      return [this.#snapshot(this.#book.top(ALL_LEVELS), ts), this.#update(NO_LEVELS, ts)];
    }
    return [this.#update(row, ts)];
  }

  #restart(row: LevelsRow, ts: number): BookMessage[] {
    this.#book.reset(row);
    this.#hasBook = true;
    this.#isLost = false;
    return [this.#snapshot(row, ts), this.#update(NO_LEVELS, ts)];
  }

  #snapshot({ bids, asks }: BookLevels, ts: number): DepthSnapshot {
    const stamps = { symbol: this.#symbol, tsEvent: ts, tsSent: ts };
    return { kind: 'DEPTH_SNAPSHOT', ...stamps, lastUpdateId: this.#id, bids, asks };
  }

  #update({ bids, asks }: BookLevels, ts: number): DepthUpdate {
    const stamps = { symbol: this.#symbol, tsEvent: ts, tsSent: ts };
    const ids = { firstUpdateId: this.#id, lastUpdateId: this.#id, previousUpdateId: this.#id - 1 };
    return { kind: 'DEPTH_UPDATE', ...stamps, ...ids, bids, asks };
  }
}
