import {
  DerivativesTradingUsdsFutures,
  type DerivativesTradingUsdsFuturesRestAPI,
} from '@binance/derivatives-trading-usds-futures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningExchange, startExchange } from '../../src/start-exchange.ts';
import { useLocalNetworkOnly } from './local-network.ts';

type Rest = DerivativesTradingUsdsFuturesRestAPI.RestAPI;

const CONTRACTS = [
  { symbol: 'BTCUSDT_301227' },
  { symbol: 'BTCUSDT_260925' },
  { symbol: 'BTCDOMUSDT', underlyingType: 'INDEX' },
];
const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
let venue: RunningExchange;
let client: DerivativesTradingUsdsFutures;
let rest: Rest;

useLocalNetworkOnly();
beforeAll(async () => {
  const market = { kind: 'generator', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'] } as const;
  venue = await startExchange({ market, moreContracts: CONTRACTS, key: KEY });
  client = new DerivativesTradingUsdsFutures({
    configurationRestAPI: { ...KEY, basePath: venue.url },
    configurationWebsocketStreams: { wsURL: venue.streamUrl },
  });
  rest = client.restAPI;
});
afterAll(() => venue?.stop());

const dataOf = async <T>(call: Promise<{ data(): Promise<T> }>): Promise<T> => (await call).data();

test('the official client reads the market over REST', async () => {
  const symbol = 'BTCUSDT';
  const info = await dataOf(rest.exchangeInformation());
  expect(info.symbols?.map((row) => row.symbol)).toEqual(expect.arrayContaining(['BTCUSDT', 'ETHUSDT']));
  const book = await dataOf(rest.orderBook({ symbol, limit: 5 }));
  const rpi = await dataOf(rest.rpiOrderBook({ symbol, limit: 1_000 }));
  expect([book.bids?.length, (rpi.bids?.length ?? 0) > 5]).toEqual([5, true]);
  const prices = [await dataOf(rest.symbolPriceTicker({ symbol })), await dataOf(rest.symbolPriceTickerV2({ symbol }))];
  for (const price of prices) expect(price).toMatchObject({ symbol, price: expect.stringMatching(/^\d+\.\d+$/) });
  expect(await dataOf(rest.ticker24hrPriceChangeStatistics({ symbol }))).toMatchObject({ symbol });
  expect(await dataOf(rest.markPrice({ symbol }))).toMatchObject({ symbol });
  expect(await dataOf(rest.getFundingRateHistory({ symbol, limit: 2 }))).toHaveLength(2);
  expect(await dataOf(rest.getFundingRateInfo())).toEqual(
    expect.arrayContaining([expect.objectContaining({ symbol, fundingIntervalHours: 8 })]),
  );
  expect(await dataOf(rest.openInterest({ symbol }))).toMatchObject({ symbol });
  expect(await dataOf(rest.oldTradesLookup({ symbol, limit: 3 }))).toHaveLength(3);
  expect(await dataOf(rest.queryIndexPriceConstituents({ symbol }))).toMatchObject({ symbol });
  expect(await dataOf(rest.compositeIndexSymbolInformation({}))).toMatchObject([{ symbol: 'BTCDOMUSDT' }]);
  expect(await dataOf(rest.assetIndex({ symbol: 'BTCUSD' }))).toMatchObject({ symbol: 'BTCUSD' });
  expect(await dataOf(rest.quarterlyContractSettlementPrice({ pair: symbol }))).toMatchObject([
    { deliveryTime: Date.UTC(2026, 8, 25, 8) },
  ]);
});

test('the official client reads klines and statistics over REST', async () => {
  const [symbol, pair, limit] = ['BTCUSDT', 'BTCUSDT', 2];
  const interval = '1m' as never;
  const period = '5m' as never;
  const contractType = 'PERPETUAL' as never;
  const traded = await dataOf(rest.klineCandlestickData({ symbol, interval, limit }));
  const continuous = await dataOf(rest.continuousContractKlineCandlestickData({ pair, contractType, interval, limit }));
  expect(traded).toHaveLength(2);
  expect(continuous[0]).toEqual(traded[0]);
  const lists = [
    await dataOf(rest.markPriceKlineCandlestickData({ symbol, interval, limit })),
    await dataOf(rest.indexPriceKlineCandlestickData({ pair, interval, limit })),
    await dataOf(rest.premiumIndexKlineData({ symbol, interval, limit })),
    await dataOf(rest.openInterestStatistics({ symbol, period, limit })),
    await dataOf(rest.longShortRatio({ symbol, period, limit })),
    await dataOf(rest.topTraderLongShortRatioAccounts({ symbol, period, limit })),
    await dataOf(rest.topTraderLongShortRatioPositions({ symbol, period, limit })),
    await dataOf(rest.takerBuySellVolume({ symbol, period, limit })),
    await dataOf(rest.basis({ pair, contractType, period, limit })),
  ];
  expect(lists.map((rows) => rows.length)).toEqual(lists.map(() => 2));
});

test('the official client connects to all three routes and receives streams', async () => {
  const connection = await client.websocketStreams.connect();
  const first = <T>(stream: { on(event: 'message', callback: (data: T) => void): void }): Promise<T> =>
    new Promise((resolve) => stream.on('message', resolve));
  const symbol = 'btcusdt';
  const interval = '1m' as never;
  const events = await Promise.all([
    first(connection.aggregateTradeStreams({ symbol })),
    first(connection.klineCandlestickStreams({ symbol, interval })),
    first(
      connection.continuousContractKlineCandlestickStreams({
        pair: symbol,
        contractType: 'perpetual' as never,
        interval,
      }),
    ),
    first(connection.individualSymbolTickerStreams({ symbol })),
    first(connection.partialBookDepthStreams({ symbol, levels: 10 as never })),
    first(connection.diffBookDepthStreams({ symbol })),
    first(connection.allBookTickersStream()),
    first(connection.markPriceStreamForAllMarket()),
  ]);
  expect(events.map((event) => (Array.isArray(event) ? event[0]?.e : event.e))).toEqual([
    'aggTrade',
    'kline',
    'continuous_kline',
    '24hrTicker',
    'depthUpdate',
    'depthUpdate',
    'bookTicker',
    'markPriceUpdate',
  ]);
  expect(events[4]).toMatchObject({ s: 'BTCUSDT', b: expect.objectContaining({ length: 10 }) });
  await connection.disconnect();
});
