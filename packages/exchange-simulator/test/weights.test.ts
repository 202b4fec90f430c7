import { expect, test } from 'vitest';
import { WeightMeter } from '../src/limits/weight-meter.ts';
import { get, HandClock, usedWeight, venueOn } from './venue-client.ts';

const WEIGHTS: readonly (readonly [path: string, weight: number])[] = [
  ['ping', 1],
  ['time', 1],
  ['exchangeInfo', 1],
  ['depth?symbol=BTCUSDT', 1],
  ['depth?symbol=BTCUSDT&limit=5', 2],
  ['depth?symbol=BTCUSDT&limit=50', 2],
  ['depth?symbol=BTCUSDT&limit=100', 5],
  ['depth?symbol=BTCUSDT&limit=500', 10],
  ['depth?symbol=BTCUSDT&limit=1000', 20],
  ['trades?symbol=BTCUSDT', 5],
  ['aggTrades?symbol=BTCUSDT&limit=1', 20],
  ['klines?symbol=BTCUSDT&interval=1m', 5],
  ['klines?symbol=BTCUSDT&interval=1m&limit=99', 1],
  ['klines?symbol=BTCUSDT&interval=1m&limit=100', 1],
  ['klines?symbol=BTCUSDT&interval=1m&limit=101', 2],
  ['klines?symbol=BTCUSDT&interval=1m&limit=500', 2],
  ['klines?symbol=BTCUSDT&interval=1m&limit=501', 5],
  ['klines?symbol=BTCUSDT&interval=1m&limit=1000', 5],
  ['klines?symbol=BTCUSDT&interval=1m&limit=1001', 10],
  ['klines?symbol=BTCUSDT&interval=1m&limit=1500', 10],
  ['ticker/24hr?symbol=BTCUSDT', 1],
  ['ticker/24hr', 40],
  ['ticker/bookTicker?symbol=BTCUSDT', 2],
  ['ticker/bookTicker', 5],
  ['premiumIndex?symbol=BTCUSDT', 1],
  ['premiumIndex', 10],
  ['ticker/price?symbol=BTCUSDT', 1],
  ['ticker/price', 2],
  ['fundingRate?symbol=BTCUSDT', 0],
  ['fundingInfo', 0],
  ['openInterest?symbol=BTCUSDT', 1],
  ['rpiDepth?symbol=BTCUSDT&limit=1000', 20],
  ['constituents?symbol=BTCUSDT', 2],
  ['indexInfo', 1],
  ['assetIndex?symbol=BTCUSD', 1],
  ['assetIndex', 10],
  ['markPriceKlines?symbol=BTCUSDT&interval=1m', 5],
  ['indexPriceKlines?pair=BTCUSDT&interval=1m&limit=100', 1],
  ['premiumIndexKlines?symbol=BTCUSDT&interval=1m&limit=1500', 10],
  ['continuousKlines?pair=BTCUSDT&contractType=PERPETUAL&interval=1m&limit=500', 2],
];

test('each request costs the weight measured at the venue', async () => {
  const venue = await venueOn(new HandClock());
  let used = 0;
  for (const [path, weight] of WEIGHTS) {
    const got = await get(venue, `/fapi/v1/${path}`);
    expect([path, got.status, usedWeight(got) - used]).toEqual([path, 200, weight]);
    used = usedWeight(got);
  }
});

const REFUSALS: readonly (readonly [path: string, status: number, code: number, weight: number])[] = [
  ['premiumIndex?symbol=NOSUCHUSDT', 400, -1121, 1],
  ['aggTrades?symbol=NOSUCHUSDT', 400, -1121, 20],
  ['depth?symbol=BTCUSDT&limit=7', 400, -4021, 1],
  ['depth', 400, -1102, 1],
  ['depth?symbol=', 400, -1102, 1],
  ['depth?symbol=BTC%20USDT', 400, -1100, 1],
  ['depth?symbol=BTCUSDT&limit=ten', 400, -1100, 1],
  // Property names of every object.
  ['depth?symbol=BTCUSDT&limit=constructor', 400, -1100, 1],
  ['depth?symbol=BTCUSDT&limit=__proto__', 400, -1100, 1],
  ['depth?symbol=constructor', 400, -1121, 1],
  ['klines?symbol=BTCUSDT&interval=constructor', 400, -1120, 5],
  ['klines?symbol=BTCUSDT&interval=1m&limit=constructor', 400, -1100, 10],
  ['klines?symbol=BTCUSDT', 400, -1102, 5],
  ['klines?symbol=BTCUSDT&interval=1s', 400, -1120, 5],
  ['klines?symbol=BTCUSDT&interval=1m&limit=1501', 400, -1130, 10],
  ['klines?symbol=BTCUSDT&interval=1m&startTime=2000&endTime=1000&limit=1', 400, -4059, 1],
  ['trades?symbol=BTCUSDT&limit=0', 400, -1130, 5],
  ['ticker/price?symbol=NOSUCHUSDT', 400, -1121, 1],
  ['fundingRate?symbol=NOSUCHUSDT', 400, -1121, 0],
  ['fundingRate?limit=1001', 400, -1130, 0],
  ['openInterest', 400, -1102, 1],
  ['historicalTrades?symbol=BTCUSDT', 401, -2014, 200],
  ['rpiDepth?symbol=BTCUSDT&limit=500', 400, -4021, 20],
  ['constituents?symbol=constructor', 400, -1121, 2],
  ['indexInfo?symbol=BTCUSDT', 400, -1121, 1],
  ['assetIndex?symbol=NOSUCHUSD', 400, -1121, 1],
  ['indexPriceKlines?symbol=BTCUSDT&interval=1m&limit=1', 400, -1102, 1],
  ['continuousKlines?pair=BTCUSDT&interval=1m&limit=1', 400, -1102, 1],
  ['continuousKlines?pair=BTCUSDT&contractType=constructor&interval=1m&limit=1', 400, -4088, 1],
  ['continuousKlines?pair=BTCUSDT&contractType=NEXT_QUARTER&interval=1m&limit=1', 400, -1121, 1],
  ['nosuchpath', 404, -5000, 1],
];

