import { beforeEach, describe, expect, test } from 'vitest';
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

type Parameters = Readonly<Record<string, string>>;

function place(parameters: Parameters, by = trader) {
  return session.call(by, 'POST', PATH, { algoType: 'CONDITIONAL', symbol: SYMBOL, ...parameters });
}
function query(order: { readonly algoId: string }) {
  return session.call(trader, 'GET', PATH, { algoId: order.algoId });
}
function buy(quantity = '0.003') {
  return session.call(trader, 'POST', '/fapi/v1/order', { symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity });
}

/** A trade of the market at a price, played at once. */
async function trades(...prices: readonly string[]): Promise<void> {
  for (const price of prices) market.trade({ price, quantity: '0.001', taker: 'SELL' });
  await session.pass(10 * (prices.length + 1));
}
async function marks(price: string): Promise<void> {
  market.mark(price);
  await session.pass(20);
}

/** States that the user stream told of an order, oldest first. */
const told = (order: { readonly algoId: string }) =>
  trader.events.filter(({ e, o }) => e === 'ALGO_UPDATE' && String(o.aid) === order.algoId).map(({ o }) => o.X);

const STOP = { side: 'SELL', type: 'STOP_MARKET', quantity: '0.002', triggerPrice: '59000' };

describe('a trigger', () => {
  test.each([
    ['STOP_MARKET', 'SELL', '59000', '59000.10', '59000.00'],
    ['STOP_MARKET', 'BUY', '61000', '60999.90', '61000.00'],
    ['TAKE_PROFIT_MARKET', 'SELL', '61000', '60999.90', '61000.00'],
    ['TAKE_PROFIT_MARKET', 'BUY', '59000', '59000.10', '59000.00'],
  ])('%s %s at %s waits at %s and becomes a MARKET order at %s', async (type, side, triggerPrice, before, at) => {
    const order = place({ type, side, triggerPrice, quantity: '0.002' });
    expect(order.algoStatus).toBe('NEW');
    await trades(before);
    expect(query(order).algoStatus).toBe('NEW');
    await trades(at);
    const done = query(order);
    expect(done).toMatchObject({ algoStatus: 'FINISHED', actualType: 'MARKET', actualQty: '0.002' });
    const actual = session.call(trader, 'GET', '/fapi/v1/order', { symbol: SYMBOL, orderId: done.actualOrderId });
    const price = side === 'BUY' ? '60001.00000' : '59999.00000';
    expect(actual).toMatchObject({ status: 'FILLED', type: 'MARKET', origType: type, side, avgPrice: price });
    expect(done.actualPrice).toBe(`${price}0`);
  });

  test('a mark price triggers only orders that follow it', async () => {
    const byMark = place({ ...STOP, workingType: 'MARK_PRICE' });
    const byTrade = place(STOP);
    await marks('58999.99999999');
    expect([query(byMark).algoStatus, query(byTrade).algoStatus]).toEqual(['FINISHED', 'NEW']);
    await trades('58999.90');
    expect(query(byTrade).algoStatus).toBe('FINISHED');
  });

  test('a STOP becomes a LIMIT order that rests, and ends with it', async () => {
    const order = place({ ...STOP, type: 'STOP', price: '60500.00' });
    await trades('58990.00');
    const { algoStatus, actualOrderId, actualType } = query(order);
    expect([algoStatus, actualType]).toEqual(['TRIGGERED', 'LIMIT']);
    const [resting] = session.call(trader, 'GET', '/fapi/v1/openOrders', { symbol: SYMBOL });
    expect(resting).toMatchObject({ orderId: actualOrderId, status: 'NEW', price: '60500.00', stopPrice: '59000.00' });
    session.call(trader, 'DELETE', '/fapi/v1/order', { symbol: SYMBOL, orderId: actualOrderId });
    expect(query(order).algoStatus).toBe('FINISHED');
    expect(told(order)).toEqual(['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
  });

  test('a STOP with a price match takes its price from the book when it triggers', async () => {
    const order = place({ ...STOP, type: 'STOP', priceMatch: 'QUEUE' });
    expect(order).toMatchObject({ price: '0.00', priceMatch: 'QUEUE' });
    await trades('58990.00');
    const [resting] = session.call(trader, 'GET', '/fapi/v1/openOrders', { symbol: SYMBOL });
    expect(resting).toMatchObject({ price: '60001.00', priceMatch: 'QUEUE', origType: 'STOP' });
  });

  test('the user stream tells of the ordinary order before TRIGGERED, under the id of the conditional one', async () => {
    const order = place({ ...STOP, clientAlgoId: 'my-stop' });
    const before = trader.events.length;
    await trades('58990.00');
    const events = trader.events.slice(before);
    expect(events.map(({ e, o }) => [e, o?.X ?? ''])).toEqual([
      ['ALGO_UPDATE', 'TRIGGERING'],
      ['TRADE_LITE', ''],
      ['ORDER_TRADE_UPDATE', 'NEW'],
      ['ACCOUNT_UPDATE', ''],
      ['ORDER_TRADE_UPDATE', 'FILLED'],
      ['ALGO_UPDATE', 'TRIGGERED'],
      ['ALGO_UPDATE', 'FINISHED'],
    ]);
    const { i, ...o } = events[2].o;
    expect(o).toMatchObject({ si: order.algoId, c: 'my-stop', o: 'MARKET', ot: 'STOP_MARKET', sp: '59000.00' });
    expect(events[5].o).toMatchObject({ ai: i, ap: '59999.00000', aq: '0.002', act: 'MARKET', tt: expect.any(Number) });
  });

  test('price protection holds a stop back while contract and mark price are more than 5 % apart', async () => {
    const order = place({ ...STOP, priceProtect: 'TRUE', triggerPrice: '57000.00' });
    await trades('56999.90');
    expect(query(order).algoStatus).toBe('NEW');
    await marks('59000.00000000');
    await trades('56999.90');
    expect(query(order).algoStatus).toBe('FINISHED');
  });
});

describe('a trailing stop', () => {
  const TRAILING = { side: 'SELL', type: 'TRAILING_STOP_MARKET', quantity: '0.002', callbackRate: '1' };

  test('is told twice as NEW, follows the highest price, and triggers at its callback', async () => {
    const order = place({ ...TRAILING, activationPrice: '60100' });
    expect(order).toMatchObject({ activatePrice: '60100.00', callbackRate: '1.0', triggerPrice: '59499.00' });
    await trades('60100.00', '61000.00', '60390.10');
    expect(query(order)).toMatchObject({ algoStatus: 'NEW', triggerPrice: '60390.00' });
    await trades('60390.00');
    expect(query(order).algoStatus).toBe('FINISHED');
    const updates = trader.events.filter(({ e }) => e === 'ALGO_UPDATE').map(({ o }) => [o.X, o.ia, o.tp]);
    expect(updates.slice(0, 3)).toEqual([
      ['NEW', false, '59499'],
      ['NEW', true, '59499'],
      ['TRIGGERING', true, '60390'],
    ]);
    const child = trader.events.find(({ e }) => e === 'ORDER_TRADE_UPDATE');
    expect(child.o).toMatchObject({ ot: 'TRAILING_STOP_MARKET', AP: '60100.00', cr: '1.0', sp: '60390.00' });
  });

  test('without an activation price it is active at once', async () => {
    const order = place(TRAILING);
    expect(told(order)).toEqual(['NEW', 'NEW']);
    await trades('59400.00');
    expect(query(order).algoStatus).toBe('FINISHED');
  });
});

describe('an order that closes the position', () => {
  const CLOSE = { side: 'SELL', type: 'STOP_MARKET', closePosition: 'true', triggerPrice: '59000' };

  test('closes all of it, whatever it grew to, and its sibling expires', async () => {
    buy();
    const stop = place(CLOSE);
    expect(stop).toMatchObject({ timeInForce: 'GTE_GTC', quantity: '0.000', closePosition: true, reduceOnly: true });
    const profit = place({ ...CLOSE, type: 'TAKE_PROFIT_MARKET', triggerPrice: '63000' });
    buy('0.004');
    await trades('58000.00');
    expect(query(stop)).toMatchObject({ algoStatus: 'FINISHED', actualQty: '0.007' });
    expect(session.call(trader, 'GET', '/fapi/v3/positionRisk')).toEqual([]);
    expect(query(profit).algoStatus).toBe('EXPIRED');
    expect(told(profit)).toEqual(['NEW', 'EXPIRED']);
    const cp = trader.events.filter(({ e, o }) => e === 'ORDER_TRADE_UPDATE' && o.ot === 'STOP_MARKET');
    expect(cp.map(({ o }) => [o.cp, o.R, o.q])).toEqual([
      [true, true, '0.007'],
      [true, true, '0.007'],
    ]);
  });

  test('expires if the position is closed by hand', async () => {
    buy();
    const stop = place(CLOSE);
    session.call(trader, 'POST', '/fapi/v1/order', { symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: '0.003' });
    expect(query(stop).algoStatus).toBe('EXPIRED');
    expect(session.call(trader, 'GET', '/fapi/v1/openAlgoOrders')).toEqual([]);
  });

  test('has one place for each direction and kind', () => {
    expect(place(CLOSE).code).toBe(-4509);
    buy();
    expect(place(CLOSE).algoStatus).toBe('NEW');
    expect(place({ ...CLOSE, triggerPrice: '58000' })).toMatchObject({ status: 400, code: -4130 });
    expect(place({ ...CLOSE, type: 'TAKE_PROFIT_MARKET', triggerPrice: '63000' }).algoStatus).toBe('NEW');
  });
});

describe('the matching engine rejects a triggered order', () => {
  test('that the account cannot pay; nothing was checked before', async () => {
    const order = place({ ...STOP, quantity: '4.000' });
    expect(order.algoStatus).toBe('NEW');
    await trades('58000.00');
    expect(told(order)).toEqual(['NEW', 'TRIGGERING', 'REJECTED']);
    expect(trader.events.at(-1).o).toMatchObject({ ai: '', rm: 'Margin is insufficient.' });
  });

  test('that would open against its position side in hedge mode', async () => {
    const account = session.exchange.trading.accounts.byId(trader.id);
    if (account !== undefined) account.isHedge = true;
    const order = place({ ...STOP, positionSide: 'LONG' });
    await trades('58000.00');
    expect(query(order).algoStatus).toBe('REJECTED');
    expect(session.call(trader, 'GET', '/fapi/v3/positionRisk')).toEqual([]);
  });

  test('that may only reduce, without a position', async () => {
    const order = place({ ...STOP, reduceOnly: 'true' });
    await trades('58000.00');
    expect(query(order)).toMatchObject({ algoStatus: 'REJECTED', actualOrderId: '' });
    expect(told(order)).toEqual(['NEW', 'TRIGGERING', 'REJECTED']);
    expect(trader.events.at(-1).o.rm).toBe('Reduce Only reject');
    expect(trader.events.filter(({ e }) => e === 'ORDER_TRADE_UPDATE')).toEqual([]);
  });
});

test('a good-till date ends the order on the venue’s clock', async () => {
  const goodTillDate = String(session.clock.ms + 601_000);
  const order = place({ ...STOP, timeInForce: 'GTD', goodTillDate });
  expect(order.goodTillDate).toBe(Math.floor(Number(goodTillDate) / 1_000) * 1_000);
  await session.pass(600_000);
  expect(query(order).algoStatus).toBe('NEW');
  await session.pass(1_001);
  expect(query(order)).toMatchObject({ algoStatus: 'EXPIRED', updateTime: order.goodTillDate });
});
