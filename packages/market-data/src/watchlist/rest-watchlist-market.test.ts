import { type Endpoint, isFault, pathWithQuery } from '@helios/binance/rest/endpoint.ts';
import type { RestAnswer, RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { createRestWatchlistMarket } from './rest-watchlist-market.ts';

const ROW = {
  symbol: 'BTCUSDT',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  marginAsset: 'USDT',
  contractType: 'PERPETUAL',
  status: 'TRADING',
  underlyingType: 'COIN',
  onboardDate: 0,
  deliveryDate: 4_133_404_800_000,
  filters: [
    { filterType: 'PRICE_FILTER', tickSize: '0.1' },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
    { filterType: 'MIN_NOTIONAL', notional: '5' },
  ],
};
const TICKER = {
  symbol: 'BTCUSDT',
  lastPrice: '100',
  highPrice: '110',
  lowPrice: '90',
  quoteVolume: '5000000000',
  closeTime: T0,
};
const TOP = { symbol: 'BTCUSDT', bidPrice: '99.9', bidQty: '2', askPrice: '100.1', askQty: '3', time: T0 };
/** The venue's clock is five hours ahead of ours. */
const VENUE_TS = T0 + 5 * 3_600_000;
const DOWN: RestFailure = { kind: 'FAILURE', code: 'DOWN', detail: 'No answer within 5 s.', advice: 'Is it up?' };

/** Hourly klines with a range of 2; the last one is open and volatile. */
const candles = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const [high, low] = i === count - 1 ? ['200', '50'] : ['101', '99'];
    const openTs = T0 + i * 3_600_000;
    return [openTs, '100', high, low, '100', '1', openTs + 3_599_999, '100', 10, '0.5', '50', '0'];
  });

/** A venue with these answers; it records each request with its weight. */
function createVenue() {
  const log = createRecordingLog();
  const venue = {
    log,
    answers: new Map<string, unknown>([
      ['/fapi/v1/exchangeInfo', { symbols: [ROW] }],
      ['/fapi/v1/ticker/24hr', [TICKER]],
      ['/fapi/v1/ticker/bookTicker', [TOP]],
      ['/fapi/v1/klines', candles(49)],
    ]),
    /** By path, or by symbol for klines. */
    failures: new Map<string, RestFailure>(),
    asked: [] as string[],
    weightLimits: [] as number[],
    weight: 0,
  };
  async function ask<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const request = pathWithQuery(endpoint, params);
    venue.asked.push(request);
    venue.weight += endpoint.weight(params);
    const symbol = /symbol=(\w+)/.exec(request)?.[1] ?? '';
    const failure = venue.failures.get(endpoint.path) ?? venue.failures.get(symbol);
    if (failure !== undefined) return failure;
    const value = endpoint.parse(venue.answers.get(endpoint.path), params);
    if (isFault(value)) return { kind: 'FAILURE', code: 'GARBAGE', detail: value.detail, advice: 'Try later.' };
    return { kind: 'OK', value, tsSent: T0, tsReceived: T0 };
  }
  const onWeightLimit = (perMinute: number): void => void venue.weightLimits.push(perMinute);
  const market = createRestWatchlistMarket({ rest: { ask }, log, onWeightLimit, venueNow: () => VENUE_TS });
  /** A whole scan. */
  async function survey() {
    const listings = await market.listings();
    return listings.kind === 'OK' ? market.survey(listings.value) : listings;
  }
  return Object.assign(venue, { market, survey });
}

test('a survey is three requests of weight 46', async () => {
  const venue = createVenue();
  expect(await venue.survey()).toMatchObject({
    kind: 'SURVEY',
    survey: {
      listings: [{ symbol: 'BTCUSDT', instrument: { tick_size: '0.1' } }],
      tickers: [{ quoteVolume: 5e9 }],
      tops: [{ bid: 99.9, askQty: 3 }],
    },
  });
  expect(venue.asked).toEqual(['/fapi/v1/exchangeInfo', '/fapi/v1/ticker/24hr', '/fapi/v1/ticker/bookTicker']);
  expect(venue.weight).toBe(46);
  expect(venue.log.lines).toEqual([]);
});

test('a survey has the venue’s time, with which stamps are compared', async () => {
  const venue = createVenue();
  expect(await venue.survey()).toMatchObject({ survey: { venueTs: VENUE_TS } });
});

test('the venue’s limit per minute is passed on', async () => {
  const venue = createVenue();
  const row = { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6_000 };
  venue.answers.set('/fapi/v1/exchangeInfo', { symbols: [ROW], rateLimits: [row] });
  await venue.market.listings();
  expect(venue.weightLimits).toEqual([6_000]);
});

test('without a list of symbols the survey fails, and sends no further request', async () => {
  const venue = createVenue();
  venue.failures.set('/fapi/v1/exchangeInfo', DOWN);
  expect(await venue.survey()).toBe(DOWN);
  expect(venue.asked).toHaveLength(1);
});

test.each(['/fapi/v1/ticker/24hr', '/fapi/v1/ticker/bookTicker'])(
  'without an answer to %s there is no survey, and the failure says why',
  async (path) => {
    const venue = createVenue();
    venue.failures.set(path, DOWN);
    expect(await venue.survey()).toEqual({ kind: 'FAILED', detail: 'No answer within 5 s. Is it up?' });
    venue.failures.clear();
    venue.answers.set(path, '<html>');
    expect(await venue.survey()).toMatchObject({ kind: 'FAILED' });
  },
);

test('unreadable rows are logged once, and again when their number rises', async () => {
  const venue = createVenue();
  venue.answers.set('/fapi/v1/exchangeInfo', { symbols: [ROW, { symbol: 'ODDUSDT' }] });
  await venue.survey();
  await venue.survey();
  expect(venue.log.lines).toMatchObject([{ level: 'warn', fields: { request: '/fapi/v1/exchangeInfo', dropped: 1 } }]);
  venue.answers.set('/fapi/v1/exchangeInfo', { symbols: [ROW, {}, {}] });
  await venue.survey();
  expect(venue.log.lines).toHaveLength(2);
});

test('volatility is measured on closed hourly klines, at a weight of 1 each', async () => {
  const venue = createVenue();
  const measured = await venue.market.measureVolatility(['BTCUSDT', 'ETHUSDT']);
  expect([...measured.keys()]).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(measured.get('BTCUSDT')).toBeCloseTo(2);
  expect(venue.weight).toBe(2);
  expect(venue.asked[0]).toBe('/fapi/v1/klines?symbol=BTCUSDT&interval=1h&limit=49');
});

test('a refused or too new symbol is skipped; an unreachable venue gets no further requests', async () => {
  const venue = createVenue();
  venue.failures.set('NOUSDT', { ...DOWN, code: 'REJECTED' });
  expect([...(await venue.market.measureVolatility(['NOUSDT', 'BTCUSDT'])).keys()]).toEqual(['BTCUSDT']);
  venue.answers.set('/fapi/v1/klines', candles(5));
  expect((await venue.market.measureVolatility(['BTCUSDT'])).size).toBe(0);
  expect(venue.log.lines).toEqual([]);
  venue.failures.set('BTCUSDT', { ...DOWN, code: 'BANNED' });
  venue.asked.length = 0;
  await venue.market.measureVolatility(['BTCUSDT', 'ETHUSDT', 'XRPUSDT']);
  expect(venue.asked).toHaveLength(1);
  expect(venue.log.lines).toMatchObject([{ level: 'warn', fields: { code: 'BANNED', measured: 0, of: 3 } }]);
});
