import type { Book, MarketTrade } from '@helios/shared/domain/market-data.ts';
import { isExit, type Quote, type SignalDirection, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Liquidity } from '@helios/shared/domain/venue-event.ts';
import { levelCount, priceAt, qtyAt, type ShownBook } from '../book/level-numbers.ts';
import { countTrade, type QueuePlace } from '../matching/queue.ts';
import { orderTypeFor, type TradingProfile } from '../trading/profile.ts';
import { liquidityOfType } from './fees.ts';

/** Side of an order on the venue. */
export type Action = 'BUY' | 'SELL';

/** LONG and EXIT_SHORT buy, SHORT and EXIT_LONG sell. */
export function actionOf(direction: SignalDirection): Action {
  return direction === 'LONG' || direction === 'EXIT_SHORT' ? 'BUY' : 'SELL';
}

/** The price that a taker pays: the ask for a buyer, the bid for a seller. */
export function farSide(action: Action, quote: Quote): number {
  return action === 'BUY' ? quote.ask : quote.bid;
}

/** The price at which a maker rests: the bid for a buyer, the ask for a seller. */
export function nearSide(action: Action, quote: Quote): number {
  return action === 'BUY' ? quote.bid : quote.ask;
}

/** How a signal is executed: filled at once, or resting at a limit. */
export type FillPlan =
  | { readonly kind: 'NOW'; readonly price: number; readonly liquidity: Liquidity }
  | { readonly kind: 'REST'; readonly price: number };

/**
 * Decides how a signal is filled. With a quote, a taker leg fills at its far side and a maker leg rests at its near side.
 *
 * Without a quote, a signal published by hand fills at its `entry_price` and pays the fee of the fee table: its author named the
 * price. Our own signals carry no quote if their price does not come from the book (a trade, mark or fallback price). Nobody
 * offered that price, so the order takes at the worse of two prices: that price, and the far side of `last`, the last known book
 * of any age. While the market is silent the true price is unknown, and the simulation must not be generous. If no book was ever
 * seen, the signal's price counts alone.
 */
export function planFill(
  profile: Pick<TradingProfile, 'orderTypes'>,
  signal: TradingSignal,
  last: Quote | undefined,
): FillPlan {
  const action = actionOf(signal.direction);
  const { quote, entry_price } = signal;
  if (quote === undefined && signal.origin === 'ENGINE') {
    const price = last === undefined ? entry_price : worseOf(action, entry_price, farSide(action, last));
    return { kind: 'NOW', price, liquidity: 'TAKER' };
  }
  const purpose = isExit(signal.direction) ? 'EXIT' : 'ENTRY';
  const liquidity = liquidityOfType(orderTypeFor(profile, purpose, signal.exit_reason));
  if (quote === undefined) return { kind: 'NOW', price: entry_price, liquidity };
  if (liquidity === 'MAKER') return { kind: 'REST', price: nearSide(action, quote) };
  return { kind: 'NOW', price: farSide(action, quote), liquidity };
}

/** The worse price: the higher one for a buyer, the lower one for a seller. */
export function worseOf(action: Action, a: number, b: number): number {
  return action === 'BUY' ? Math.max(a, b) : Math.min(a, b);
}

/** Best bid and ask of a book; undefined if a side is empty. */
export function quoteOf(book: Book): Quote | undefined {
  const bid = priceAt(book, 'bids', 0);
  const ask = priceAt(book, 'asks', 0);
  return Number.isNaN(bid) || Number.isNaN(ask) ? undefined : { bid, ask };
}

/** Base quantity at `price` on the side that the order joins; undefined if the book does not show that level. */
export function visibleQuantity(book: ShownBook, action: Action, price: number): number | undefined {
  const side = action === 'BUY' ? 'bids' : 'asks';
  const count = levelCount(book, side);
  for (let i = 0; i < count; i += 1) if (priceAt(book, side, i) === price) return qtyAt(book, side, i);
  return undefined;
}

/**
 * The same, but 0 for a price that would be visible if anything rested there: the level is gone. Undefined if the price lies
 * behind the last visible level.
 */
export function shownQuantity(book: ShownBook, action: Action, price: number): number | undefined {
  const side = action === 'BUY' ? 'bids' : 'asks';
  const count = levelCount(book, side);
  if (count === 0) return undefined;
  const last = priceAt(book, side, count - 1);
  const isBehind = action === 'BUY' ? price < last : price > last;
  return isBehind ? undefined : (visibleQuantity(book, action, price) ?? 0);
}

/** The queue state of a limit order. Quantities in base currency. */
export interface QueuedOrder extends QueuePlace {
  readonly quantity: number;
  /** Market time of the placement; only later trades count. */
  readonly placedTs: number;
}

/**
 * Counts a trade for a resting order. Returns true if the order is now filled.
 *
 * A trade strictly through the limit fills the order. A trade at the limit fills it once such trades cover the visible quantity
 * ahead plus the order itself. If the queue is unknown, only a trade through the limit fills. Another fill model fills in parts.
 */
export function fillsOnTrade(order: QueuedOrder, trade: MarketTrade): boolean {
  if (trade.ts_event <= order.placedTs) return false;
  const { price, qty, buyer_is_maker: buyerIsMaker } = trade;
  const reach = countTrade(order, { price: Number(price), quantity: Number(qty), buyerIsMaker });
  if (reach !== 'AT' || order.queueAhead === undefined) return reach === 'THROUGH';
  return order.tradedAtLimit >= order.queueAhead + order.quantity;
}
