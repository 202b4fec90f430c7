import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { CallRecord } from './call-record.ts';
import { type CcxtClient, ccxtOn } from './clients.ts';
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
  SYMBOL,
  startSession,
  UserEvents,
} from './session.ts';

const MARKET = 'BTC/USDT:USDT';
const market = new ControlledMarket();
const calls = new CallRecord();
const events = new UserEvents();
let venue: RunningExchange;
let ccxtClient: CcxtClient;
let client: CcxtClient;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(market);
  ccxtClient = await ccxtOn(venue, KEY);
  client = calls.of(ccxtClient);
  client.watchOrders(MARKET).catch(() => {});
  await vi.waitUntil(() => Object.values(ccxtClient.clients).some(({ isConnected }) => isConnected), {
    timeout: 5_000,
  });
  noteEvents();
});
afterAll(async () => {
  await ccxtClient?.close().catch(() => {});
  await venue?.stop();
});

let ids = 0;
function newId(): string {
  ids += 1;
  return `ccxt-${ids}`;
}
const infoOf = (rows: readonly { readonly info: unknown }[]): Row[] => rows.map(({ info }) => info);

/** Notes every message of the user stream as ccxt parsed it, before ccxt handles it. */
function noteEvents(): void {
  for (const socket of Object.values(ccxtClient.clients)) {
    const { onMessageCallback } = socket as Row;
    (socket as Row).onMessageCallback = (of: unknown, message: Row) => {
      events.add(structuredClone(message));
      onMessageCallback(of, message);
    };
  }
}

async function prepares(): Promise<void> {
  await client.loadMarkets();
  expect(client.market(MARKET)).toMatchObject({ id: SYMBOL, precision: { price: 0.1, amount: 0.001 } });
  const [tier] = (await client.fetchLeverageTiers([MARKET]))[MARKET] ?? [];
  expect(tier).toMatchObject({ tier: 1, maxLeverage: 125 });
  expect(await client.setLeverage(10, MARKET)).toMatchObject({ symbol: SYMBOL, leverage: 10 });
  for (const hedged of [true, false]) {
    await client.setPositionMode(hedged, MARKET);
    expect(await client.fetchPositionMode(MARKET)).toMatchObject({ hedged });
  }
  expect(await client.setMarginMode('isolated', MARKET)).toMatchObject({ code: 200 });
  expect(await client.fetchLeverage(MARKET)).toMatchObject({ longLeverage: 10, marginMode: 'isolated' });
  expect(await client.fetchMarginMode(MARKET)).toMatchObject({ marginMode: 'isolated' });
  expect(await client.fetchTradingFee(MARKET)).toMatchObject({ maker: 0.0002, taker: 0.0005 });
  // ccxt's own table of fee tiers, not the venue's rates.
  expect((await client.fetchTradingFees())[MARKET]).toMatchObject({
    maker: 0.0002,
    taker: 0.0004,
    info: { feeTier: 0 },
  });
  expect(await client.fetchBalance()).toMatchObject({ USDT: { total: 10_000, free: 10_000 } });
  expect(await client.fetchBalance({ useV2: true })).toMatchObject({ USDT: { total: 10_000 } });
}

async function opens(): Promise<void> {
  const [bought, rests] = [newId(), newId()];
  const heard = client.watchOrders(MARKET);
  const fills = client.watchMyTrades(MARKET);
  const taker = await client.createOrder(MARKET, 'market', 'buy', 0.01, undefined, { clientOrderId: bought });
  expect(taker).toMatchObject({ status: 'closed', filled: 0.01, clientOrderId: bought });
  expect((await heard).at(-1)).toMatchObject({ id: taker.id });
  expect((await fills)[0]).toMatchObject({ order: taker.id, price: 60_001, amount: 0.004, takerOrMaker: 'taker' });
  const resting = { clientOrderId: rests, postOnly: true };
  const maker: Row = await client.createOrder(MARKET, 'limit', 'buy', 0.02, 60_000, resting);
  expect(maker).toMatchObject({ status: 'open', filled: 0, postOnly: true });
  const [positions, balance] = [client.watchPositions([MARKET]), client.watchBalance()];
  market.trade({ price: '60000.00', quantity: '0.008', taker: 'SELL' });
  expect(await events.order(rests, 'PARTIALLY_FILLED')).toMatchObject({ l: '0.008', z: '0.008', i: maker.id });
  expect(await positions).toMatchObject([{ symbol: MARKET, side: 'long', contracts: 0.018 }]);
  expect(await balance).toMatchObject({ USDT: { total: expect.any(Number) } });
  expect(await client.fetchOpenOrders(MARKET)).toMatchObject([{ id: maker.id, filled: 0.008, remaining: 0.012 }]);
  expect(await client.fetchOpenOrder(maker.id, MARKET)).toMatchObject({ id: maker.id, filled: 0.008 });
  market.trade({ price: '60000.00', quantity: '0.012', taker: 'SELL' });
  expect(await events.order(rests, 'FILLED')).toMatchObject({ l: '0.012', z: '0.020', ap: '60000.00000' });
  const position = { side: 'long', contracts: 0.03, entryPrice: 60_000.53333333, marginMode: 'isolated' };
  expect(await client.fetchPositions([MARKET])).toMatchObject([position]);
  expect(await client.fetchPositions([MARKET], { useV2: true })).toMatchObject([{ ...position, leverage: 10 }]);
  expect(await client.fetchPositionsADLRank([MARKET])).toMatchObject([{ symbol: MARKET }]);
  expect(await client.addMargin(MARKET, 5)).toMatchObject({ type: 'add', amount: 5, status: 'ok' });
  expect(await client.reduceMargin(MARKET, 4)).toMatchObject({ type: 'reduce', amount: 4, status: 'ok' });
  expect(await client.fetchMarginAdjustmentHistory(MARKET)).toMatchObject([
    { type: 'add', amount: 5 },
    { type: 'reduce', amount: 4 },
  ]);
}

