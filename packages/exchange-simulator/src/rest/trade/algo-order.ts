import type { ConditionalOrder } from '../../trading/conditional-order.ts';
import { type Answer, ok, type ServedEndpoint } from '../endpoint.ts';
import { limitParameter, mandatorySymbol, type Parameter, symbolParameter, windowParameters } from '../parameters.ts';
import { illegalCharacters, invalidSymbol, type Refusal } from '../refusal.ts';
import { algoTicket } from './algo-parameters.ts';
import { algoRefusal, orderTriggers } from './algo-refusal.ts';
import { algoAck, algoDetail, algoRow } from './algo-row.ts';
import { idNumber } from './id-number.ts';
import { eitherMissing, unknownOrderSent } from './order-refusal.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';
import { noSuchOrder } from './trade-refusal.ts';

const PATH = '/fapi/v1/algoOrder';
const DAY_MS = 86_400_000;
const DEFAULT_ROWS = 500;
const MAX_ROWS = 1_000;

/** `POST /fapi/v1/algoOrder`. */
export const placeAlgoOrder = signedEndpoint({
  method: 'POST',
  path: PATH,
  weight: () => 0,
  orders: () => 1,
  answer: (call) => {
    const { account, trading } = call;
    const ticket = algoTicket(call);
    if (ticket.kind !== 'VALUE') return ticket;
    const reason = trading.conditional.refusalOf(account, ticket.value);
    if (reason !== undefined) return algoRefusal(reason);
    return withGrid(call, trading.conditional.place(account, ticket.value), algoAck);
  },
});

/** `GET /fapi/v1/algoOrder`. */
export const queryAlgoOrder = signedEndpoint({
  method: 'GET',
  path: PATH,
  weight: () => 1,
  answer: (call) => {
    const order = namedOrder(call);
    if (order.kind !== 'VALUE') return order;
    return order.value === undefined ? noSuchOrder() : withGrid(call, order.value, algoDetail);
  },
});

/** `DELETE /fapi/v1/algoOrder`. A triggered order is an ordinary one and unknown here. */
export const cancelAlgoOrder = signedEndpoint({
  method: 'DELETE',
  path: PATH,
  weight: () => 1,
  answer: (call) => {
    const order = namedOrder(call);
    if (order.kind !== 'VALUE') return order;
    if (order.value?.status === 'TRIGGERING') return orderTriggers();
    if (order.value === undefined || !call.trading.conditional.cancel(order.value)) return unknownOrderSent();
    const { id, ticket } = order.value;
    return ok({ algoId: idNumber(id), clientAlgoId: ticket.clientAlgoId, code: '200', msg: 'success' });
  },
});

/** `GET /fapi/v1/openAlgoOrders`. */
export const openAlgoOrders = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/openAlgoOrders',
  weight: (query) => (query.has('symbol') ? 1 : 40),
  answer: (call) => {
    const symbol = symbolParameter(call.query);
    if (symbol.kind !== 'VALUE') return symbol;
    if (symbol.value !== undefined && call.trading.marketOf(symbol.value) === undefined) return invalidSymbol();
    const id = algoIdOf(call.query);
    if (id.kind !== 'VALUE') return id;
    const orders = call.trading.conditional.book.ofAccount(call.account.id, symbol.value);
    return rows(
      call,
      orders.filter((order) => id.value === undefined || order.id === id.value),
    );
  },
});

/** `GET /fapi/v1/allAlgoOrders`. From `algoId` on, or within a week. */
export const allAlgoOrders = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/allAlgoOrders',
  weight: () => 5,
  answer: (call) => {
    const { query, account, trading } = call;
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    if (trading.marketOf(symbol.value) === undefined) return invalidSymbol();
    const window = windowParameters(query);
    if (window.kind !== 'VALUE') return window;
    const limit = limitParameter(query, DEFAULT_ROWS, MAX_ROWS);
    if (limit.kind !== 'VALUE') return limit;
    const id = algoIdOf(query);
    if (id.kind !== 'VALUE') return id;
    const from = window.value.from ?? (window.value.to ?? trading.now()) - 7 * DAY_MS;
    const to = window.value.to ?? from + 7 * DAY_MS;
    const known = trading.conditional.book.history(account.id).filter(({ ticket }) => ticket.symbol === symbol.value);
    const found = known.filter(({ id: of, createTime }) =>
      id.value === undefined ? createTime >= from && createTime <= to : of >= id.value,
    );
    return rows(call, id.value === undefined ? found.slice(-limit.value) : found.slice(0, limit.value));
  },
});

/** `DELETE /fapi/v1/algoOpenOrders`. */
export const cancelAlgoOrders = signedEndpoint({
  method: 'DELETE',
  path: '/fapi/v1/algoOpenOrders',
  weight: () => 1,
  answer: ({ query, account, trading }) => {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    if (trading.marketOf(symbol.value) === undefined) return invalidSymbol();
    const { conditional } = trading;
    for (const order of conditional.book.ofAccount(account.id, symbol.value)) conditional.cancel(order);
    return ok({ code: 200, msg: 'The operation of cancel all open order is done.' });
  },
});

/** Every endpoint of conditional orders. */
export const algoEndpoints: readonly ServedEndpoint[] = [
  placeAlgoOrder,
  queryAlgoOrder,
  cancelAlgoOrder,
  openAlgoOrders,
  allAlgoOrders,
  cancelAlgoOrders,
];

/** The order of `algoId` or `clientAlgoId`; undefined if there is none. Some clients write `algoid` or `clientalgoid`. */
function namedOrder({ query, account, trading }: Call): Parameter<ConditionalOrder | undefined> {
  const id = algoIdOf(query);
  if (id.kind !== 'VALUE') return id;
  const { book } = trading.conditional;
  if (id.value !== undefined) return { kind: 'VALUE', value: book.byId(account.id, id.value) };
  const clientId = query.get('clientAlgoId') ?? query.get('clientalgoid') ?? '';
  return clientId === ''
    ? eitherMissing('algoId', 'clientAlgoId')
    : { kind: 'VALUE', value: book.byClientId(account.id, clientId) };
}

function algoIdOf(query: URLSearchParams): Parameter<bigint | undefined> {
  const text = query.get('algoId') ?? query.get('algoid') ?? '';
  if (text === '') return { kind: 'VALUE', value: undefined };
  return /^\d{1,19}$/.test(text) ? { kind: 'VALUE', value: BigInt(text) } : illegalCharacters('algoId');
}

function withGrid({ trading }: Call, order: ConditionalOrder, write: typeof algoRow): Answer {
  const grid = trading.marketOf(order.ticket.symbol)?.grid;
  return grid === undefined ? (invalidSymbol() satisfies Refusal) : ok(write(order, grid));
}

function rows({ trading }: Call, orders: readonly ConditionalOrder[]): Answer {
  return ok(
    orders.flatMap((order) => {
      const grid = trading.marketOf(order.ticket.symbol)?.grid;
      return grid === undefined ? [] : [algoRow(order, grid)];
    }),
  );
}
