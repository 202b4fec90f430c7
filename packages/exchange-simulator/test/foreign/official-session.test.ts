import type {
  DerivativesTradingUsdsFutures,
  DerivativesTradingUsdsFuturesRestAPI,
} from '@binance/derivatives-trading-usds-futures';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { CallRecord } from './call-record.ts';
import { officialOn } from './clients.ts';
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

/** The client types these words as enums of each request. */
const [BUY, SELL, MARKET, LIMIT] = ['BUY', 'SELL', 'MARKET', 'LIMIT'].map((word) => word as never) as never[] as [
  never,
  never,
  never,
  never,
];
const [GTC, GTX, RESULT, YES] = ['GTC', 'GTX', 'RESULT', 'true'].map((word) => word as never) as never[] as [
  never,
  never,
  never,
  never,
];

const market = new ControlledMarket();
const calls = new CallRecord();
const events = new UserEvents();
const symbol = SYMBOL;
let venue: RunningExchange;
let rest: DerivativesTradingUsdsFuturesRestAPI.RestAPI;
let streams: Awaited<ReturnType<DerivativesTradingUsdsFutures['websocketStreams']['connect']>>;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(market);
  const client = officialOn(venue, KEY);
  rest = calls.of(client.restAPI);
  streams = await client.websocketStreams.connect();
  const { listenKey } = await of(rest.startUserDataStream());
  streams.userData(listenKey).on('message', events.add);
  await vi.waitUntil(() => venue.requests().streams?.streams[listenKey] === 1, { timeout: 5_000 });
});
afterAll(async () => {
  await streams?.disconnect();
  await venue?.stop();
});

let ids = 0;
function newId(): string {
  ids += 1;
  return `official-${ids}`;
}
/** The body of an answer. */
const of = async (call: Promise<{ data(): Promise<unknown> }>): Promise<Row> => (await call).data();

async function prepares(): Promise<void> {
  await of(rest.keepaliveUserDataStream());
  const info = await of(rest.exchangeInformation());
  expect(info.symbols).toMatchObject([{ symbol }]);
  expect(await of(rest.notionalAndLeverageBrackets({ symbol }))).toMatchObject([{ symbol }]);
  await changesModes();
  expect(await of(rest.changeInitialLeverage({ symbol, leverage: 10 }))).toMatchObject({ symbol, leverage: 10 });
  expect(await of(rest.changeMarginType({ symbol, marginType: 'ISOLATED' as never }))).toMatchObject({ code: 200 });
  expect(await of(rest.getCurrentPositionMode())).toEqual({ dualSidePosition: false });
  expect(await of(rest.getCurrentMultiAssetsMode())).toEqual({ multiAssetsMargin: false });
  expect(await of(rest.futuresAccountConfiguration())).toMatchObject({ canTrade: true, dualSidePosition: false });
  const config = { symbol, marginType: 'ISOLATED', leverage: 10 };
  expect(await of(rest.symbolConfiguration({ symbol }))).toMatchObject([config]);
  const rates = { makerCommissionRate: '0.0002', takerCommissionRate: '0.0005' };
  expect(await of(rest.userCommissionRate({ symbol }))).toMatchObject({ symbol, ...rates });
  expect(await of(rest.queryUserRateLimit())).toMatchObject([{ rateLimitType: 'ORDERS' }, { rateLimitType: 'ORDERS' }]);
  expect(await of(rest.getBnbBurnStatus())).toEqual({ feeBurn: false });
  expect(await of(rest.futuresTradingQuantitativeRulesIndicators())).toMatchObject({ indicators: {} });
  expect(await of(rest.futuresAccountBalanceV2())).toMatchObject([{ asset: 'USDT', balance: START_BALANCE }]);
  expect(await of(rest.accountInformationV2())).toMatchObject({ totalWalletBalance: START_BALANCE });
}

async function changesModes(): Promise<void> {
  for (const dualSidePosition of ['true', 'false']) await rest.changePositionMode({ dualSidePosition });
  for (const multiAssetsMargin of ['true', 'false']) await rest.changeMultiAssetsMode({ multiAssetsMargin });
  for (const feeBurn of ['true', 'false']) await rest.toggleBnbBurnOnFuturesTrade({ feeBurn });
  expect(events.of('ACCOUNT_CONFIG_UPDATE').map(({ ac, ai }) => ac?.l ?? ai?.j)).toEqual([true, false]);
}

