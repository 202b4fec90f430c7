import type { USDMClient, WebsocketClient } from 'binance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { CallRecord } from './call-record.ts';
import { sieblyOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { callsInManual, placesInManual } from './manual-tables.ts';
import {
  expectBalanced,
  expectStreamEqualsRest,
  FALLEN_QUOTES,
  fillsOf,
  KEY,
  pathsServed,
  type Row,
  SESSION,
  START_BALANCE,
  SYMBOL,
  startSession,
  UserEvents,
} from './session.ts';

const market = new ControlledMarket();
const calls = new CallRecord();
const events = new UserEvents();
let venue: RunningExchange;
let client: USDMClient;
let streams: WebsocketClient;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(market);
  const siebly = sieblyOn(venue, KEY);
  client = calls.of(siebly.rest);
  streams = calls.of(siebly.streams);
  streams.on('message', events.add);
  await streams.subscribeUsdFuturesUserDataStream();
});
afterAll(async () => {
  streams?.closeAll(true);
  await venue?.stop();
});

const symbol = SYMBOL;
const newId = () => client.generateNewOrderId();

async function prepares(): Promise<void> {
  const info = await client.getExchangeInfo();
  expect(info.symbols.map((row) => row.symbol)).toEqual([SYMBOL]);
  expect(await client.getNotionalAndLeverageBrackets({ symbol })).toMatchObject([{ symbol }]);
  await changesModes();
  expect(await client.setLeverage({ symbol, leverage: 10 })).toMatchObject({ symbol, leverage: 10 });
  expect(await client.setMarginType({ symbol, marginType: 'ISOLATED' })).toMatchObject({ code: 200 });
  expect(await client.getCurrentPositionMode()).toEqual({ dualSidePosition: false });
  expect(await client.getMultiAssetsMode()).toEqual({ multiAssetsMargin: false });
  expect(await client.getFuturesAccountConfig()).toMatchObject({ canTrade: true, dualSidePosition: false });
  expect(await client.getFuturesSymbolConfig({ symbol })).toMatchObject([
    { symbol, marginType: 'ISOLATED', leverage: 10 },
  ]);
  const rates = { makerCommissionRate: '0.0002', takerCommissionRate: '0.0005' };
  expect(await client.getAccountCommissionRate({ symbol })).toMatchObject({ symbol, ...rates });
  expect(await client.getUserForceOrders()).toMatchObject([{ rateLimitType: 'ORDERS' }, { rateLimitType: 'ORDERS' }]);
  expect(await client.getBNBBurnStatus()).toEqual({ feeBurn: false });
  expect(await client.getApiQuantitativeRulesIndicators({})).toMatchObject({ indicators: {} });
  expect(await client.getBalance()).toMatchObject([{ asset: 'USDT', balance: START_BALANCE }]);
  expect(await client.getAccountInformation()).toMatchObject({ totalWalletBalance: START_BALANCE, canTrade: true });
}

async function changesModes(): Promise<void> {
  for (const dualSidePosition of ['true', 'false'] as const) await client.setPositionMode({ dualSidePosition });
  for (const multiAssetsMargin of ['true', 'false'] as const) await client.setMultiAssetsMode({ multiAssetsMargin });
  for (const feeBurn of ['true', 'false'] as const) await client.setBNBBurnEnabled({ feeBurn });
  expect(events.of('ACCOUNT_CONFIG_UPDATE').map(({ ac, ai }) => ac?.l ?? ai?.j)).toEqual([true, false]);
}