async function worksOrders(): Promise<void> {
  const far = () => [MARKET, 'limit', 'buy', 0.002, 58_000, { clientOrderId: newId() }] as const;
  const place = async (): Promise<Row> => client.createOrder(...far());
  const first = await place();
  const moved = await client.editOrder(first.id, MARKET, 'limit', 'buy', 0.003, 58_100);
  expect(moved).toMatchObject({ id: first.id, price: 58_100, amount: 0.003, status: 'open' });
  expect(await client.cancelOrder(first.id, MARKET)).toMatchObject({ id: first.id, status: 'canceled' });
  const row = { symbol: MARKET, type: 'limit', side: 'buy', amount: 0.002, price: 58_000 } as const;
  const both: Row[] = await client.createOrders([row, row]);
  expect(both).toMatchObject([{ status: 'open' }, { status: 'open' }]);
  const edits = both.map(({ id }) => ({ ...row, id, price: 58_200 }));
  expect(await client.editOrders(edits)).toMatchObject([{ price: 58_200 }, { price: 58_200 }]);
  const cancelled = await client.cancelOrders(
    both.map(({ id }) => id),
    MARKET,
  );
  expect(cancelled).toMatchObject([{ status: 'canceled' }, { status: 'canceled' }]);
  const last = await place();
  await client.cancelAllOrders(MARKET);
  expect(await client.fetchOrder(last.id, MARKET)).toMatchObject({ id: last.id, status: 'canceled' });
}

async function guards(): Promise<void> {
  const stop = (price: number) => ({ stopLossPrice: price, closePosition: true, clientOrderId: newId() });
  const placed: Row = await client.createOrder(MARKET, 'market', 'sell', 0.03, undefined, stop(59_000));
  expect(placed).toMatchObject({ status: 'open', triggerPrice: 59_000 });
  expect(await events.algo(String(placed.clientOrderId), 'NEW')).toMatchObject({ aid: placed.id });
  // The venue has no change of a conditional order: a client cancels it and places another.
  await client.cancelOrder(placed.id, MARKET, { trigger: true });
  await events.algo(String(placed.clientOrderId), 'CANCELED');
  const moved: Row = await client.createOrder(MARKET, 'market', 'sell', 0.03, undefined, stop(59_500));
  const open = await client.fetchOpenOrders(MARKET, undefined, undefined, { trigger: true });
  expect(open).toMatchObject([{ id: moved.id, triggerPrice: 59_500 }]);
  expect(await client.fetchOrder(placed.id, MARKET, { trigger: true })).toMatchObject({ status: 'canceled' });
  await client.cancelAllOrders(MARKET, { trigger: true });
  await events.algo(String(moved.clientOrderId), 'CANCELED');
}

async function closes(): Promise<void> {
  const params = { reduceOnly: true, clientOrderId: newId() };
  await client.createOrder(MARKET, 'market', 'sell', 0.03, undefined, params);
  expect(await events.order(params.clientOrderId, 'FILLED')).toMatchObject({ R: true, rp: '-0.04600000' });
}

async function readsAll(): Promise<{ trades: Row[]; wallet: string }> {
  const trades = infoOf(await client.fetchMyTrades(MARKET));
  const income = infoOf(await client.fetchLedger());
  const { info } = await client.fetchBalance();
  const wallet = info.assets[0].walletBalance;
  expectBalanced(trades, income, wallet);
  const orders = infoOf(await client.fetchOrders(MARKET));
  const algos = infoOf(await client.fetchOrders(MARKET, undefined, undefined, { trigger: true }));
  expectStreamEqualsRest(events, { orders, trades, algos, wallet });
  expect(await client.fetchFundingHistory(MARKET)).toEqual([]);
  expect(await client.fetchMyLiquidations(MARKET)).toEqual([]);
  return { trades, wallet };
}

test('ccxt trades a whole session, to the last digit', async () => {
  await prepares();
  await opens();
  await worksOrders();
  await guards();
  await closes();
  const { trades, wallet } = await readsAll();
  expect(fillsOf(trades)).toEqual(SESSION.fills);
  expect(wallet).toBe(SESSION.wallet);
});

test('ccxt sees its stop fire and close the position', async () => {
  await client.createOrder(MARKET, 'market', 'buy', 0.01);
  const params = { stopLossPrice: 59_500, closePosition: true, clientOrderId: newId() };
  await client.createOrder(MARKET, 'market', 'sell', 0.01, undefined, params);
  market.quote(FALLEN_QUOTES);
  market.trade({ price: '59400.00', quantity: '0.001', taker: 'SELL' });
  await events.algo(params.clientOrderId, 'FINISHED');
  const states = events.of('ALGO_UPDATE').flatMap(({ o }) => (o.caid === params.clientOrderId ? [o.X] : []));
  expect(states).toEqual(['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
  const last = (await readsAll()).trades.at(-1);
  expect(last).toMatchObject({ side: 'SELL', price: '59400.00', qty: '0.010', maker: false });
  expect(await client.fetchPositions([MARKET])).toEqual([]);
});

// Needs all tests of this file.
test('the manual lists exactly the calls that this file made', () => {
  expect(calls.names()).toEqual(callsInManual('ccxt', 'path'));
  expect(pathsServed(venue)).toEqual(placesInManual('ccxt', 'path'));
});