async function opens(): Promise<void> {
  const [bought, rests] = [newId(), newId()];
  const taker = await of(
    rest.newOrder({
      ...{ symbol, side: BUY, type: MARKET, quantity: 0.01, newClientOrderId: bought, newOrderRespType: RESULT },
    }),
  );
  expect(taker).toMatchObject({ status: 'FILLED', executedQty: '0.010', clientOrderId: bought });
  expect(await events.order(bought, 'FILLED')).toMatchObject({ i: taker.orderId });
  const post = { symbol, side: BUY, type: LIMIT, timeInForce: GTX, quantity: 0.02, price: 60_000 };
  const maker = await of(rest.newOrder({ ...post, newClientOrderId: rests }));
  expect(maker).toMatchObject({ status: 'NEW', executedQty: '0.000' });
  market.trade({ price: '60000.00', quantity: '0.008', taker: 'SELL' });
  expect(await events.order(rests, 'PARTIALLY_FILLED')).toMatchObject({ l: '0.008', z: '0.008', m: true });
  const resting = { status: 'PARTIALLY_FILLED', executedQty: '0.008', clientOrderId: rests };
  expect(await of(rest.currentAllOpenOrders({ symbol }))).toMatchObject([resting]);
  expect(await of(rest.queryCurrentOpenOrder({ symbol, orderId: maker.orderId }))).toMatchObject(resting);
  market.trade({ price: '60000.00', quantity: '0.012', taker: 'SELL' });
  expect(await events.order(rests, 'FILLED')).toMatchObject({ l: '0.012', z: '0.020', ap: '60000.00000' });
  const isolated = { positionAmt: '0.030', marginType: 'isolated', leverage: '10' };
  expect(await of(rest.positionInformationV2({ symbol }))).toMatchObject([isolated]);
  const position = { positionAmt: '0.030', entryPrice: '60000.53333333' };
  expect(await of(rest.positionInformationV3({ symbol }))).toMatchObject([position]);
  expect(await of(rest.positionAdlQuantileEstimation({ symbol }))).toMatchObject([{ symbol }]);
  const added = await of(rest.modifyIsolatedPositionMargin({ symbol, amount: 5, type: 1 }));
  expect(added).toMatchObject({ amount: 5, type: 1 });
  expect(await of(rest.getPositionMarginChangeHistory({ symbol }))).toMatchObject([{ symbol, type: 1 }]);
}

async function worksOrders(): Promise<void> {
  const [moved, first, second, last] = [newId(), newId(), newId(), newId()];
  const far = { symbol, side: BUY, type: LIMIT, timeInForce: GTC, quantity: 0.002, price: 58_000 };
  const { orderId } = await of(rest.newOrder({ ...far, newClientOrderId: moved }));
  const change = { symbol, side: BUY, quantity: 0.003, price: 58_100 };
  const changed = await of(rest.modifyOrder({ ...change, orderId }));
  expect(changed).toMatchObject({ price: '58100.00', origQty: '0.003', status: 'NEW', orderId });
  const history = await of(rest.getOrderModifyHistory({ symbol, orderId }));
  expect(history).toMatchObject([{ amendment: { price: { before: '58000.00', after: '58100.00' }, count: 1 } }]);
  expect(await of(rest.cancelOrder({ symbol, orderId }))).toMatchObject({ status: 'CANCELED' });
  const batchOrders = [first, second].map((newClientOrderId) => ({ ...far, newClientOrderId }));
  const placed = await of(rest.placeMultipleOrders({ batchOrders }));
  expect(placed).toMatchObject([{ clientOrderId: first }, { clientOrderId: second }]);
  const changes = [first, second].map((origClientOrderId) => ({ ...change, origClientOrderId }));
  const both = [{ price: '58100.00' }, { price: '58100.00' }];
  expect(await of(rest.modifyMultipleOrders({ batchOrders: changes }))).toMatchObject(both);
  const cancelled = await of(rest.cancelMultipleOrders({ symbol, origClientOrderIdList: [first, second] }));
  expect(cancelled).toMatchObject([{ status: 'CANCELED' }, { status: 'CANCELED' }]);
  await of(rest.testOrder(far));
  await of(rest.newOrder({ ...far, newClientOrderId: last }));
  expect(await of(rest.autoCancelAllOpenOrders({ symbol, countdownTime: 60_000 }))).toMatchObject({ symbol });
  await of(rest.autoCancelAllOpenOrders({ symbol, countdownTime: 0 }));
  expect(await of(rest.cancelAllOpenOrders({ symbol }))).toMatchObject({ code: 200 });
  await events.order(last, 'CANCELED');
  expect(await of(rest.queryOrder({ symbol, origClientOrderId: last }))).toMatchObject({ status: 'CANCELED' });
}