async function opens(): Promise<void> {
  const [bought, rests] = [newId(), newId()];
  const taker = await client.submitNewOrder({
    ...{ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01, newClientOrderId: bought, newOrderRespType: 'RESULT' },
  });
  expect(taker).toMatchObject({ status: 'FILLED', executedQty: '0.010', clientOrderId: bought });
  await events.order(bought, 'FILLED');
  const maker = await client.submitNewOrder({
    ...{
      symbol,
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTX',
      quantity: 0.02,
      price: 60_000,
      newClientOrderId: rests,
    },
  });
  expect(maker).toMatchObject({ status: 'NEW', executedQty: '0.000' });
  market.trade({ price: '60000.00', quantity: '0.008', taker: 'SELL' });
  expect(await events.order(rests, 'PARTIALLY_FILLED')).toMatchObject({ l: '0.008', z: '0.008', m: true });
  const resting = { status: 'PARTIALLY_FILLED', executedQty: '0.008', clientOrderId: rests };
  expect(await client.getAllOpenOrders({ symbol })).toMatchObject([resting]);
  expect(await client.getCurrentOpenOrder({ symbol, origClientOrderId: rests })).toMatchObject(resting);
  market.trade({ price: '60000.00', quantity: '0.012', taker: 'SELL' });
  expect(await events.order(rests, 'FILLED')).toMatchObject({ l: '0.012', z: '0.020', ap: '60000.00000' });
  expect(await client.getPositions({ symbol })).toMatchObject([
    { positionAmt: '0.030', marginType: 'isolated', leverage: '10' },
  ]);
  expect(await client.getPositionsV3({ symbol })).toMatchObject([
    { positionAmt: '0.030', entryPrice: '60000.53333333' },
  ]);
  expect(await client.getADLQuantileEstimation({ symbol })).toMatchObject([{ symbol }]);
  expect(await client.setIsolatedPositionMargin({ symbol, amount: 5, type: '1' })).toMatchObject({
    amount: 5,
    type: 1,
  });
  expect(await client.getPositionMarginChangeHistory({ symbol })).toMatchObject([{ symbol, type: 1 }]);
}

async function worksOrders(): Promise<void> {
  const [moved, first, second, last] = [newId(), newId(), newId(), newId()];
  const far = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.002, price: 58_000 } as const;
  await client.submitNewOrder({ ...far, newClientOrderId: moved });
  const change = { symbol, side: 'BUY', origClientOrderId: moved, quantity: 0.003, price: 58_100 } as const;
  expect(await client.modifyOrder(change)).toMatchObject({ price: '58100.00', origQty: '0.003', status: 'NEW' });
  const history = await client.getOrderModifyHistory({ symbol, origClientOrderId: moved });
  expect(history).toMatchObject([{ amendment: { price: { before: '58000.00', after: '58100.00' }, count: 1 } }]);
  expect(await client.cancelOrder({ symbol, origClientOrderId: moved })).toMatchObject({ status: 'CANCELED' });
  const rows = [first, second].map((newClientOrderId) => ({ ...far, newClientOrderId }));
  const list = rows.map((row) => ({ ...row, quantity: '0.002', price: '58000' }));
  expect(await client.submitMultipleOrders(list)).toMatchObject([{ clientOrderId: first }, { clientOrderId: second }]);
  const changes = [first, second].map((id) => ({
    ...change,
    origClientOrderId: id,
    quantity: '0.002',
    price: '58200',
  }));
  expect(await client.modifyMultipleOrders(changes as never)).toMatchObject([
    { price: '58200.00' },
    { price: '58200.00' },
  ]);
  const cancelled = await client.cancelMultipleOrders({ symbol, origClientOrderIdList: [first, second] });
  expect(cancelled).toMatchObject([{ status: 'CANCELED' }, { status: 'CANCELED' }]);
  expect(await client.testOrder(far)).toBeDefined();
  await client.submitNewOrder({ ...far, newClientOrderId: last });
  const countdown = { symbol, countdownTime: 60_000 };
  expect(await client.setCancelOrdersOnTimeout(countdown)).toMatchObject({ symbol });
  await client.setCancelOrdersOnTimeout({ ...countdown, countdownTime: 0 });
  expect(await client.cancelAllOpenOrders({ symbol })).toMatchObject({ code: 200 });
  await events.order(last, 'CANCELED');
  expect(await client.getOrder({ symbol, origClientOrderId: last })).toMatchObject({ status: 'CANCELED' });
}

