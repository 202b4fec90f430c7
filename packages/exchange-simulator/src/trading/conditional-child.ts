import { isHedgeClose } from '@helios/core/matching/order-rules.ts';
import { type ConditionalOrder, reducesOnly, triggerPriceText } from './conditional-order.ts';
import type { OrderTicket } from './order.ts';

/**
 * The ordinary order that a triggered order becomes; undefined if it may only reduce and there is nothing to reduce.
 * @param closable steps of the position that it would close
 * @param decimals of price texts
 */
export function actualTicket(order: ConditionalOrder, closable: number, decimals: number): OrderTicket | undefined {
  const { id: algoId, ticket } = order;
  const { symbol, side, positionSide, type, price, timeInForce, closePosition, priceMatch } = ticket;
  const quantity = closePosition ? closable : ticket.quantity;
  const reduceOnly = reducesOnly(ticket) || isHedgeClose(ticket);
  if (reduceOnly && closable === 0) return undefined;
  const isLimit = type === 'STOP' || type === 'TAKE_PROFIT';
  const trailing =
    type === 'TRAILING_STOP_MARKET'
      ? { activatePrice: ticket.activatePrice ?? '0', callbackRate: ticket.callbackRate ?? '0' }
      : {};
  return {
    ...{ symbol, side, positionSide, quantity, price, priceMatch },
    type: isLimit ? 'LIMIT' : 'MARKET',
    timeInForce: timeInForce === 'GTE_GTC' ? 'GTC' : timeInForce,
    reduceOnly,
    clientOrderId: ticket.clientAlgoId,
    selfTradePreventionMode: ticket.selfTradePreventionMode,
    goodTillDate: ticket.goodTillDate,
    origin: {
      ...{ algoId, type, stopPrice: triggerPriceText(order, decimals), workingType: ticket.workingType },
      ...{ priceProtect: ticket.priceProtect, closePosition, ...trailing },
    },
  };
}
