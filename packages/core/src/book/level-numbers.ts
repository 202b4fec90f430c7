import type { Level } from '@helios/shared/domain/market-data.ts';
import { decimalsOf } from '../price/decimal-text.ts';
import { parseDecimal } from '../price/parse-decimal.ts';
import { UnitBook } from './unit-book.ts';

/** Visible levels of a book, best first on each side. */
export interface ShownBook {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

type BookSideName = 'bids' | 'asks';

/** Number of visible levels of a side. */
export function levelCount(book: ShownBook, side: BookSideName): number {
  return book instanceof UnitBook ? book.count(side) : book[side].length;
}

/** Price of the level at `index`, best first; NaN if the book does not show it. */
export function priceAt(book: ShownBook, side: BookSideName, index: number): number {
  if (book instanceof UnitBook) return book.priceAt(side, index);
  const level = book[side][index];
  return level === undefined ? Number.NaN : parseDecimal(level[0]);
}

/** Base quantity of the level at `index`, best first; NaN if the book does not show it. */
export function qtyAt(book: ShownBook, side: BookSideName, index: number): number {
  if (book instanceof UnitBook) return book.qtyAt(side, index);
  const level = book[side][index];
  return level === undefined ? Number.NaN : parseDecimal(level[1]);
}

/** Decimals of the best prices, the greater of both sides; 0 for an empty book. */
export function priceDecimalsOf(book: ShownBook): number {
  if (book instanceof UnitBook) return book.units.priceScale;
  return Math.max(decimalsOf(book.bids[0]?.[0] ?? ''), decimalsOf(book.asks[0]?.[0] ?? ''));
}