async function guards(): Promise<void> {
  const [first, moved, limit] = [newId(), newId(), newId()];
  const stop = { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', closePosition: 'true' } as const;
  const placed = await client.submitNewAlgoOrder({ ...stop, triggerPrice: '59000', clientAlgoId: first });
  expect(placed).toMatchObject({ clientAlgoId: first, algoStatus: 'NEW', triggerPrice: '59000.00' });
  await events.algo(first, 'NEW');
  // The venue has no change of a conditional order: a client cancels it and places another.
  expect(await client.cancelAlgoOrder({ clientAlgoId: first })).toMatchObject({ code: '200', clientAlgoId: first });
  await events.algo(first, 'CANCELED');
  await client.submitNewAlgoOrder({ ...stop, triggerPrice: '59500', clientAlgoId: moved });
  expect(await client.getOpenAlgoOrders({ symbol })).toMatchObject([{ clientAlgoId: moved, triggerPrice: '59500.00' }]);
  expect(await client.getAlgoOrder({ clientAlgoId: first })).toMatchObject({ algoStatus: 'CANCELED' });
  const profit = {
    ...stop,
    type: 'TAKE_PROFIT',
    closePosition: 'false',
    reduceOnly: 'true',
    quantity: '0.01',
  } as const;
  await client.submitNewAlgoOrder({ ...profit, triggerPrice: '61000', price: '61000', clientAlgoId: limit });
  expect(await client.cancelAllAlgoOpenOrders({ symbol })).toMatchObject({ code: 200 });
  await events.algo(moved, 'CANCELED');
  await events.algo(limit, 'CANCELED');
}

async function closes(): Promise<void> {
  const id = newId();
  const close = { symbol, side: 'SELL', type: 'MARKET', quantity: 0.03, reduceOnly: 'true' } as const;
  await client.submitNewOrder({ ...close, newClientOrderId: id });
  expect(await events.order(id, 'FILLED')).toMatchObject({ R: true, rp: '-0.04600000' });
}

async function readsAll(): Promise<{ trades: Row[]; income: Row[]; wallet: string }> {
  const trades = await client.getAccountTrades({ symbol });
  const income = await client.getIncomeHistory({});
  const [balance] = await client.getBalanceV3();
  const account = await client.getAccountInformationV3();
  const wallet = String(balance?.balance);
  expect(account.totalWalletBalance).toBe(wallet);
  expectBalanced(trades, income, wallet);
  const [orders, algos] = [await client.getAllOrders({ symbol }), await client.getAllAlgoOrders({ symbol })];
  expectStreamEqualsRest(events, { orders, trades, algos, wallet });
  expect(await client.getForceOrders({ symbol })).toEqual([]);
  return { trades, income, wallet };
}

test('binance (siebly) trades a whole session, to the last digit', async () => {
  await prepares();
  await opens();
  await worksOrders();
  await guards();
  await closes();
  const { trades, wallet } = await readsAll();
  expect(fillsOf(trades)).toEqual(SESSION.fills);
  expect(wallet).toBe(SESSION.wallet);
});

test('binance (siebly) sees its stop fire and close the position', async () => {
  const [bought, stop] = [newId(), newId()];
  await client.submitNewOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01, newClientOrderId: bought });
  const order = { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET', closePosition: 'true' } as const;
  await client.submitNewAlgoOrder({ ...order, triggerPrice: '59500', clientAlgoId: stop });
  market.quote(FALLEN_QUOTES);
  market.trade({ price: '59400.00', quantity: '0.001', taker: 'SELL' });
  await events.algo(stop, 'FINISHED');
  expect(events.of('ALGO_UPDATE').flatMap(({ o }) => (o.caid === stop ? [o.X] : []))).toEqual([
    'NEW',
    'TRIGGERING',
    'TRIGGERED',
    'FINISHED',
  ]);
  const last = (await readsAll()).trades.at(-1);
  expect(last).toMatchObject({ side: 'SELL', price: '59400.00', qty: '0.010', maker: false });
  expect(await client.getPositionsV3({ symbol })).toEqual([]);
});

// Needs all tests of this file.
test('the manual lists exactly the calls that this file made', () => {
  expect(calls.names()).toEqual(callsInManual('binance', 'path'));
  expect(pathsServed(venue)).toEqual(placesInManual('binance', 'path'));
});
