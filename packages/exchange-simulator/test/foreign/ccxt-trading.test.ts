import ccxt from 'ccxt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningExchange, startExchange } from '../../src/start-exchange.ts';
import { pointTo } from './base-addresses.ts';

const SYMBOL = 'BTC/USDT:USDT';
const KEY = { apiKey: 'k'.repeat(64), apiSecret: 's'.repeat(64) };
let venue: RunningExchange;
let client: InstanceType<typeof ccxt.pro.binanceusdm>;

beforeAll(async () => {
  venue = await startExchange({ market: { kind: 'generator', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'] }, key: KEY });
  client = new ccxt.pro.binanceusdm({ apiKey: KEY.apiKey, secret: KEY.apiSecret });
  pointTo(venue, client.urls['api']);
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
});
afterAll(async () => {
  await client?.close().catch(() => {});
  await venue?.stop();
});

test('opens by a MARKET order, hears of it on the user stream, and closes reduce-only', async () => {
  const heard = client.watchOrders(SYMBOL);
  await expect.poll(() => Object.values(client.clients).some(({ isConnected }) => isConnected)).toBe(true);
  const bought = await client.createOrder(SYMBOL, 'market', 'buy', 0.01);
  expect(bought).toMatchObject({ status: 'closed', filled: 0.01 });
  const [order] = await heard;
  expect(order).toMatchObject({ id: bought.id, status: 'closed', filled: 0.01 });
  expect(order?.fee?.cost).toBeCloseTo(0.0005 * Number(order?.cost), 6);
  const [position] = await client.fetchPositions([SYMBOL]);
  expect(position).toMatchObject({ side: 'long', contracts: 0.01, entryPrice: order?.average });
  await client.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, { reduceOnly: true });
  expect(await client.fetchPositions([SYMBOL])).toEqual([]);
});
