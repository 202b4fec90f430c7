import type { Book } from '@helios/shared/domain/market-data.ts';
import { imbalance } from '../book/imbalance.ts';
import { levelCount, priceAt, qtyAt } from '../book/level-numbers.ts';
import { balance, ratio } from './missing.ts';

/** What one book says, each positive for more bids; NaN where the book does not say it. */
export interface BookShape {
  readonly queue: number;
  readonly imbalance5: number;
  readonly imbalance10: number;
  readonly imbalance20: number;
  readonly micropriceBp: number;
  readonly spreadBp: number;
  readonly distanceBp: number;
  readonly skew: number;
}

/** Reads a whole book: ask for it only when a decision needs it. */
export function bookShapeOf(book: Book): BookShape {
  const bid = priceAt(book, 'bids', 0);
  const ask = priceAt(book, 'asks', 0);
  const mid = (bid + ask) / 2;
  const queue = balance(qtyAt(book, 'bids', 0), qtyAt(book, 'asks', 0));
  const spreadBp = (10_000 * (ask - bid)) / mid;
  const below = distanceBp(book, 'bids', mid);
  const above = distanceBp(book, 'asks', mid);
  return {
    queue,
    imbalance5: bidsAgainstAsks(book, 5),
    imbalance10: bidsAgainstAsks(book, 10),
    imbalance20: bidsAgainstAsks(book, 20),
    // The weighted mid (Gatheral and Oomen 2010) lies on the side of the smaller quantity, by this share of half the spread.
    micropriceBp: (queue * spreadBp) / 2,
    spreadBp,
    distanceBp: (below + above) / 2,
    skew: Math.log(ratio(above, below)),
  };
}

/** `imbalance` counts asks as positive. */
export function bidsAgainstAsks(book: Book, depth: number): number {
  const value = imbalance(book, depth);
  return value === undefined ? Number.NaN : 0 - value;
}

/** Mean distance of a side's value from the mid, basis points. */
function distanceBp(book: Book, side: 'bids' | 'asks', mid: number): number {
  let value = 0;
  let weighted = 0;
  for (let i = 0; i < levelCount(book, side); i += 1) {
    const price = priceAt(book, side, i);
    const notional = price * qtyAt(book, side, i);
    value += notional;
    weighted += notional * Math.abs(price - mid);
  }
  return (10_000 * ratio(weighted, value)) / mid;
}
