import type { Book, Level, MarketTrade } from '@helios/shared/domain/market-data.ts';
import { isExit, type Quote, type SignalDirection, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Liquidity } from '@helios/shared/domain/venue-event.ts';
import { orderTypeFor, type TradingProfile } from '../trading/profile.ts';
import { liquidityOfType } from './fees.ts';

/** Best levels of a book as far as they are shown, best first on each side. */
export interface ShownBook {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What an order does on the venue. */
export type Action = 'BUY' | 'SELL';

/** LONG and EXIT_SHORT buy, SHORT and EXIT_LONG sell. */
export function actionOf(direction: SignalDirection): Action {
  return direction === 'LONG' || direction === 'EXIT_SHORT' ? 'BUY' : 'SELL';
}

/** The price a taker pays: a buyer the ask, a seller the bid. */
export function farSide(action: Action, quote: Quote): number {
  return action === 'BUY' ? quote.ask : quote.bid;
}

/** The price a maker rests at: a buyer the bid, a seller the ask. */
export function nearSide(action: Action, quote: Quote): number {
  return action === 'BUY' ? quote.bid : quote.ask;
}

/** How a signal is executed: filled now, or resting at a limit. */
export type FillPlan =
  | { readonly kind: 'NOW'; readonly price: number; readonly liquidity: Liquidity }
  | { readonly kind: 'REST'; readonly price: number };

/**
 * Decides how a signal is filled. With a quote, a taker leg takes its far side and a maker leg rests on its near side.
 *
 * Without one, a signal published by hand fills at its `entry_price` and pays what the fee table says: whoever typed it
 * named the price. Our own leaves the quote out where its price is not the book's (a trade, a mark or a fallback price):
 * nobody offered that price, so it takes, at the worse of that price and the far side of `last`, the book as last seen,
 * however long ago. Which of two prices holds while the market is silent nobody can say, and the market is never assumed
 * generous. At that price alone where no book was ever seen.
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

/** The price that costs more: the higher for a buyer, the lower for a seller. */
export function worseOf(action: Action, a: number, b: number): number {
  return action === 'BUY' ? Math.max(a, b) : Math.min(a, b);
}

/** Best bid and ask of a book; undefined where a side is empty. */
export function quoteOf(book: Book): Quote | undefined {
  const bid = book.bids[0];
  const ask = book.asks[0];
  return bid === undefined || ask === undefined ? undefined : { bid: Number(bid[0]), ask: Number(ask[0]) };
}

/** Base quantity that rests at `price` on the side the order joins; undefined where the book does not show that level. */
export function visibleQuantity(book: ShownBook, action: Action, price: number): number | undefined {
  const levels = action === 'BUY' ? book.bids : book.asks;
  const level = levels.find(([levelPrice]) => Number(levelPrice) === price);
  return level === undefined ? undefined : Number(level[1]);
}

/** A limit order in the queue, as far as fills go. Quantities in base currency. */
export interface QueuedOrder {
  readonly action: Action;
  readonly price: number;
  readonly quantity: number;
  /** Market time of the placement; only later trades count. */
  readonly placedTs: number;
  /** What was in front at the placement; undefined where nobody knows. */
  readonly queueAhead: number | undefined;
  /** Traded at the limit by takers of our side since the placement. */
  tradedAtLimit: number;
}

/**
 * Counts a trade against a resting order and says whether the order is filled now.
 *
 * A trade strictly through the limit fills: whoever rested at the limit came first. A trade at the limit eats the queue:
 * the order is filled once what takers of our side traded there covers all that was visible in front and the order itself.
 * Cancels in front are not credited, since nobody can see whose they were; an unknown queue never ends, so only a trade
 * through fills. Partial fills are not modelled.
 */
export function fillsOnTrade(order: QueuedOrder, trade: MarketTrade): boolean {
  if (trade.ts_event <= order.placedTs) return false;
  const price = Number(trade.price);
  if (order.action === 'BUY' ? price < order.price : price > order.price) return true;
  if (price !== order.price || order.queueAhead === undefined) return false;
  const takesOurSide = trade.buyer_is_maker === (order.action === 'BUY');
  if (takesOurSide) order.tradedAtLimit += Number(trade.qty);
  return order.tradedAtLimit >= order.queueAhead + order.quantity;
}
