import { afterAll, beforeAll, expect, test } from 'vitest';
import { PoolMeter } from '../src/limits/pool-meter.ts';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';
import { get, HandClock, START_MS, usedWeight, venueOn } from './venue-client.ts';

const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
const EIGHT_HOURS_MS = 28_800_000;
let clock: HandClock;
let venue: RunningExchange;

beforeAll(async () => {
  clock = new HandClock();
  const moreContracts = [
    { symbol: 'BTCUSDT_261225' },
    { symbol: 'BTCUSDT_260925' },
    { symbol: 'BTCDOMUSDT', underlyingType: 'INDEX' },
    { symbol: 'BTCUSD_PERP', quoteAsset: 'USD', marginKind: 2, baseAsset: 'BTC', marginAsset: 'BTC' },
  ] as const;
  const market = { kind: 'generator', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'] } as const;
  venue = await startExchange({ market, nowMs: clock.now, key: KEY, moreContracts });
});
afterAll(() => venue?.stop());

// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
type Row = any;
const body = async (path: string, init?: RequestInit): Promise<Row> => (await get(venue, path, init)).body;

test('the last price is that of the last trade, in both versions', async () => {
  const [trade] = await body('/fapi/v1/trades?symbol=BTCUSDT&limit=1');
  const row = { symbol: 'BTCUSDT', price: trade.price, time: trade.time, st: 1, ps: 'BTCUSDT' };
  expect(await body('/fapi/v1/ticker/price?symbol=btcusdt')).toEqual(row);
  expect(await body('/fapi/v2/ticker/price?symbol=BTCUSDT')).toEqual(row);
  expect(await body('/fapi/v2/ticker/price')).toHaveLength(6);
});

test('funding settlements come every eight hours, oldest first, with the price of that time', async () => {
  const rows = await body('/fapi/v1/fundingRate?symbol=BTCUSDT&limit=3');
  const last = Math.floor(START_MS / EIGHT_HOURS_MS) * EIGHT_HOURS_MS;
  expect(rows.map(({ fundingTime }: Row) => fundingTime)).toEqual([2, 1, 0].map((n) => last - n * EIGHT_HOURS_MS));
  const { lastFundingRate } = await body('/fapi/v1/premiumIndex?symbol=BTCUSDT');
  const [kline] = await body(`/fapi/v1/klines?symbol=BTCUSDT&interval=4h&startTime=${last}&limit=1`);
  expect(rows[2]).toEqual({
    symbol: 'BTCUSDT',
    fundingRate: lastFundingRate,
    fundingTime: last,
    markPrice: Number(kline[1]).toFixed(8),
    rateType: 'Regular',
  });
  const from = last - 5 * EIGHT_HOURS_MS;
  const window = await body(`/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=${from}&endTime=${last - 1}&limit=2`);
  expect(window.map(({ fundingTime }: Row) => fundingTime)).toEqual([from, from + EIGHT_HOURS_MS]);
  const old = await body('/fapi/v1/fundingRate?symbol=BTCUSDT&limit=1000');
  expect([old.length, old[0].markPrice]).toEqual([1_000, '']);
  expect(await body('/fapi/v1/fundingRate?symbol=BTCUSDT_261225')).toEqual([]);
});

test('perpetuals have funding every eight hours; COIN-M rows have no update time', async () => {
  const rows: Row[] = await body('/fapi/v1/fundingInfo');
  expect(rows.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT', 'BTCDOMUSDT', 'BTCUSD_PERP']);
  expect(rows[0]).toMatchObject({ fundingIntervalHours: 8, adjustedFundingRateCap: '0.02000000', disclaimer: false });
  expect(rows[3].updateTime).toBeNull();
});

test('funding and statistics have separate limits and no weight', async () => {
  const own = new HandClock();
  const limited = await venueOn(own, { poolLimits: { FUNDING: 3 } });
  const ask = (path: string) => get(limited, path);
  await ask('/fapi/v1/fundingInfo');
  await ask('/fapi/v1/fundingInfo');
  const last = await ask('/fapi/v1/fundingRate?symbol=BTCUSDT&limit=1');
  expect([last.status, usedWeight(last)]).toEqual([200, 0]);
  expect(await ask('/fapi/v1/fundingInfo')).toMatchObject({ status: 429, body: { code: -1003 } });
  const path = '/futures/data/globalLongShortAccountRatio?symbol=BTCUSDT&period=5m&limit=1';
  expect((await ask(path)).status).toBe(200);
  own.ms += 300_000;
  expect((await ask('/fapi/v1/fundingInfo')).status).toBe(200);
});

test('the limits are the venue’s: 500 and 1,000 requests in five minutes', () => {
  const meter = new PoolMeter();
  const refused = (pool: 'FUNDING' | 'STATISTICS') => {
    for (let request = 1; ; request += 1) if (meter.charge(pool, START_MS) !== undefined) return request;
  };
  expect([refused('FUNDING'), refused('STATISTICS')]).toEqual([501, 1_001]);
});

test('older trades need a known key, but no signature', async () => {
  const path = '/fapi/v1/historicalTrades?symbol=BTCUSDT';
  const withKey = (apiKey: string) => ({ headers: { 'X-MBX-APIKEY': apiKey } });
  expect(await get(venue, path)).toMatchObject({ status: 401, body: { code: -2014 } });
  expect(await get(venue, path, withKey('X'.repeat(64)))).toMatchObject({ status: 401, body: { code: -2015 } });
  const trades = await body('/fapi/v1/trades?symbol=BTCUSDT&limit=100');
  const got = await get(venue, path, withKey(KEY.apiKey));
  expect(got.body).toEqual(trades);
  const from = `${path}&fromId=${trades[40].id}&limit=2`;
  expect(await body(from, withKey(KEY.apiKey))).toEqual([trades[40], trades[41]]);
});

test('mark prices, indexes and continuous contracts have klines; premiums are zero', async () => {
  const [traded] = await body('/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2');
  const [mark] = await body('/fapi/v1/markPriceKlines?symbol=BTCUSDT&interval=1m&limit=2');
  const prices = traded.slice(1, 5).map((price: string) => Number(price).toFixed(8));
  expect(mark).toEqual([traded[0], ...prices, '0', traded[6], '0', traded[8], '0', '0', '0']);
  expect((await body('/fapi/v1/indexPriceKlines?pair=BTCUSDT&interval=1m&limit=2'))[0]).toEqual(mark);
  const [premium] = await body('/fapi/v1/premiumIndexKlines?symbol=BTCUSDT&interval=1m&limit=2');
  expect(premium.slice(0, 5)).toEqual([traded[0], ...Array(4).fill('0.00000000')]);
  const quarter = 'pair=BTCUSDT&contractType=CURRENT_QUARTER&interval=1m&limit=2';
  expect(await body(`/fapi/v1/continuousKlines?${quarter}`)).toEqual(
    await body('/fapi/v1/klines?symbol=BTCUSDT_261225&interval=1m&limit=2'),
  );
});

test('the book with RPI orders equals the book', async () => {
  const { lastUpdateId, bids, asks } = await body('/fapi/v1/depth?symbol=BTCUSDT&limit=1000');
  expect(await body('/fapi/v1/rpiDepth?symbol=BTCUSDT')).toMatchObject({ lastUpdateId, bids, asks });
});

test('indexes of contracts and assets', async () => {
  const { indexPrice } = await body('/fapi/v1/premiumIndex?symbol=BTCUSDT');
  const { constituents, ...head } = await body('/fapi/v1/constituents?symbol=BTCUSDT');
  expect(head).toEqual({ symbol: 'BTCUSDT', time: clock.ms });
  expect(constituents.reduce((sum: number, { weight }: Row) => sum + Number(weight), 0)).toBe(1);
  expect(constituents[0]).toMatchObject({ symbol: 'BTCUSDT', price: indexPrice });
  expect(await body('/fapi/v1/indexInfo?symbol=BTCDOMUSDT')).toMatchObject({
    symbol: 'BTCDOMUSDT',
    component: 'baseAsset',
    baseAssetList: [{ baseAsset: 'BTC' }, { baseAsset: 'ETH' }],
  });
  expect(await body('/fapi/v1/assetIndex?symbol=BTCUSD')).toMatchObject({
    symbol: 'BTCUSD',
    index: indexPrice,
    bidRate: (Number(indexPrice) * 0.95).toFixed(8),
    askRate: (Number(indexPrice) * 1.05).toFixed(8),
  });
});

test('open interest, current and historical', async () => {
  const { openInterest, ...rest } = await body('/fapi/v1/openInterest?symbol=BTCUSDT');
  expect(rest).toEqual({ symbol: 'BTCUSDT', time: clock.ms });
  expect(Number(openInterest)).toBeGreaterThan(0);
  const rows = await body('/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&limit=3');
  expect(rows.map(({ timestamp }: Row) => timestamp % 300_000)).toEqual([0, 0, 0]);
  expect(Number(rows[2].sumOpenInterest)).toBeCloseTo(Number(openInterest), 3);
});

test('taker volumes add up to the kline’s volume, and ratios to one', async () => {
  const [kline] = await body('/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=2');
  const [taker] = await body('/futures/data/takerlongshortRatio?symbol=BTCUSDT&period=5m&limit=2');
  expect(taker.timestamp).toBe(kline[0]);
  expect(Number(taker.buyVol) + Number(taker.sellVol)).toBeCloseTo(Number(kline[5]), 3);
  for (const name of ['globalLongShortAccountRatio', 'topLongShortAccountRatio', 'topLongShortPositionRatio']) {
    const rows = await body(`/futures/data/${name}?symbol=BTCUSDT&period=1h`);
    expect([name, rows.length]).toEqual([name, 30]);
    expect(Number(rows[0].longAccount) + Number(rows[0].shortAccount)).toBe(1);
  }
});

test.each([
  '/fapi/v1/depth?symbol=BTCUSDT&symbol=ETHUSDT&limit=5',
  '/fapi/v1/depth?symbol=BTCUSDT&limit=5&limit=5',
  '/fapi/v1/time?any=1&any=2',
])('a duplicate parameter is refused: %s', async (path) => {
  const { status, body } = await get(venue, path);
  expect({ status, body }).toEqual({
    status: 400,
    body: { code: -1101, msg: 'Duplicate values for a parameter detected.' },
  });
});

test('statistics refuse unsupported requests', async () => {
  const refusals: [string, number][] = [
    ['openInterestHist?symbol=BTCUSDT', -1102],
    ['openInterestHist?symbol=BTCUSDT&period=1m', -1130],
    ['openInterestHist?symbol=BTCUSDT&period=constructor', -1130],
    ['openInterestHist?symbol=BTCUSDT&period=5m&limit=501', -1130],
    [`openInterestHist?symbol=BTCUSDT&period=5m&startTime=${START_MS - 31 * 86_400_000}`, -1130],
    ['openInterestHist?symbol=NOSUCHUSDT&period=5m', -1121],
    ['basis?pair=BTCUSDT&contractType=toString&period=5m', -4088],
    ['delivery-price?pair=constructor', -1121],
  ];
  for (const [path, code] of refusals) {
    const got = await get(venue, `/futures/data/${path}`);
    expect([path, got.status, got.body.code]).toEqual([path, 400, code]);
  }
});

test('a delivered quarterly has a delivery price near its pair’s price', async () => {
  const { price } = await body('/fapi/v1/ticker/price?symbol=BTCUSDT');
  const rows = await body('/futures/data/delivery-price?pair=BTCUSDT');
  expect(rows).toEqual([{ deliveryTime: Date.UTC(2026, 8, 25, 8), deliveryPrice: expect.any(Number) }]);
  expect(rows[0].deliveryPrice / Number(price)).toBeCloseTo(1, 1);
  const [basis] = await body('/futures/data/basis?pair=BTCUSDT&contractType=CURRENT_QUARTER&period=5m&limit=1');
  expect(basis).toMatchObject({ pair: 'BTCUSDT', contractType: 'CURRENT_QUARTER', basis: '0.00000000' });
});
