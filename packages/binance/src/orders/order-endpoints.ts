import { defineEndpoint, parseAccountRows } from '../rest/endpoint.ts';
import { parseDone } from './done.ts';
import { type OrderReport, parseOrderReport } from './order-report.ts';

const PATH = '/fapi/v1/order';

/** An order for the venue. Prices and quantities are decimal strings on the grid of the instrument. */
export interface NewOrder {
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  /** Must be false in hedge mode: there the position side decides. */
  readonly reduceOnly: boolean;
  /** Hedge mode only. */
  readonly positionSide?: 'LONG' | 'SHORT';
  readonly execution:
    | { readonly type: 'MARKET' }
    | { readonly type: 'LIMIT'; readonly price: string; readonly timeInForce: 'GTC' | 'IOC' | 'GTX' };
}

/** Names one order of a symbol by our id. */
export interface OrderByClientId {
  readonly symbol: string;
  readonly clientOrderId: string;
}

const byName = ({ symbol, clientOrderId }: OrderByClientId) => ({ symbol, origClientOrderId: clientOrderId });

/** `POST /fapi/v1/order`, signed. RESULT: a MARKET order is answered with its final state. */
export const postOrder = defineEndpoint<NewOrder, OrderReport>({
  method: 'POST',
  path: PATH,
  query: ({ symbol, clientOrderId, side, positionSide, quantity, reduceOnly, execution }) => ({
    ...{ symbol, side, positionSide, quantity, ...execution },
    ...(reduceOnly && { reduceOnly: 'true' }),
    ...{ newClientOrderId: clientOrderId, newOrderRespType: 'RESULT' },
  }),
  weight: () => 0,
  parse: parseOrderReport,
});

/** `POST /fapi/v1/order/test`, signed: the venue checks an order and does not place it. */
export const postTestOrder = defineEndpoint<NewOrder, 'ACCEPTED'>({
  method: 'POST',
  path: '/fapi/v1/order/test',
  query: postOrder.query,
  weight: () => 1,
  parse: () => 'ACCEPTED',
});

/** `DELETE /fapi/v1/order`, signed. */
export const deleteOrder = defineEndpoint<OrderByClientId, OrderReport>({
  method: 'DELETE',
  path: PATH,
  query: byName,
  weight: () => 1,
  parse: parseOrderReport,
});

/** `GET /fapi/v1/order`, signed: an order in any state. */
export const getOrder = defineEndpoint<OrderByClientId, OrderReport>({
  path: PATH,
  query: byName,
  weight: () => 1,
  parse: parseOrderReport,
});

/** `GET /fapi/v1/order`, signed: the order that a trade names by the venue's id. */
export const orderOfTrade = defineEndpoint<{ readonly symbol: string; readonly venueOrderId: string }, OrderReport>({
  path: PATH,
  query: ({ symbol, venueOrderId }) => ({ symbol, orderId: venueOrderId }),
  weight: () => 1,
  parse: parseOrderReport,
});

/** `GET /fapi/v1/openOrders`, signed: all open orders of the account, or of one symbol. */
export const openOrders = defineEndpoint<{ readonly symbol?: string }, readonly OrderReport[]>({
  path: '/fapi/v1/openOrders',
  query: ({ symbol }) => ({ symbol }),
  weight: ({ symbol }) => (symbol === undefined ? 40 : 1),
  parse: (json) => parseAccountRows('openOrders', json, parseOrderReport),
});

/** `DELETE /fapi/v1/allOpenOrders`, signed: cancels all ordinary orders of a symbol; conditional ones stay. */
export const cancelAllOrders = defineEndpoint<{ readonly symbol: string }, 'DONE'>({
  method: 'DELETE',
  path: '/fapi/v1/allOpenOrders',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 1,
  parse: parseDone,
});
