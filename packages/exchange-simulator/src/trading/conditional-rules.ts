import { stepTrigger } from '@helios/core/matching/conditional.ts';
import { reducible } from '@helios/core/matching/order-rules.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { type ConditionalOrder, type ConditionalTicket, conditionOf } from './conditional-order.ts';

/** Why the venue refuses a conditional order that is well formed. */
export type ConditionalRefusal =
  | 'NO_PRICE'
  | 'WOULD_TRIGGER'
  | 'CLOSE_EXISTS'
  | 'TOO_MANY'
  | 'DUPLICATE_ID'
  | 'NO_POSITION';

/** The venue's limit of waiting conditional orders per account, over all symbols. */
const MAX_WAITING = 200;

/**
 * Why the venue refuses a new order; undefined if it does not.
 * @param waiting the account's waiting orders
 * @param price the price that the order follows, money; undefined before any
 */
export function conditionalRefusal(
  account: TradingAccount,
  ticket: ConditionalTicket,
  waiting: readonly ConditionalOrder[],
  price: bigint | undefined,
): ConditionalRefusal | undefined {
  if (waiting.some((order) => order.ticket.clientAlgoId === ticket.clientAlgoId)) return 'DUPLICATE_ID';
  if (price === undefined) return 'NO_PRICE';
  if (wouldTrigger(ticket, price)) return 'WOULD_TRIGGER';
  if (ticket.timeInForce === 'GTE_GTC' && closable(account, ticket) === 0) return 'NO_POSITION';
  if (ticket.closePosition && waiting.some((order) => closesSame(order.ticket, ticket))) return 'CLOSE_EXISTS';
  return waiting.length >= MAX_WAITING ? 'TOO_MANY' : undefined;
}

/** Steps of the position that an order would close; 0 if there is none in its direction. */
export function closable(account: TradingAccount, { symbol, side, positionSide }: ConditionalTicket): number {
  return reducible(account.position(symbol, positionSide).holding.steps, side);
}

/** True if the condition is met already. A trailing stop needs an activation price that the price has not reached yet. */
function wouldTrigger(ticket: ConditionalTicket, price: bigint): boolean {
  if (ticket.type === 'TRAILING_STOP_MARKET' && ticket.activatePrice === undefined) return false;
  return stepTrigger(conditionOf(ticket, price), price).kind !== 'WAITS';
}

/** True if both close the same position for the same reason: the venue keeps one stop and one take-profit in each direction. */
function closesSame(one: ConditionalTicket, other: ConditionalTicket): boolean {
  const kind = (type: string): boolean => type.startsWith('STOP');
  return (
    one.closePosition &&
    one.symbol === other.symbol &&
    one.side === other.side &&
    one.positionSide === other.positionSide &&
    kind(one.type) === kind(other.type)
  );
}
