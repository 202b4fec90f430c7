import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { isOpen, type Order } from '../../trading/order.ts';
import { type Answer, ok, type ServedEndpoint } from '../endpoint.ts';
import { limitParameter, mandatorySymbol, type Parameter, symbolParameter, windowParameters } from '../parameters.ts';
import { invalidSymbol } from '../refusal.ts';
import { findOrder, idParameter, isForgotten } from './order-lookup.ts';
import { longWindow } from './order-refusal.ts';
import { orderRow } from './order-row.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';
import { noSuchOrder } from './trade-refusal.ts';

const WEEK_MS = 604_800_000;

/** Times from..to of a list of past orders or trades, inclusive. */
export interface ListWindow {
  readonly from: number;
  readonly to: number;
  /** True if the client sent the start: then the oldest rows count, otherwise the newest. */
  readonly hasStart: boolean;
}

/** `startTime` and `endTime`, at most seven days apart; without any, the last seven days. */
export function weekWindow(query: URLSearchParams, nowTs: number): Parameter<ListWindow> {
  const window = windowParameters(query);
  if (window.kind !== 'VALUE') return window;
  const { from, to } = window.value;
  if (from !== undefined && to !== undefined && to - from > WEEK_MS) return longWindow();
  const start = from ?? (to ?? nowTs) - WEEK_MS;
  const end = to ?? (from === undefined ? nowTs : from + WEEK_MS);
  return { kind: 'VALUE', value: { from: start, to: end, hasStart: from !== undefined } };
}

/** `GET /fapi/v1/openOrder`: like `order`, but only an open one. */
const openOrder = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/openOrder',
  weight: () => 1,
  answer: (call) => {
    const found = findOrder(call, noSuchOrder);
    if (found.kind !== 'FOUND') return found;
    return isOpen(found.order) ? ok(orderRow(found.order, found.grid)) : noSuchOrder();
  },
});

/** `GET /fapi/v1/openOrders`. */
const openOrders = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/openOrders',
  weight: (query) => (query.has('symbol') ? 1 : 40),
  answer: (call) => {
    const symbol = knownSymbol(call);
    if (symbol.kind !== 'VALUE') return symbol;
    return rows(call, call.trading.engine.open.ofAccount(call.account.id, symbol.value));
  },
});

/** `GET /fapi/v1/allOrders`. Since 2026-08-25 the symbol is optional. */
const allOrders = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/allOrders',
  weight: () => 5,
  answer: (call) => {
    const { query, account, trading } = call;
    const symbol = knownSymbol(call);
    if (symbol.kind !== 'VALUE') return symbol;
    const firstId = idParameter(query, 'orderId');
    if (firstId.kind !== 'VALUE') return firstId;
    const window = weekWindow(query, trading.now());
    if (window.kind !== 'VALUE') return window;
    const limit = limitParameter(query, 500, 1_000);
    if (limit.kind !== 'VALUE') return limit;
    const { from, to, hasStart } = window.value;
    const orders = [
      ...trading.accounts.history(account).closedOrders(),
      ...trading.engine.open.ofAccount(account.id),
    ].filter(
      (order) =>
        (symbol.value === undefined || order.ticket.symbol === symbol.value) &&
        (firstId.value === undefined ? order.time >= from && order.time <= to : order.id >= firstId.value) &&
        !isForgotten(order, trading.now()),
    );
    orders.sort((one, other) => (one.id < other.id ? -1 : 1));
    const isOldest = hasStart || firstId.value !== undefined;
    return rows(call, isOldest ? orders.slice(0, limit.value) : orders.slice(-limit.value));
  },
});

/** `DELETE /fapi/v1/allOpenOrders`: all orders of a contract; conditional ones stay. */
const cancelAll = signedEndpoint({
  method: 'DELETE',
  path: '/fapi/v1/allOpenOrders',
  weight: () => 1,
  answer: ({ query, account, trading }) => {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    if (trading.marketOf(symbol.value) === undefined) return invalidSymbol();
    trading.engine.cancel(...trading.engine.open.ofAccount(account.id, symbol.value));
    return ok({ code: 200, msg: 'The operation of cancel all open order is done.' });
  },
});

/** The endpoints that work on lists of orders. */
export const orderListEndpoints: readonly ServedEndpoint[] = [openOrder, openOrders, allOrders, cancelAll];

/** An optional symbol that is listed. */
function knownSymbol({ query, trading }: Call): Parameter<string | undefined> {
  const symbol = symbolParameter(query);
  if (symbol.kind !== 'VALUE' || symbol.value === undefined) return symbol;
  return trading.marketOf(symbol.value) === undefined ? invalidSymbol() : symbol;
}

function rows({ trading }: Call, orders: readonly Order[]): Answer {
  return ok(
    orders.flatMap((order) => {
      const grid: ContractGrid | undefined = trading.marketOf(order.ticket.symbol)?.grid;
      return grid === undefined ? [] : [orderRow(order, grid)];
    }),
  );
}
