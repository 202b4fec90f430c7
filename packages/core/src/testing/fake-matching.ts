import type { Fill } from '@helios/shared/domain/venue-event.ts';
import type { LiveOrder } from '../live/venue-port.ts';
import type { HeldOrder } from './fake-snapshot.ts';

/** Best prices of the fake venue. */
interface BestPrices {
  readonly bid: number;
  readonly ask: number;
}

type PricedOrder = Pick<LiveOrder, 'action' | 'execution'>;

/** True if an order may only rest. */
export const isPostOnly = ({ execution }: PricedOrder): boolean =>
  execution.type === 'LIMIT' && execution.timeInForce === 'GTX';

/** True if an order fills at once. */
export function crosses({ action, execution }: PricedOrder, { bid, ask }: BestPrices): boolean {
  if (execution.type !== 'LIMIT') return true;
  return action === 'BUY' ? execution.price >= ask : execution.price <= bid;
}

/** Price of a fill: the limit, or the best price of the other side. */
export function fillPriceOf({ action, execution }: PricedOrder, { bid, ask }: BestPrices): number {
  if (execution.type === 'LIMIT') return execution.price;
  return action === 'BUY' ? ask : bid;
}

/** Largest quantity by which an order reduces a position (signed), base currency. */
export function reducibleBy(action: LiveOrder['action'], position: number): number {
  return Math.max(action === 'BUY' ? -position : position, 0);
}

interface Matched extends BestPrices {
  readonly orders: ReadonlyMap<string, HeldOrder>;
  /** Signed, base currency. */
  readonly position: number;
}

/** The code with which the fake venue refuses an order; undefined if it takes it. */
export function refusalOf(order: LiveOrder, venue: Matched): string | undefined {
  if (venue.orders.get(order.clientOrderId)?.end === 'OPEN') return '-4116';
  if (order.reduceOnly && reducibleBy(order.action, venue.position) === 0) return '-2022';
  return isPostOnly(order) && crosses(order, venue) ? '-5022' : undefined;
}

interface FillParts {
  readonly clientOrderId: string;
  readonly quantity: number;
  readonly price: number;
  readonly tradeId: string;
  readonly ts: number;
}

/** A fill with the fake venue's fee of 0.01. */
export function fakeFill({ clientOrderId, quantity, price, tradeId, ts }: FillParts): Fill {
  return {
    ...{ kind: 'FILL', client_order_id: clientOrderId, ts_event: ts, trade_id: tradeId, price, quantity },
    ...{ fee: 0.01, liquidity: 'TAKER', slippage: 0 },
  };
}
