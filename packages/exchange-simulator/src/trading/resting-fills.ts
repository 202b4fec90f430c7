import { within } from '@helios/core/matching/order-rules.ts';
import { countTrade, type LevelTrade, reachedQuantity } from '@helios/core/matching/queue.ts';
import type { Taken } from '@helios/core/matching/walk-levels.ts';
import type { OpenOrders } from './open-orders.ts';
import { type Order, remaining } from './order.ts';
import type { TradedMarket } from './traded-market.ts';

/** Steps of a resting order that the market has reached. */
export interface Reached {
  readonly order: Order;
  readonly quantity: number;
}

/** Counts a trade for the resting orders of a side, and returns those that it reaches. */
export function reachedByTrade(resting: readonly Order[], trade: LevelTrade): readonly Reached[] {
  const reached: Reached[] = [];
  for (const order of resting) {
    const { price, side } = order.ticket;
    // The orders come best price first: the trade concerns none behind the first that it does not touch.
    if (side === 'BUY' ? price < trade.price : price > trade.price) break;
    if (order.place === undefined) continue;
    const reach = countTrade(order.place, trade);
    const total = reach === 'THROUGH' ? order.ticket.quantity : reachedQuantity(order.place, order.ticket.quantity);
    if (reach !== 'NONE' && total > order.filled) reached.push({ order, quantity: total - order.filled });
  }
  return reached;
}

/** The resting orders that the shown levels of the other side cross. The orders share the shown quantity by their priority. */
export function reachedByBook(resting: readonly Order[], levels: Iterable<Taken>): readonly Reached[] {
  const shown = levels[Symbol.iterator]();
  let level = shown.next();
  let used = 0;
  const reached: Reached[] = [];
  for (const order of resting) {
    const isWithin = within(order.ticket.side, order.ticket.price);
    let quantity = 0;
    while (level.done !== true && isWithin(level.value.price) && quantity < remaining(order)) {
      const size = Math.min(remaining(order) - quantity, level.value.quantity - used);
      quantity += size;
      used += size;
      if (used < level.value.quantity) break;
      level = shown.next();
      used = 0;
    }
    if (quantity === 0) break;
    reached.push({ order, quantity });
  }
  return reached;
}

/** Gives an order its place in the queue of its price: behind the shown quantity and the venue's own resting orders. */
export function startQueue(open: OpenOrders, order: Order, market: TradedMarket): void {
  const { symbol, side, price } = order.ticket;
  let queueAhead = market.shownAt(side, price);
  for (const other of open.restingAt(symbol, side, price)) queueAhead += remaining(other);
  // Quantities are of the whole order: what it filled as a taker counts as reached.
  order.place = { action: side, price, queueAhead: queueAhead - order.filled, tradedAtLimit: 0 };
}

/** Moves an order and those behind it forward by a quantity of it that does not trade in the queue. */
export function releaseQueue(open: OpenOrders, order: Order, quantity: number): void {
  if (order.place === undefined) return;
  const { symbol, side, price } = order.ticket;
  const queue = open.restingAt(symbol, side, price);
  for (const one of queue.slice(queue.indexOf(order))) {
    const { place } = one;
    if (place?.queueAhead === undefined) continue;
    one.place = { ...place, queueAhead: place.queueAhead - quantity };
  }
}
