import ccxt from 'ccxt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningExchange, startExchange } from '../../src/start-exchange.ts';
import { get } from '../venue-client.ts';
import { pointTo } from './base-addresses.ts';
import { useLocalNetworkOnly } from './local-network.ts';

const SYMBOL = 'BTC/USDT:USDT';
const CONTRACTS = [{ symbol: 'BTCUSDT_301227' }];
let venue: RunningExchange;
let client: InstanceType<typeof ccxt.pro.binanceusdm>;

useLocalNetworkOnly();
beforeAll(async () => {
  const market = { kind: 'generator', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'] } as const;
  venue = await startExchange({ market, moreContracts: CONTRACTS });
  client = new ccxt.pro.binanceusdm({ enableRateLimit: false });
  pointTo(venue, client.urls['api']);
  // ccxt needs this before it opens a connection without TLS.
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
});
afterAll(async () => {
  await client?.close();
  await venue?.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
const rest = async (path: string): Promise<any> => (await get(venue, path)).body;

describe('ccxt over REST', () => {
  test('loads the markets with the filters of the list', async () => {
    const { symbols } = await rest('/fapi/v1/exchangeInfo');
    const { filters } = symbols.find(({ symbol }: { symbol: string }) => symbol === 'BTCUSDT');
    expect(client.market(SYMBOL)).toMatchObject({
      id: 'BTCUSDT',
      active: true,
      swap: true,
      linear: true,
      settle: 'USDT',
      precision: {
        price: Number(filters[0].tickSize),
        amount: Number(filters[1].stepSize),
      },
    });
    expect(client.market('BTC/USDT:USDT-301227')).toMatchObject({ future: true, expiry: Date.UTC(2030, 11, 27, 8) });
  });

  test('reads the same tickers, book, trades and klines as the venue', async () => {
    const [ticker, day] = [await client.fetchTicker(SYMBOL), await rest('/fapi/v1/ticker/24hr?symbol=BTCUSDT')];
    expect([ticker.open, ticker.high, ticker.low]).toEqual([
      Number(day.openPrice),
      Number(day.highPrice),
      Number(day.lowPrice),
    ]);
    const tickers = await client.fetchTickers();
    expect(Object.keys(tickers)).toEqual(expect.arrayContaining([SYMBOL, 'ETH/USDT:USDT']));
    const book = await client.fetchOrderBook(SYMBOL, 5);
    expect(book.bids).toHaveLength(5);
    expect(Number(book.bids[0]?.[0])).toBeLessThan(Number(book.asks[0]?.[0]));
    const best = (await client.fetchBidsAsks([SYMBOL]))[SYMBOL];
    expect(Number(best?.bid)).toBeLessThan(Number(best?.ask));
    const last = (await client.fetchLastPrices([SYMBOL]))[SYMBOL];
    expect(Number(last?.price) / Number(ticker.last)).toBeCloseTo(1, 2);
    const trades = await client.fetchTrades(SYMBOL, undefined, 3);
    expect(trades.map(({ symbol }) => symbol)).toEqual([SYMBOL, SYMBOL, SYMBOL]);
    const klines = await client.fetchOHLCV(SYMBOL, '1m', undefined, 3);
    const rows = await rest('/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=3');
    expect(klines[0]).toEqual(rows[0].slice(0, 6).map(Number));
    for (const price of ['mark', 'index', 'premiumIndex'])
      expect([price, (await client.fetchOHLCV(SYMBOL, '1m', undefined, 3, { price })).length]).toEqual([price, 3]);
  });

  test('reads funding, mark prices, open interest and ratios', async () => {
    const funding = await client.fetchFundingRate(SYMBOL);
    const index = await rest('/fapi/v1/premiumIndex?symbol=BTCUSDT');
    expect(funding).toMatchObject({
      symbol: SYMBOL,
      fundingRate: Number(index.lastFundingRate),
      fundingTimestamp: index.nextFundingTime,
    });
    const past = await client.fetchFundingRateHistory(SYMBOL, undefined, 3);
    expect(past.map(({ timestamp }) => timestamp)).toEqual(
      [3, 2, 1].map((n) => index.nextFundingTime - n * 28_800_000),
    );
    expect((await client.fetchFundingIntervals([SYMBOL]))[SYMBOL]).toMatchObject({ interval: '8h' });
    expect(Number((await client.fetchMarkPrice(SYMBOL)).markPrice) / Number(index.markPrice)).toBeCloseTo(1, 2);
    expect(Number((await client.fetchOpenInterest(SYMBOL)).openInterestAmount)).toBeGreaterThan(0);
    expect(await client.fetchOpenInterestHistory(SYMBOL, '5m', undefined, 3)).toHaveLength(3);
    expect(await client.fetchLongShortRatioHistory(SYMBOL, '5m', undefined, 3)).toHaveLength(3);
  });
});

describe('ccxt over streams', () => {
  test('receives tickers, book, trades, klines, mark prices and best prices', async () => {
    const [ticker, all, trades, klines, mark, best] = await Promise.all([
      client.watchTicker(SYMBOL),
      client.watchTickers(),
      client.watchTrades(SYMBOL),
      client.watchOHLCV(SYMBOL, '1m'),
      client.watchMarkPrice(SYMBOL),
      client.watchBidsAsks([SYMBOL]),
    ]);
    const day = await rest('/fapi/v1/ticker/24hr?symbol=BTCUSDT');
    expect(ticker).toMatchObject({ symbol: SYMBOL, high: Number(day.highPrice), low: Number(day.lowPrice) });
    expect(Object.keys(all)).toContain(SYMBOL);
    const known = await rest('/fapi/v1/trades?symbol=BTCUSDT&limit=1000');
    const trade = known.find(({ id }: { id: number }) => String(id) === trades[0]?.id);
    expect(trades[0]).toMatchObject({ symbol: SYMBOL, price: Number(trade.price), amount: Number(trade.qty) });
    expect(klines[0]?.[0]).toBe(Math.floor(Number(klines[0]?.[0]) / 60_000) * 60_000);
    expect(Number(mark.markPrice) / Number(ticker.last)).toBeCloseTo(1, 2);
    expect(Number(best[SYMBOL]?.bid)).toBeLessThan(Number(best[SYMBOL]?.ask));
  });

  test('keeps a book from a snapshot and its updates, and it never locks', async () => {
    let book = await client.watchOrderBook(SYMBOL);
    for (let updates = 0; updates < 20; updates += 1) book = await client.watchOrderBook(SYMBOL);
    const top = [book.bids[0]?.[0], book.asks[0]?.[0]];
    expect(Number(top[0])).toBeLessThan(Number(top[1]));
    expect(book.bids.length).toBeGreaterThan(20);
    expect(book.nonce).toBeLessThanOrEqual((await rest('/fapi/v1/depth?symbol=BTCUSDT&limit=5')).lastUpdateId);
  });
});
