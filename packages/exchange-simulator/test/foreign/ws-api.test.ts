import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { CallRecord } from './call-record.ts';
import { type CcxtClient, ccxtOn, officialOn, sieblyOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { callsInManual, type ForeignClient, placesInManual } from './manual-tables.ts';
import { type Row, SYMBOL, startSession } from './session.ts';

const pair = generateKeyPairSync('ed25519');
const PUBLIC = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const PRIVATE = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyOf = (letter: string) => ({ apiKey: letter.repeat(64), apiSecret: 's'.repeat(64) });
const ACCOUNTS = [
  { id: 'ccxt', keys: [keyOf('c')], balance: '10000' },
  { id: 'official', keys: [keyOf('o')], balance: '10000' },
  { id: 'binance', keys: [keyOf('b'), { apiKey: 'e'.repeat(64), apiSecret: PUBLIC }], balance: '10000' },
];
const symbol = SYMBOL;
const records: Readonly<Record<ForeignClient, CallRecord>> = {
  ccxt: new CallRecord(),
  official: new CallRecord(),
  binance: new CallRecord(),
};
const closing: (() => unknown)[] = [];
/** Methods that the exchange received in each test. */
let received = new Set<string>();
const methods = new Map<ForeignClient, Set<string>>();
let venue: RunningExchange;

/** Notes the requests that the exchange's side of a socket receives: only requests have a method. */
function noteMethods(): void {
  const { emit } = WebSocket.prototype;
  WebSocket.prototype.emit = function noting(this: WebSocket, event: string | symbol, ...args: unknown[]): boolean {
    const method: unknown = event === 'message' ? JSON.parse(String(args[0])).method : undefined;
    if (typeof method === 'string') received.add(method);
    return Reflect.apply(emit, this, [event, ...args]);
  };
  closing.push(() => {
    WebSocket.prototype.emit = emit;
  });
}

/** Adds the methods of this test to those of a client. */
function keepMethods(client: ForeignClient): void {
  methods.set(client, new Set([...(methods.get(client) ?? []), ...received]));
}

useLocalNetworkOnly();
beforeEach(() => {
  received = new Set();
});
beforeAll(async () => {
  noteMethods();
  venue = await startSession(new ControlledMarket(), { accounts: ACCOUNTS });
});
afterAll(async () => {
  for (const close of closing) await close();
  await venue?.stop();
});

const thrownBy = async (call: Promise<unknown>): Promise<Row> =>
  call.then(
    () => 'no refusal',
    (error: unknown) => error,
  );

describe('the WebSocket API', () => {
  test('ccxt places, changes, reads and cancels orders, and reads the account', async () => {
    const MARKET = 'BTC/USDT:USDT';
    const plain: CcxtClient = await ccxtOn(venue, keyOf('c'));
    closing.push(() => plain.close().catch(() => {}));
    await plain.loadMarkets();
    const client = records.ccxt.of(plain);
    const placed: Row = await client.createOrderWs(MARKET, 'limit', 'buy', 0.002, 58_000);
    expect(placed).toMatchObject({ status: 'open', price: 58_000, amount: 0.002 });
    const moved = await client.editOrderWs(placed.id, MARKET, 'limit', 'buy', 0.003, 58_100);
    expect(moved).toMatchObject({ id: placed.id, price: 58_100, amount: 0.003 });
    expect(await client.fetchOrderWs(placed.id, MARKET)).toMatchObject({ id: placed.id, status: 'open' });
    expect(await client.cancelOrderWs(placed.id, MARKET)).toMatchObject({ id: placed.id, status: 'canceled' });
    const stop: Row = await client.createOrderWs(MARKET, 'market', 'sell', 0.01, undefined, { stopLossPrice: 59_000 });
    expect(stop).toMatchObject({ triggerPrice: 59_000 });
    await client.cancelOrderWs(stop.id, MARKET, { trigger: true });
    await client.createOrderWs(MARKET, 'market', 'buy', 0.01);
    expect(await client.fetchPositionsWs([MARKET])).toMatchObject([{ side: 'long', contracts: 0.01 }]);
    // Wallet 9,999.699992 and PnL −0.016 at the mark price of 60,000.
    for (const method of ['account.status', 'v2/account.status'])
      expect(await client.fetchBalanceWs({ method })).toMatchObject({ USDT: { total: 9_999.683992 } });
    const long = [{ side: 'long', contracts: 0.01 }];
    expect(await client.fetchPositionsWs([MARKET], { method: 'v2/account.position' })).toMatchObject(long);
    for (const method of ['account.balance', 'v2/account.balance'])
      expect(await client.fetchBalanceWs({ method })).toMatchObject({ USDT: { total: 9_999.699992 } });
    expect(await client.fetchTickerWs(MARKET, { method: 'ticker.price' })).toMatchObject({ last: 60_000 });
    expect(await client.fetchTickerWs(MARKET)).toMatchObject({ bid: 59_999, ask: 60_001 });
    expect((await client.fetchOrderBookWs(MARKET, 5)).bids[0]).toEqual([59_999, 5]);
    const refused = await thrownBy(client.createOrderWs(MARKET, 'limit', 'buy', 50, 59_000));
    expect([refused.constructor.name, refused.message]).toEqual(['ExchangeError', expect.stringContaining('-2019')]);
    keepMethods('ccxt');
  });

  test('the official client places, changes, reads and cancels orders, and reads the account', async () => {
    const connection = await officialOn(venue, keyOf('o')).websocketAPI.connect();
    closing.push(() => connection.disconnect());
    const api: Row = records.official.of(connection);
    const data = async (call: Promise<Row>): Promise<Row> => (await call).data;
    const order = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.002, price: 58_000 };
    const placed = await data(api.newOrder({ ...order, newClientOrderId: 'first' }));
    expect(placed).toMatchObject({ status: 'NEW', price: '58000.00', origQty: '0.002' });
    expect(typeof placed.orderId).toBe('bigint');
    const named = { symbol, origClientOrderId: 'first' };
    const moved = await data(api.modifyOrder({ ...named, side: 'BUY', quantity: 0.003, price: 58_100 }));
    expect(moved).toMatchObject({ orderId: placed.orderId, price: '58100.00' });
    expect(await data(api.queryOrder(named))).toMatchObject({ orderId: placed.orderId, status: 'NEW' });
    // JSON.stringify cannot write the BigInt that this client itself returned.
    expect(await thrownBy(api.queryOrder({ symbol, orderId: placed.orderId }))).toBeInstanceOf(TypeError);
    expect(await data(api.cancelOrder(named))).toMatchObject({ orderId: placed.orderId, status: 'CANCELED' });
    const stop = { symbol, side: 'SELL', algoType: 'CONDITIONAL', type: 'STOP_MARKET', quantity: 0.01 };
    await data(api.newAlgoOrder({ ...stop, triggerPrice: 59_000, clientAlgoId: 'stop' }));
    expect(await data(api.cancelAlgoOrder({ clientAlgoId: 'stop' }))).toMatchObject({ clientAlgoId: 'stop' });
    await data(api.newOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 }));
    for (const call of [api.positionInformation, api.positionInformationV2])
      expect(await data(call({ symbol }))).toMatchObject([{ positionAmt: '0.010' }]);
    for (const call of [api.futuresAccountBalance, api.futuresAccountBalanceV2])
      expect(await data(call())).toMatchObject([{ asset: 'USDT', balance: '9999.69999200' }]);
    for (const call of [api.accountInformation, api.accountInformationV2])
      expect(await data(call())).toMatchObject({ totalWalletBalance: '9999.69999200' });
    expect(await data(api.orderBook({ symbol, limit: 5 }))).toMatchObject({ bids: [['59999.00', '5.000'], {}] });
    expect(await data(api.symbolOrderBookTicker({ symbol }))).toMatchObject({ bidPrice: '59999.00' });
    expect(await data(api.symbolPriceTicker({ symbol }))).toMatchObject({ symbol, price: '60000.00' });
    const { listenKey } = await data(api.startUserDataStream());
    expect(await data(api.keepaliveUserDataStream())).toMatchObject({ listenKey });
    await data(api.closeUserDataStream());
    const refused = await thrownBy(api.newOrder({ ...order, quantity: 50 }));
    expect(refused).toEqual({ code: -2019, msg: 'Margin is insufficient.' });
    keepMethods('official');
  });

  test.each([
    ['HMAC', keyOf('b')],
    ['Ed25519, after session.logon', { apiKey: 'e'.repeat(64), apiSecret: PRIVATE }],
  ])('binance (siebly) places, changes, reads and cancels orders, and reads the account: %s', async (_, key) => {
    const { api: plain } = sieblyOn(venue, key);
    closing.push(() => plain.disconnectAll());
    const api: Row = records.binance.of(plain);
    const result = async (call: Promise<Row>): Promise<Row> => (await call).result;
    const at = () => ({ timestamp: Date.now() });
    const id = `x-15PC4ZJy${key.apiKey.slice(0, 4)}`;
    const order = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.002', price: '58000' };
    const placed = await result(api.submitNewFuturesOrder('usdm', { ...order, newClientOrderId: id, ...at() }));
    expect(placed).toMatchObject({ status: 'NEW', price: '58000.00', clientOrderId: id });
    const named = { symbol, origClientOrderId: id };
    const change = { ...named, side: 'BUY', quantity: '0.003', price: '58100' };
    expect(await result(api.modifyFuturesOrder('usdm', { ...change, ...at() }))).toMatchObject({ price: '58100.00' });
    expect(await result(api.getFuturesOrderStatus('usdm', { ...named, ...at() }))).toMatchObject({ status: 'NEW' });
    expect(await result(api.cancelFuturesOrder('usdm', { ...named, ...at() }))).toMatchObject({ status: 'CANCELED' });
    const stop = { symbol, side: 'SELL', algoType: 'CONDITIONAL', type: 'STOP_MARKET', quantity: '0.01' };
    await result(api.submitNewFuturesAlgoOrder({ ...stop, triggerPrice: '59000', clientAlgoId: `${id}s`, ...at() }));
    // The client's types spell this parameter in small letters.
    const cancelled = await result(api.cancelFuturesAlgoOrder({ clientalgoid: `${id}s`, ...at() }));
    expect(cancelled).toMatchObject({ clientAlgoId: `${id}s` });
    await result(api.submitNewFuturesOrder('usdm', { symbol, side: 'BUY', type: 'MARKET', quantity: '0.01', ...at() }));
    const positions = [
      await result(api.getFuturesPosition('usdm', { symbol, ...at() })),
      await result(api.getFuturesPositionV2({ symbol, ...at() })),
    ];
    for (const rows of positions) expect(rows).toMatchObject([{ symbol, positionSide: 'BOTH' }]);
    const balances = [
      await result(api.getFuturesAccountBalance('usdm', at())),
      await result(api.getFuturesAccountBalanceV2(at())),
    ];
    for (const rows of balances) expect(rows).toMatchObject([{ asset: 'USDT' }]);
    const accounts = [
      await result(api.getFuturesAccountStatus('usdm', at())),
      await result(api.getFuturesAccountStatusV2(at())),
    ];
    for (const row of accounts) expect(row.totalWalletBalance).toBe(balances[0][0].balance);
    expect(await result(api.getFuturesOrderBook({ symbol, limit: 5 }))).toMatchObject({ bids: [{}, {}] });
    expect(await result(api.getFuturesSymbolOrderBookTicker({ symbol }))).toMatchObject({ askPrice: '60001.00' });
    expect(await result(api.getFuturesSymbolPriceTicker({ symbol }))).toMatchObject({ price: '60000.00' });
    const refused = await thrownBy(api.submitNewFuturesOrder('usdm', { ...order, quantity: '50', ...at() }));
    expect(refused.error).toEqual({ code: -2019, msg: 'Margin is insufficient.' });
    expect(received.has('session.logon')).toBe(key.apiSecret === PRIVATE);
    received.delete('session.logon');
    keepMethods('binance');
  });

  test.each(Object.keys(records) as ForeignClient[])('the manual lists exactly the calls of %s', (client) => {
    expect(records[client].names()).toEqual(callsInManual(client, 'method'));
    expect([...(methods.get(client) ?? [])].sort()).toEqual(placesInManual(client, 'method'));
  });
});
