import { randomBytes } from 'node:crypto';
import type { Order, OrderTicket, PositionSide, TimeInForce } from '../../trading/order.ts';
import { type Answer, ok } from '../endpoint.ts';
import { mandatorySymbol, wordParameter } from '../parameters.ts';
import { badValue, invalidSymbol, missing } from '../refusal.ts';
import { orderAck, orderRow } from './order-row.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';
import { noSuchOrder } from './trade-refusal.ts';

const PATH = '/fapi/v1/order';

/** `POST /fapi/v1/order`. */
export const placeOrder = signedEndpoint({
  method: 'POST',
  path: PATH,
  weight: () => 0,
  orders: () => 1,
  answer: ({ query, account, trading }) => {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const market = trading.marketOf(symbol.value);
    if (market === undefined) return invalidSymbol();
    const side = wordParameter(query, 'side', ['BUY', 'SELL']);
    if (side.kind !== 'VALUE') return side;
    const type = wordParameter(query, 'type', ['LIMIT', 'MARKET']);
    if (type.kind !== 'VALUE') return type;
    const quantity = market.grid.stepsOf(query.get('quantity') ?? '');
    if (quantity === undefined || quantity === 0) return badValue('quantity');
    const price = type.value === 'MARKET' ? 0 : market.grid.ticksOf(query.get('price') ?? '');
    if (price === undefined) return badValue('price');
    const ticket: OrderTicket = {
      ...{ symbol: symbol.value, side: side.value, type: type.value, price, quantity },
      positionSide: (query.get('positionSide') ?? 'BOTH') as PositionSide,
      timeInForce: (query.get('timeInForce') ?? 'GTC') as TimeInForce,
      reduceOnly: query.get('reduceOnly') === 'true',
      clientOrderId: query.get('newClientOrderId') ?? randomBytes(11).toString('hex'),
      selfTradePreventionMode: query.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER',
      priceMatch: query.get('priceMatch') ?? 'NONE',
      goodTillDate: Number(query.get('goodTillDate') ?? 0),
    };
    return ok(orderAck(trading.engine.place(account, ticket), market.grid));
  },
});

/** `GET /fapi/v1/order`. */
export const queryOrder = signedEndpoint({
  method: 'GET',
  path: PATH,
  weight: () => 1,
  answer: (call) => withOrder(call, (order, grid) => ok(orderRow(order, grid))),
});

/** `DELETE /fapi/v1/order`. */
export const cancelOrder = signedEndpoint({
  method: 'DELETE',
  path: PATH,
  weight: () => 1,
  answer: (call) =>
    withOrder(call, (order, grid) => {
      call.trading.engine.cancel(order);
      return ok(orderAck(order, grid));
    }),
});

/** `GET /fapi/v1/openOrders`. */
export const openOrders = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/openOrders',
  weight: (query) => (query.has('symbol') ? 1 : 40),
  answer: ({ query, account, trading }) => {
    const orders = trading.engine.open.ofAccount(account.id, query.get('symbol') ?? undefined);
    return ok(
      orders.flatMap((order) => {
        const market = trading.marketOf(order.ticket.symbol);
        return market === undefined ? [] : [orderRow(order, market.grid)];
      }),
    );
  },
});

type Grid = NonNullable<ReturnType<Call['trading']['marketOf']>>['grid'];

/** Finds the order of `orderId` or `origClientOrderId`. */
function withOrder({ query, account, trading }: Call, use: (order: Order, grid: Grid) => Answer): Answer {
  const symbol = mandatorySymbol(query);
  if (symbol.kind !== 'VALUE') return symbol;
  const grid = trading.marketOf(symbol.value)?.grid;
  if (grid === undefined) return invalidSymbol();
  const [id, clientId] = [query.get('orderId'), query.get('origClientOrderId')];
  if (id === null && clientId === null) return missing('orderId');
  const { open } = trading.engine;
  const order =
    id === null
      ? open.byClientId(account.id, symbol.value, clientId ?? '')
      : (open.byId(account.id, symbol.value, BigInt(id)) ?? trading.accounts.history(account).closedOrder(BigInt(id)));
  return order === undefined ? noSuchOrder() : use(order, grid);
}
