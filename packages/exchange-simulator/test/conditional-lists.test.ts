import { beforeEach, expect, test } from 'vitest';
import { ControlledMarket } from './foreign/controlled-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const SYMBOL = 'BTCUSDT';
const PATH = '/fapi/v1/algoOrder';

let market: ControlledMarket;
let session: TradingSession;
let trader: Trader;

beforeEach(async () => {
  market = new ControlledMarket();
  session = await TradingSession.on(market, START_MS, ['10000', '10000']);
  [trader] = session.traders as [Trader];
});

function place(parameters: Readonly<Record<string, string>>) {
  return session.call(trader, 'POST', PATH, { algoType: 'CONDITIONAL', symbol: SYMBOL, ...parameters });
}
async function trades(price: string): Promise<void> {
  market.trade({ price, quantity: '0.001', taker: 'SELL' });
  await session.pass(20);
}

const STOP = { side: 'SELL', type: 'STOP_MARKET', quantity: '0.002', triggerPrice: '59000' };

test('by either id, once, and apart from ordinary orders', async () => {
  const [one, two, three] = [place(STOP), place({ ...STOP, clientAlgoId: 'two' }), place(STOP)];
  session.call(trader, 'POST', '/fapi/v1/order', {
    ...{ symbol: SYMBOL, side: 'BUY', type: 'LIMIT', quantity: '0.002', price: '59000', timeInForce: 'GTC' },
  });
  session.call(trader, 'DELETE', '/fapi/v1/allOpenOrders', { symbol: SYMBOL });
  session.call(trader, 'POST', '/fapi/v1/order', {
    ...{ symbol: SYMBOL, side: 'BUY', type: 'LIMIT', quantity: '0.002', price: '59000', timeInForce: 'GTC' },
  });
  const { algoId } = one;
  expect(session.call(trader, 'DELETE', PATH, { algoid: algoId })).toEqual({
    ...{ algoId, clientAlgoId: one.clientAlgoId, code: '200', msg: 'success' },
  });
  expect(session.call(trader, 'DELETE', PATH, { algoId })).toMatchObject({ code: -2011, msg: 'Unknown order sent.' });
  expect(session.call(trader, 'DELETE', PATH, { clientAlgoId: 'two' }).code).toBe('200');
  const open = session.call(trader, 'GET', '/fapi/v1/openAlgoOrders', { symbol: SYMBOL });
  expect(open.map((row: { algoId: string }) => row.algoId)).toEqual([three.algoId]);
  expect(session.call(trader, 'DELETE', '/fapi/v1/algoOpenOrders', { symbol: SYMBOL })).toMatchObject({
    ...{ code: 200, msg: 'The operation of cancel all open order is done.' },
  });
  const all = session.call(trader, 'GET', '/fapi/v1/allAlgoOrders', { symbol: SYMBOL });
  expect(all.map((row: { algoId: string; algoStatus: string }) => [row.algoId, row.algoStatus])).toEqual(
    [one, two, three].map((order) => [order.algoId, 'CANCELED']),
  );
  expect(session.call(trader, 'GET', '/fapi/v1/openOrders', { symbol: SYMBOL })).toHaveLength(1);
});

test('another account sees nothing of them', () => {
  const { algoId } = place(STOP);
  const other = session.traders[1] as Trader;
  expect(session.call(other, 'GET', PATH, { algoId })).toMatchObject({ code: -2013 });
  expect(session.call(other, 'DELETE', PATH, { algoId })).toMatchObject({ code: -2011 });
  expect(session.call(other, 'GET', '/fapi/v1/openAlgoOrders')).toEqual([]);
});

test('a triggering order cannot be cancelled, a triggered one is an ordinary order', async () => {
  session.exchange.trading.conditional.faultOf = () => ({ kind: 'STUCK' });
  const stuck = place(STOP);
  await trades('58000.00');
  expect(session.call(trader, 'GET', PATH, { algoId: stuck.algoId }).algoStatus).toBe('TRIGGERING');
  expect(session.call(trader, 'DELETE', PATH, { algoId: stuck.algoId })).toMatchObject({ code: -4117 });
  session.exchange.trading.conditional.faultOf = () => undefined;
  const resting = place({ ...STOP, type: 'STOP', price: '60500', triggerPrice: '57000' });
  await trades('57000.00');
  expect(session.call(trader, 'DELETE', PATH, { algoId: resting.algoId })).toMatchObject({ code: -2011 });
});

test('the 201st waiting order is refused', () => {
  for (let count = 0; count < 200; count += 1) expect(place(STOP).algoStatus).toBe('NEW');
  expect(place(STOP)).toMatchObject({ code: -4045, msg: 'Reach max stop order limit.' });
});
