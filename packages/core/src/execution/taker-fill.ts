import { levelCount, priceAt, qtyAt, type ShownBook } from '../book/level-numbers.ts';
import { type Taken, walkLevels } from '../matching/walk-levels.ts';
import { roundMoney } from '../price/significant-digits.ts';
import type { Action } from './fill.ts';

/** Minimum distance behind the last visible level for a fill beyond the book, as a fraction of that level's price. */
const MIN_BEYOND_SHARE = 0.005;

/** An order that takes liquidity at once. Quantity in base currency. */
export interface TakerOrder {
  readonly action: Action;
  readonly quantity: number;
  /** The price of the decision: no part of the order fills at a better price. */
  readonly decidedPrice: number;
  /** Market time of the decision, epoch ms; undefined if unknown. */
  readonly decidedTs?: number;
}

/** The result of a taker order. */
export interface TakerFill {
  /** Average price over all levels taken, quote currency. */
  readonly price: number;
  /** Cost compared with the decided price, quote currency, never below 0. The price includes it. */
  readonly slippage: number;
  /** Quantity that the visible book does not hold; absent if it holds all, or if no book is known. */
  readonly beyond_book_qty?: number;
}

/**
 * The only cost model for takers: fills, the EDGE_VS_COST gate and follow-ups use it.
 *
 * The order walks through the visible levels. The rest fills behind the last level. Its distance is the price span of all visible
 * levels, once for each time (rounded up) that the rest contains the visible quantity, and at least half a percent. `slippageBp`
 * comes on top, for the time between decision and fill. Without a book the whole order fills at the decided price plus
 * `slippageBp`.
 */
export function takerFill(
  { action, quantity, decidedPrice }: TakerOrder,
  book: ShownBook | undefined,
  slippageBp: number,
): TakerFill {
  const { averagePrice, beyond } = walk(action, quantity, decidedPrice, book);
  const away = action === 'BUY' ? 1 + slippageBp / 10_000 : 1 - slippageBp / 10_000;
  const price = roundMoney(averagePrice * away);
  const worse = action === 'BUY' ? price - decidedPrice : decidedPrice - price;
  const slippage = roundMoney(Math.max(0, worse) * quantity, decidedPrice * quantity);
  return { price, slippage, ...(beyond > 0 && { beyond_book_qty: beyond }) };
}

interface Walked {
  readonly averagePrice: number;
  readonly beyond: number;
}

function walk(action: Action, quantity: number, decidedPrice: number, book: ShownBook | undefined): Walked {
  const side = action === 'BUY' ? 'asks' : 'bids';
  const count = book === undefined ? 0 : levelCount(book, side);
  if (book === undefined || count === 0) return { averagePrice: decidedPrice, beyond: 0 };
  const worse = (price: number) => (action === 'BUY' ? Math.max(price, decidedPrice) : Math.min(price, decidedPrice));
  const subtract = (from: number, size: number) => roundMoney(from - size, quantity);
  const { taken, left } = walkLevels(levelsOf(book, side), quantity, undefined, subtract);
  // Measured from the decided price, so an order within the first level fills at exactly that price.
  let excess = 0;
  for (const { price, quantity: size } of taken) excess += (worse(price) - decidedPrice) * size;
  if (left <= 0) return { averagePrice: decidedPrice + excess / quantity, beyond: 0 };
  let shown = 0;
  for (let i = 0; i < count; i += 1) shown += qtyAt(book, side, i);
  const last = priceAt(book, side, count - 1);
  const spanned = Math.abs(last / priceAt(book, side, 0) - 1);
  const share = Math.max(MIN_BEYOND_SHARE, spanned * Math.ceil(shown > 0 ? left / shown : 1));
  const from = worse(last);
  const behind = action === 'BUY' ? from * (1 + share) : from / (1 + share);
  excess += (behind - decidedPrice) * left;
  return { averagePrice: decidedPrice + excess / quantity, beyond: left };
}

function* levelsOf(book: ShownBook, side: 'bids' | 'asks'): Generator<Taken> {
  const count = levelCount(book, side);
  for (let i = 0; i < count; i += 1) yield { price: priceAt(book, side, i), quantity: qtyAt(book, side, i) };
}
