import ccxt from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { type CcxtClient, ccxtOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { KEY, startSession } from './session.ts';

const SYMBOL = 'BTC/USDT:USDT';
let venue: RunningExchange;
let client: CcxtClient;

useLocalNetworkOnly();
beforeAll(async () => {
  venue = await startSession(new ControlledMarket());
  client = await ccxtOn(venue, KEY);
  await client.loadMarkets();
});
afterAll(async () => {
  await client?.close().catch(() => {});
  await venue?.stop();
});

describe('ccxt trades over the WebSocket API', () => {
  test('opens, sees its position and balance, and closes', async () => {
    const bought = await client.createOrderWs(SYMBOL, 'market', 'buy', 0.01);
    expect(bought).toMatchObject({ status: 'closed', filled: 0.01 });
    const [position] = await client.fetchPositionsWs([SYMBOL]);
    expect(position).toMatchObject({ side: 'long', contracts: 0.01 });
    const balance = await client.fetchBalanceWs();
    // Wallet less the fee, and less what the position lost against the mark price of 60,000.
    const value = 60_001 * 0.004 + 60_002 * 0.006;
    expect(balance['USDT']?.total).toBeCloseTo(10_000 - 0.0005 * value - (value - 600), 8);
    await client.createOrderWs(SYMBOL, 'market', 'sell', 0.01, undefined, { reduceOnly: true });
    const fromRest = await client.fetchPositions([SYMBOL]);
    expect(fromRest).toEqual([]);
  });

  test('places, moves, reads and cancels a limit order', async () => {
    const { id = '', ...placed } = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.02, 59_500);
    expect(placed).toMatchObject({ status: 'open', price: 59_500 });
    const moved = await client.editOrderWs(id, SYMBOL, 'limit', 'buy', 0.02, 59_400);
    expect(moved).toMatchObject({ id, price: 59_400 });
    expect(await client.fetchOrderWs(id, SYMBOL)).toMatchObject({ status: 'open', price: 59_400 });
    expect(await client.cancelOrderWs(id, SYMBOL)).toMatchObject({ id, status: 'canceled' });
    await expect(client.cancelOrderWs(id, SYMBOL)).rejects.toBeInstanceOf(ccxt.OrderNotFound);
  });

  test('places and cancels a stop by the algo service', async () => {
    const params = { stopLossPrice: 59_000, clientAlgoId: 'ccxt-stop' };
    const { id = '', ...placed } = await client.createOrderWs(SYMBOL, 'market', 'sell', 0.01, undefined, params);
    expect(placed).toMatchObject({ clientOrderId: 'ccxt-stop', status: 'open', triggerPrice: 59_000 });
    const open = await client.fetchOpenOrders(SYMBOL, undefined, undefined, { trigger: true });
    expect(open.map((order) => order.id)).toEqual([id]);
    await client.cancelOrderWs(id, SYMBOL, { trigger: true });
    expect(await client.fetchOpenOrders(SYMBOL, undefined, undefined, { trigger: true })).toEqual([]);
  });

  test('reads the market', async () => {
    const book = await client.fetchOrderBookWs(SYMBOL, 5);
    expect([book.bids[0]?.[0], book.asks[0]?.[0]]).toEqual([59_999, 60_001]);
    expect(await client.fetchTickerWs(SYMBOL)).toMatchObject({ bid: 59_999, ask: 60_001 });
  });

  // Over the WebSocket API, ccxt looks these codes up in no table of futures, so they become its general error.
  test.each<[string, number, Readonly<Record<string, unknown>>, number]>([
    ['reduce-only without a position', 0.01, { reduceOnly: true }, -2022],
    ['too little margin', 4, {}, -2019],
    ['a stop beyond the price', 0.01, { stopLossPrice: 61_000 }, -2021],
  ])('meets the refusal of %s', async (_, amount, params, code) => {
    const order = client.createOrderWs(SYMBOL, 'market', 'sell', amount, undefined, params);
    await expect(order).rejects.toBeInstanceOf(ccxt.ExchangeError);
    await expect(order).rejects.toThrow(`"code":${code}`);
  });
});
