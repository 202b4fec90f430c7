import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { type CcxtClient, ccxtOn, officialOn, sieblyOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { type Row, SYMBOL, startSession, UserEvents } from './session.ts';

const MAKER = { apiKey: 'm'.repeat(64), apiSecret: 'a'.repeat(64) };
const TAKER = { apiKey: 't'.repeat(64), apiSecret: 'b'.repeat(64) };
const MARKET = 'BTC/USDT:USDT';
const symbol = SYMBOL;

let venue: RunningExchange;
let maker: CcxtClient;

useLocalNetworkOnly();
beforeAll(async () => {
  const accounts = [
    { id: 'maker', keys: [MAKER], balance: '10000' },
    { id: 'taker', keys: [TAKER], balance: '10000' },
  ];
  venue = await startSession(new ControlledMarket(), { accounts });
  maker = await ccxtOn(venue, MAKER);
  await maker.loadMarkets();
});
afterAll(async () => {
  await maker?.close().catch(() => {});
  await venue?.stop();
});

const of = async (call: Promise<{ data(): Promise<unknown> }>): Promise<Row> => (await call).data();

test('ccxt’s order rests inside the spread, and fills in parts by the orders of another account', async () => {
  const heard: Row[] = [];
  const events = maker.watchMyTrades(MARKET).then(([first]) => heard.push(first));
  await vi.waitUntil(() => Object.values(maker.clients).some(({ isConnected }) => isConnected), { timeout: 5_000 });
  const asks: Row = await maker.createOrder(MARKET, 'limit', 'sell', 0.01, 60_000.5, { postOnly: true });
  const taker = sieblyOn(venue, TAKER).rest;
  const buy = { symbol, side: 'BUY', type: 'MARKET', newOrderRespType: 'RESULT' } as const;
  expect(await taker.submitNewOrder({ ...buy, quantity: 0.004 })).toMatchObject({ status: 'FILLED' });
  await events;
  expect(heard[0]).toMatchObject({ order: asks.id, price: 60_000.5, amount: 0.004, takerOrMaker: 'maker' });
  expect(await maker.fetchOrder(asks.id, MARKET)).toMatchObject({ status: 'open', filled: 0.004, remaining: 0.006 });
  expect(await taker.submitNewOrder({ ...buy, quantity: 0.006 })).toMatchObject({ status: 'FILLED' });
  expect(await maker.fetchOrder(asks.id, MARKET)).toMatchObject({ status: 'closed', filled: 0.01, average: 60_000.5 });
  const trades = await taker.getAccountTrades({ symbol });
  expect(trades).toMatchObject([
    { price: '60000.50', qty: '0.004', maker: false, commission: '0.12000100' },
    { price: '60000.50', qty: '0.006', maker: false, commission: '0.18000150' },
  ]);
});

test('both close against each other: each pays its fees and nothing else', async () => {
  const taker = officialOn(venue, TAKER);
  const streams = await taker.websocketStreams.connect();
  const events = new UserEvents();
  const { listenKey } = await of(taker.restAPI.startUserDataStream());
  streams.userData(listenKey).on('message', events.add);
  await vi.waitUntil(() => venue.requests().streams?.streams[listenKey] === 1, { timeout: 5_000 });
  await maker.createOrder(MARKET, 'limit', 'sell', 0.01, 60_000.5, { postOnly: true });
  await of(taker.restAPI.newOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 } as never));
  const positions: Row[] = await maker.fetchPositions([MARKET]);
  const size = positions[0].contracts;
  await maker.createOrder(MARKET, 'limit', 'buy', size, 60_000.5, { postOnly: true, reduceOnly: true });
  const close = { symbol, side: 'SELL', type: 'MARKET', quantity: size, reduceOnly: 'true' };
  await of(taker.restAPI.newOrder({ ...close, newClientOrderId: 'close' } as never));
  expect(await events.order('close', 'FILLED')).toMatchObject({ L: '60000.50', rp: '0', R: true });
  for (const key of [MAKER, TAKER]) {
    const rest = sieblyOn(venue, key).rest;
    const [balance] = await rest.getBalanceV3();
    const fees = await rest.getIncomeHistory({ incomeType: 'COMMISSION' });
    const paid = fees.reduce((sum, { income }) => sum + BigInt(String(income).replace('.', '')), 0n);
    expect(BigInt(String(balance?.balance).replace('.', ''))).toBe(1_000_000_000_000n + paid);
    expect(await rest.getPositionsV3({ symbol })).toEqual([]);
  }
  await streams.disconnect();
});
