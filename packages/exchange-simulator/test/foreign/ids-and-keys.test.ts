import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { type CcxtClient, ccxtOn, officialOn, sieblyOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { KEY, type Row, SYMBOL, startSession, UserEvents } from './session.ts';

const pemOf = (pair: ReturnType<typeof generateKeyPairSync>) => ({
  public: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  private: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const PAIR = pemOf(generateKeyPairSync('ed25519'));
const OTHER = pemOf(generateKeyPairSync('ed25519'));
const ED25519 = { apiKey: 'e'.repeat(64), apiSecret: PAIR.private };
const MARKET = 'BTC/USDT:USDT';
const symbol = SYMBOL;
const ORDER = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.002, price: 58_000 } as const;

let venue: RunningExchange;
let ccxt: CcxtClient;

useLocalNetworkOnly();
beforeAll(async () => {
  const keys = [{ apiKey: ED25519.apiKey, apiSecret: PAIR.public }];
  venue = await startSession(new ControlledMarket(), { accounts: [{ id: 'ed25519', keys, balance: '10000' }] });
  ccxt = await ccxtOn(venue, KEY);
  await ccxt.loadMarkets();
});
afterAll(async () => {
  await ccxt?.close();
  await venue?.stop();
});

const of = async (call: Promise<{ data(): Promise<unknown> }>): Promise<Row> => (await call).data();
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no refusal',
    ({ code }) => code,
  );

test('ccxt keeps every digit of an id above 2^53, as a text', async () => {
  const { id }: Row = await ccxt.createOrder(MARKET, 'limit', 'buy', 0.002, 58_000);
  expect(Number.isSafeInteger(Number(id))).toBe(false);
  expect(await ccxt.fetchOrder(id, MARKET)).toMatchObject({ id, status: 'open' });
  expect(await ccxt.cancelOrder(id, MARKET)).toMatchObject({ id, status: 'canceled' });
});

test('the official client keeps every digit as a BigInt, but cannot write it into a list', async () => {
  const rest = officialOn(venue, KEY).restAPI;
  const { orderId } = await of(rest.newOrder(ORDER as never));
  expect(typeof orderId).toBe('bigint');
  expect(await of(rest.queryOrder({ symbol, orderId }))).toMatchObject({ orderId, status: 'NEW' });
  // The client writes lists with JSON.stringify, which has no BigInt.
  const list = (orderIdList: unknown) => rest.cancelMultipleOrders({ symbol, orderIdList } as never);
  await expect(list([orderId])).rejects.toThrow(TypeError);
  expect(await of(list([String(orderId)]))).toMatchObject([{ orderId, status: 'CANCELED' }]);
});

test('binance (siebly) loses the last digits: only client order ids find an order', async () => {
  const { rest } = sieblyOn(venue, KEY);
  const [first, second] = [await rest.submitNewOrder({ ...ORDER }), await rest.submitNewOrder({ ...ORDER })];
  const ids: Row[] = await ccxt.fetchOpenOrders(MARKET);
  expect(new Set(ids.map(({ id }) => id)).size).toBe(2);
  // Both texts become the same number.
  expect([first.orderId, second.orderId]).toEqual([Number(ids[0].id), Number(ids[0].id)]);
  expect(await codeOf(rest.getOrder({ symbol, orderId: first.orderId }))).toBe(-2013);
  for (const { clientOrderId } of [first, second])
    expect(await rest.cancelOrder({ symbol, origClientOrderId: clientOrderId })).toMatchObject({ status: 'CANCELED' });
});

test('the official client trades with an Ed25519 key', async () => {
  const client = officialOn(venue, ED25519);
  const streams = await client.websocketStreams.connect();
  const events = new UserEvents();
  const { listenKey } = await of(client.restAPI.startUserDataStream());
  streams.userData(listenKey).on('message', events.add);
  const market = { symbol, type: 'MARKET', quantity: 0.01 };
  await of(client.restAPI.newOrder({ ...market, side: 'BUY', newClientOrderId: 'open' } as never));
  await of(
    client.restAPI.newOrder({ ...market, side: 'SELL', reduceOnly: 'true', newClientOrderId: 'close' } as never),
  );
  expect(await events.order('close', 'FILLED')).toMatchObject({ R: true, l: '0.010' });
  expect(events.ofOrder('open').at(-1)).toMatchObject({ X: 'FILLED', z: '0.010' });
  await streams.disconnect();
});

test('ccxt and binance (siebly) sign with an Ed25519 key, too', async () => {
  const client = await ccxtOn(venue, ED25519);
  await client.loadMarkets();
  expect(await client.fetchOpenOrders(MARKET)).toEqual([]);
  expect(await sieblyOn(venue, ED25519).rest.getAllOpenOrders({ symbol })).toEqual([]);
  await client.close();
});

test('another Ed25519 key gets -1022', async () => {
  const forged = { ...ED25519, apiSecret: OTHER.private };
  expect(await codeOf(officialOn(venue, forged).restAPI.currentAllOpenOrders({ symbol }))).toBe(-1022);
  expect(await codeOf(sieblyOn(venue, forged).rest.getAllOpenOrders({ symbol }))).toBe(-1022);
});
