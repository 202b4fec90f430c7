import { ExpireReason } from '@helios/core/matching/order-rules.ts';
import { isOpen, type Order } from '../../trading/order.ts';
import { checkOrder } from '../../trading/order-checks.ts';
import { type Answer, ok } from '../endpoint.ts';
import { readNewOrder } from './new-order-request.ts';
import { findOrder } from './order-lookup.ts';
import { unknownOrderSent } from './order-refusal.ts';
import { orderAck, orderRow } from './order-row.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';
import { noSuchOrder } from './trade-refusal.ts';

const PATH = '/fapi/v1/order';

/** Places the order of a request; `order.place` of the WebSocket API and batches share it. */
export function placeNewOrder({ query, account, trading }: Call): Answer {
  const request = readNewOrder(query);
  if (request.kind !== 'VALUE') return request;
  const verdict = checkOrder(trading, account, request.value);
  if (verdict.kind !== 'TICKET') return verdict;
  const order = trading.engine.place(account, verdict.ticket);
  const grid = trading.marketOf(verdict.ticket.symbol)?.grid;
  return grid === undefined ? noSuchOrder() : ok(orderAck(asAnswered(order, query), grid));
}

/** Cancels the open order that a request names. */
export function cancelOpenOrder(call: Call): Answer {
  const found = findOrder(call, unknownOrderSent);
  if (found.kind !== 'FOUND') return found;
  if (!isOpen(found.order)) return unknownOrderSent();
  call.trading.engine.cancel(found.order);
  return ok(orderAck(found.order, found.grid));
}

/** The order that a request names, as queries return it. */
export function queriedOrder(call: Call): Answer {
  const found = findOrder(call, noSuchOrder);
  return found.kind === 'FOUND' ? ok(orderRow(found.order, found.grid)) : found;
}

/** `POST /fapi/v1/order`. */
export const placeOrder = signedEndpoint({
  method: 'POST',
  path: PATH,
  weight: () => 0,
  orders: () => 1,
  answer: placeNewOrder,
});

/** `POST /fapi/v1/order/test`: the checks only. Its answer shows an order that nobody placed. */
export const testOrder = signedEndpoint({
  method: 'POST',
  path: '/fapi/v1/order/test',
  weight: () => 1,
  answer: ({ query, account, trading }) => {
    const request = readNewOrder(query);
    if (request.kind !== 'VALUE') return request;
    const verdict = checkOrder(trading, account, request.value);
    if (verdict.kind !== 'TICKET') return verdict;
    const grid = trading.marketOf(verdict.ticket.symbol)?.grid;
    const ts = trading.now();
    const order: Order = {
      ...{ id: 0n, accountId: account.id, ticket: verdict.ticket, status: 'NEW', filled: 0, filledValue: 0n },
      ...{ expireReason: ExpireReason.none, time: ts, updateTime: ts, place: undefined },
    };
    return grid === undefined ? noSuchOrder() : ok(orderAck(order, grid));
  },
});

/** `GET /fapi/v1/order`. */
export const queryOrder = signedEndpoint({ method: 'GET', path: PATH, weight: () => 1, answer: queriedOrder });

/** `DELETE /fapi/v1/order`. */
export const cancelOrder = signedEndpoint({ method: 'DELETE', path: PATH, weight: () => 1, answer: cancelOpenOrder });

/**
 * ACK, the default, shows a new order. RESULT shows how a MARKET order ended, and a LIMIT order that does not rest; a LIMIT order that may
 * rest is shown as it stands.
 */
function asAnswered(order: Order, query: URLSearchParams): Order {
  if (query.get('newOrderRespType') === 'RESULT') return order;
  return { ...order, status: 'NEW', filled: 0, filledValue: 0n, updateTime: order.time };
}
