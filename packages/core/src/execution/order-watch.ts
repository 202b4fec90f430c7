import type { FrameEvents, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import { fillsOnTrade, type QueuedOrder } from './fill.ts';

type WatchedOrder = OrderWatch['orders'][number];

/** The queue state of a resting order as a message has it. */
export function watchedOrder(symbol: string, queued: QueuedOrder): WatchedOrder {
  const { action, price, quantity, placedTs, queueAhead, tradedAtLimit } = queued;
  return {
    ...{ symbol, action, price, quantity, placed_ts: placedTs, traded_at_limit: tradedAtLimit },
    ...(queueAhead !== undefined && { queue_ahead: queueAhead }),
  };
}

/** Number of frames up to and including the first one that may change these orders; all frames if none may. */
export function framesUntilChange(frames: readonly FrameEvents[], { orders, until_ts }: OrderWatch): number {
  const resting = orders.map((order) => ({ symbol: order.symbol, queued: queuedOrder(order) }));
  let untilTs = until_ts;
  function mayChange(event: MarketEvent): boolean {
    if (event.type === 'mark') untilTs = Math.min(untilTs, event.next_funding_ts ?? untilTs);
    if (event.ts_event >= untilTs || event.type === 'break') return true;
    if (event.type !== 'trade') return false;
    // Every order counts the trade, so no `some`.
    const filled = resting.filter(({ symbol, queued }) => symbol === event.symbol && fillsOnTrade(queued, event));
    return filled.length > 0;
  }
  const changing = frames.findIndex((frame) => frame.some(mayChange));
  return changing === -1 ? frames.length : changing + 1;
}

function queuedOrder({ action, price, quantity, placed_ts, queue_ahead, traded_at_limit }: WatchedOrder): QueuedOrder {
  return {
    ...{ action, price, quantity, placedTs: placed_ts, tradedAtLimit: traded_at_limit },
    queueAhead: queue_ahead,
  };
}
