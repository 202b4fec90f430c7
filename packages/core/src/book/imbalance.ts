import { levelCount, priceAt, qtyAt, type ShownBook } from './level-numbers.ts';
import { UnitBook } from './unit-book.ts';

/**
 * Normalised order-book imbalance, −1..1: (ask − bid) / (ask + bid). Each side is the sum of price × quantity over its best
 * `depth` levels. Positive means that asks dominate; on recorded books the price then tends to fall. Undefined if a side is empty
 * or its value is 0.
 */
export function imbalance(book: ShownBook, depth: number): number | undefined {
  const bid = notional(book, 'bids', depth);
  const ask = notional(book, 'asks', depth);
  if (!(bid > 0 && ask > 0)) return undefined;
  return (ask - bid) / (ask + bid);
}

/** Quote value of the best `depth` levels of one side. */
export function notional(book: ShownBook, side: 'bids' | 'asks', depth: number): number {
  if (book instanceof UnitBook) return book.notional(side, depth);
  let sum = 0;
  const count = Math.min(depth, levelCount(book, side));
  for (let i = 0; i < count; i += 1) sum += priceAt(book, side, i) * qtyAt(book, side, i);
  return sum;
}
