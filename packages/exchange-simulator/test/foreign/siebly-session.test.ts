import { DefaultLogger, USDMClient, WebsocketClient } from 'binance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { CallRecord } from './call-record.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { KEY, SESSION, SYMBOL, startSession, UserEvents, units } from './session.ts';

const CREDENTIALS = { api_key: KEY.apiKey, api_secret: KEY.apiSecret };
const market = new ControlledMarket();
const calls = new CallRecord();
const events = new UserEvents();
let venue: RunningExchange;
let client: USDMClient;
let streams: WebsocketClient;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(market);
  client = calls.of(new USDMClient({ ...CREDENTIALS, baseUrl: venue.url }));
  const urls = { wsUrl: venue.streamUrl, restOptions: { baseUrl: venue.url } };
  streams = new WebsocketClient({ ...CREDENTIALS, ...urls }, { ...DefaultLogger, info: () => {} });
  streams.on('message', events.add);
});
afterAll(async () => {
  streams?.closeAll(true);
  await venue?.stop();
});

const idOf = () => client.generateNewOrderId();

async function opens(): Promise<void> {
  const [market1, limit] = [idOf(), idOf()];
  const bought = await client.submitNewOrder({
    ...{ symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: 0.01, newClientOrderId: market1 },
    newOrderRespType: 'RESULT',
  });
  expect(bought).toMatchObject({ status: 'FILLED', executedQty: '0.010', clientOrderId: market1 });
  await events.order(market1, 'FILLED');
  const rests = await client.submitNewOrder({
    ...{ symbol: SYMBOL, side: 'BUY', type: 'LIMIT', timeInForce: 'GTX', quantity: 0.02, price: 60_000 },
    newClientOrderId: limit,
  });
  expect(rests).toMatchObject({ status: 'NEW', executedQty: '0.000' });
  market.trade({ price: '60000.00', quantity: '0.008', taker: 'SELL' });
  expect(await events.order(limit, 'PARTIALLY_FILLED')).toMatchObject({ l: '0.008', z: '0.008', m: true });
  market.trade({ price: '60000.00', quantity: '0.012', taker: 'SELL' });
  expect(await events.order(limit, 'FILLED')).toMatchObject({ l: '0.012', z: '0.020', ap: '60000.00000' });
}

async function closes(): Promise<void> {
  const id = idOf();
  await client.submitNewOrder({
    ...{ symbol: SYMBOL, side: 'SELL', type: 'MARKET', quantity: 0.03, reduceOnly: 'true', newClientOrderId: id },
  });
  expect(await events.order(id, 'FILLED')).toMatchObject({ R: true, rp: '-0.04600000' });
}

test('binance (siebly) trades a whole session', async () => {
  await streams.subscribeUsdFuturesUserDataStream();
  await opens();
  await closes();
  const fills = events.of('ORDER_TRADE_UPDATE').flatMap(({ o }) => (o.x === 'TRADE' ? [o] : []));
  expect(fills.map((o) => [o.L, o.l, units(o.n), units(o.rp), o.m])).toEqual(
    SESSION.fills.map(([price, quantity, fee, realised, maker]) => [
      price,
      quantity,
      units(fee),
      units(realised),
      maker,
    ]),
  );
  expect(units(events.of('ACCOUNT_UPDATE').at(-1)?.a.B[0].wb)).toBe(units(SESSION.wallet));
  expect(calls.names()).toEqual(['submitNewOrder']);
});