async function guards(): Promise<void> {
  const [first, moved] = [newId(), newId()];
  const stop = { symbol, side: SELL, algoType: 'CONDITIONAL' as never, type: 'STOP_MARKET' as never };
  const placed = await of(
    rest.newAlgoOrder({ ...stop, closePosition: YES, triggerPrice: 59_000, clientAlgoId: first }),
  );
  expect(placed).toMatchObject({ clientAlgoId: first, algoStatus: 'NEW', triggerPrice: '59000.00' });
  expect(await events.algo(first, 'NEW')).toMatchObject({ aid: placed.algoId });
  // The venue has no change of a conditional order: a client cancels it and places another.
  expect(await of(rest.cancelAlgoOrder({ algoId: placed.algoId }))).toMatchObject({ code: '200', clientAlgoId: first });
  await events.algo(first, 'CANCELED');
  await of(rest.newAlgoOrder({ ...stop, closePosition: YES, triggerPrice: 59_500, clientAlgoId: moved }));
  const open = { clientAlgoId: moved, triggerPrice: '59500.00' };
  expect(await of(rest.currentAllAlgoOpenOrders({ symbol }))).toMatchObject([open]);
  expect(await of(rest.queryAlgoOrder({ algoId: placed.algoId }))).toMatchObject({ algoStatus: 'CANCELED' });
  expect(await of(rest.cancelAllAlgoOpenOrders({ symbol }))).toMatchObject({ code: 200 });
  await events.algo(moved, 'CANCELED');
}

async function closes(): Promise<void> {
  const id = newId();
  const close = { symbol, side: SELL, type: MARKET, quantity: 0.03, reduceOnly: YES };
  await of(rest.newOrder({ ...close, newClientOrderId: id }));
  expect(await events.order(id, 'FILLED')).toMatchObject({ R: true, rp: '-0.04600000' });
}

async function readsAll(): Promise<{ trades: Row[]; wallet: string }> {
  const trades = await of(rest.accountTradeList({ symbol }));
  const income = await of(rest.getIncomeHistory());
  const [{ balance: wallet }] = await of(rest.futuresAccountBalanceV3());
  expect(await of(rest.accountInformationV3())).toMatchObject({ totalWalletBalance: wallet });
  expectBalanced(trades, income, wallet);
  const [orders, algos] = [await of(rest.allOrders({ symbol })), await of(rest.queryAllAlgoOrders({ symbol }))];
  expectStreamEqualsRest(events, { orders, trades, algos, wallet });
  expect(await of(rest.usersForceOrders({ symbol }))).toEqual([]);
  return { trades, wallet };
}

test('the official client trades a whole session, to the last digit', async () => {
  await prepares();
  await opens();
  await worksOrders();
  await guards();
  await closes();
  const { trades, wallet } = await readsAll();
  expect(fillsOf(trades)).toEqual(SESSION.fills);
  expect(wallet).toBe(SESSION.wallet);
});

test('the official client sees its stop fire and close the position', async () => {
  const [bought, stop] = [newId(), newId()];
  await of(rest.newOrder({ symbol, side: BUY, type: MARKET, quantity: 0.01, newClientOrderId: bought }));
  const order = { symbol, side: SELL, algoType: 'CONDITIONAL' as never, type: 'STOP_MARKET' as never };
  await of(rest.newAlgoOrder({ ...order, closePosition: YES, triggerPrice: 59_500, clientAlgoId: stop }));
  market.quote(FALLEN_QUOTES);
  market.trade({ price: '59400.00', quantity: '0.001', taker: 'SELL' });
  await events.algo(stop, 'FINISHED');
  const states = events.of('ALGO_UPDATE').flatMap(({ o }) => (o.caid === stop ? [o.X] : []));
  expect(states).toEqual(['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
  const last = (await readsAll()).trades.at(-1);
  expect(last).toMatchObject({ side: 'SELL', price: '59400.00', qty: '0.010', maker: false });
  expect(await of(rest.positionInformationV3({ symbol }))).toEqual([]);
  await of(rest.closeUserDataStream());
});

// Needs all tests of this file.
test('the manual lists exactly the calls that this file made', () => {
  expect(calls.names()).toEqual(callsInManual('official', 'path'));
  expect(pathsServed(venue)).toEqual(placesInManual('official', 'path'));
});
