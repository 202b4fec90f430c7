import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import type { OpenOrders } from './open-orders.ts';
import { isOpen, type Order, remaining } from './order.ts';
import type { ExecutedFill, ExecutionKind, OpenValue, TradingEvent } from './trading-event.ts';

/** The event of a changed order: a copy of it, and what the account's open orders of that position are worth. */
export function orderEvent(
  order: Order,
  execution: ExecutionKind,
  ts: number,
  { open, grid, fill }: { readonly open: OpenOrders; readonly grid: ContractGrid; readonly fill?: ExecutedFill },
): TradingEvent {
  const base = { kind: 'ORDER', accountId: order.accountId, ts, execution, order: { ...order } } as const;
  const openValue = openValueOf(order, open, grid);
  return fill === undefined ? { ...base, openValue } : { ...base, openValue, fill };
}

/** Unfilled value of the account's LIMIT orders of a contract and position side, by side of the book. */
function openValueOf(
  { accountId, ticket: { symbol, positionSide } }: Order,
  open: OpenOrders,
  grid: ContractGrid,
): OpenValue {
  const value = { BUY: 0n, SELL: 0n };
  for (const order of open.inContract(accountId, symbol)) {
    const { ticket } = order;
    if (ticket.type !== 'LIMIT' || ticket.positionSide !== positionSide || !isOpen(order)) continue;
    value[ticket.side] += grid.value(ticket.price, remaining(order));
  }
  return { bid: value.BUY, ask: value.SELL };
}
