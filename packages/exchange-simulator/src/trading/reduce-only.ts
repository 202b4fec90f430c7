import { knockedOut, reducible } from '@helios/core/matching/order-rules.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { OpenOrders } from './open-orders.ts';
import { type Order, type OrderSide, type PositionSide, remaining } from './order.ts';
import type { TradingEvent } from './trading-event.ts';

/** Resting reduce-only orders that the events of an operation left nothing to reduce, for every position that they touched. */
export function knockedOutOrders(
  symbol: string,
  events: readonly TradingEvent[],
  open: OpenOrders,
  accounts: AccountStore,
): readonly Order[] {
  const ended: Order[] = [];
  const seen = new Set<string>();
  for (const event of events) {
    if (event.kind !== 'ORDER' || (event.execution !== 'TRADE' && !event.order.ticket.reduceOnly)) continue;
    const { accountId } = event;
    const { positionSide } = event.order.ticket;
    const key = `${accountId}|${positionSide}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const steps = accounts.byId(accountId)?.position(symbol, positionSide).holding.steps ?? 0;
    for (const side of ['BUY', 'SELL'] as const) {
      const orders = reduceOnlyOrders(open, symbol, side, accountId, positionSide);
      ended.push(...knockedOut(orders, reducible(steps, side), remaining));
    }
  }
  return ended;
}

function reduceOnlyOrders(
  open: OpenOrders,
  symbol: string,
  side: OrderSide,
  accountId: string,
  positionSide: PositionSide,
): readonly Order[] {
  return open
    .resting(symbol, side)
    .filter(
      (order) => order.accountId === accountId && order.ticket.reduceOnly && order.ticket.positionSide === positionSide,
    );
}