test('a refusal has the venue’s code and still costs weight', async () => {
  const venue = await venueOn(new HandClock());
  let used = 0;
  for (const [path, status, code, weight] of REFUSALS) {
    const got = await get(venue, `/fapi/v1/${path}`);
    expect([path, got.status, got.body.code, usedWeight(got) - used]).toEqual([path, status, code, weight]);
    expect(Object.keys(got.body)).toEqual(['code', 'msg']);
    used = usedWeight(got);
  }
});

test('the window is the UTC clock minute, not the last sixty seconds', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock);
  clock.ms = Date.UTC(2026, 9, 7, 8, 34, 59, 500);
  await get(venue, '/fapi/v1/ticker/24hr');
  expect(usedWeight(await get(venue, '/fapi/v1/ping'))).toBe(41);
  clock.ms = Date.UTC(2026, 9, 7, 8, 35, 0, 0);
  expect(usedWeight(await get(venue, '/fapi/v1/ping'))).toBe(1);
});

test('beyond the limit the venue answers 429 until the minute ends', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock, { limits: { weightPerMinute: 100 } });
  await get(venue, '/fapi/v1/ticker/24hr');
  await get(venue, '/fapi/v1/ticker/24hr');
  const over = await get(venue, '/fapi/v1/ticker/24hr');
  expect(over).toMatchObject({ status: 429, body: { code: -1003 } });
  expect(usedWeight(over)).toBe(120);
  expect(Number(over.headers.get('retry-after'))).toBe(40);
  clock.ms += 40_000;
  expect((await get(venue, '/fapi/v1/ticker/24hr')).status).toBe(200);
});

test('a client that continues after 429 is banned, longer each time', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock, { limits: { weightPerMinute: 2, refusalsUntilBan: 3 } });
  const ping = () => get(venue, '/fapi/v1/ping');
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await ping()).status);
  expect(statuses).toEqual([200, 200, 429, 429, 429, 418]);
  const banned = await ping();
  expect(banned).toMatchObject({ status: 418, body: { code: -1003 } });
  expect(banned.body.msg).toContain(`banned until ${clock.ms + 120_000}`);
  expect(Number(banned.headers.get('retry-after'))).toBe(120);
  clock.ms += 119_999;
  expect((await ping()).status).toBe(418);
  clock.ms += 1;
  expect((await ping()).status).toBe(200);
  for (let i = 0; i < 5; i += 1) await ping();
  expect(Number((await ping()).headers.get('retry-after'))).toBe(240);
});

test('a ban lasts at most three days', () => {
  const meter = new WeightMeter({ weightPerMinute: 0, refusalsUntilBan: 0 });
  let nowMs = 0;
  let longest = 0;
  for (let i = 0; i < 20; i += 1) {
    const verdict = meter.charge(1, nowMs);
    if (verdict.kind !== 'BANNED') throw new Error(`not banned but ${verdict.kind}`);
    longest = Math.max(longest, verdict.untilMs - nowMs);
    nowMs = verdict.untilMs;
  }
  expect(longest).toBe(3 * 86_400_000);
});

test('counts give requests and weight by minute and path', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock);
  await get(venue, '/fapi/v1/ping');
  await get(venue, '/fapi/v1/depth?symbol=NOPE&limit=1000');
  clock.ms += 60_000;
  await get(venue, '/fapi/v1/ticker/24hr');
  const report = (await get({ url: venue.controlUrl }, '/control/requests')).body;
  expect(report).toEqual(venue.requests());
  expect(report).toMatchObject({ requests: 3, weight: 61, max_minute_weight: 40 });
  expect(report.paths['/fapi/v1/depth']).toEqual({ requests: 1, weight: 20, statuses: { 400: 1 } });
  expect(report.minutes.map(({ weight }: { weight: number }) => weight)).toEqual([21, 40]);
  venue.clearRequests();
  expect(venue.requests()).toMatchObject({ requests: 0, minutes: [] });
});
