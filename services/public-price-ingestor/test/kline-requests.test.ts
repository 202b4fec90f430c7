import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createVirtualMarket } from './virtual-market.ts';
import { VirtualTime } from './virtual-time.ts';
import type { KlineRow } from './virtual-venue.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Four minutes before the close of a one-hour and a four-hour kline. */
const START = Math.ceil(T0 / KLINE_INTERVAL_MS['4h']) * KLINE_INTERVAL_MS['4h'] - 4 * MINUTE_MS + 7_000;

/** Two symbols, polled slowly to save time; `change` changes the klines of ETHUSDT. */
async function startMarket(change: (rows: readonly KlineRow[], interval: KlineInterval) => readonly KlineRow[]) {
  const market = await createVirtualMarket({ polling: { min_interval_ms: 5_000 }, time: new VirtualTime(START) });
  onTestFinished(() => market.stop());
  market.venue.klineRows = (rows, symbol, interval) =>
    symbol === 'ETHUSDT' ? change(rows, interval as KlineInterval) : rows;

  /** Requests about ETHUSDT in the next minutes. */
  async function requestsIn(minutes: number) {
    const from = market.venue.asked.length;
    await market.time.pass(minutes * MINUTE_MS);
    const asked = market.venue.asked.slice(from).filter(({ symbol }) => symbol === 'ETHUSDT');
    const klines = asked.filter(({ path }) => path === '/fapi/v1/klines');
    const of = (interval: KlineInterval) => klines.filter((one) => one.interval === interval).length;
    const books = asked.filter(({ path }) => path === '/fapi/v1/depth').length;
    return { klines: klines.length, books, of };
  }

  const openTimes = async (interval: KlineInterval) =>
    (await market.klines('ETHUSDT', interval)).map(({ open_ts }) => open_ts);
  return { ...market, requestsIn, openTimes };
}

test('klines that stop while books continue are requested at growing intervals, logged once, and filled in afterwards', async () => {
  const stopTs = START + MINUTE_MS;
  let isStopped = true;
  const market = await startMarket((rows) => (isStopped ? rows.filter(([openTs]) => openTs < stopTs) : rows));
  await market.requestsIn(2);
  const asked = await market.requestsIn(5);
  // About forty a minute, each requested every two seconds. Books are requested far more often.
  expect(asked.klines).toBeLessThanOrEqual(30);
  expect(asked.of('1m')).toBeLessThanOrEqual(9);
  expect(asked.books).toBeGreaterThan(50);
  const warnings = market.said('warn');
  expect(warnings.map(({ fields }) => [fields['code'], fields['symbol'], fields['interval']])).toEqual([
    ['KLINES_STALE', 'ETHUSDT', '1m'],
  ]);
  isStopped = false;
  await market.requestsIn(3);
  const minutes = await market.openTimes('1m');
  expect(minutes[0]).toBeGreaterThanOrEqual(market.time.now() - 3 * MINUTE_MS);
  for (const [i, openTs] of minutes.slice(0, 20).entries()) expect(openTs).toBe((minutes[0] ?? 0) - i * MINUTE_MS);
  expect(market.said('info').filter(({ message }) => message === 'the venue sends newer klines again')).toHaveLength(1);
  expect(market.said('warn')).toEqual(warnings);
});

test('a new listing without a closed hour is normal: no log line, no repeated request, and its first hour comes in time', async () => {
  const listedTs = START - 20 * MINUTE_MS;
  const market = await startMarket((rows, interval) =>
    rows.filter(([openTs]) => openTs + KLINE_INTERVAL_MS[interval] > listedTs),
  );
  await market.requestsIn(1);
  const before = await market.requestsIn(2);
  expect(before.of('1h') + before.of('4h')).toBe(0);
  expect(before.klines).toBeLessThanOrEqual(5);
  expect(await market.openTimes('1h')).toEqual([]);
  await market.requestsIn(2);
  expect(await market.openTimes('1h')).toEqual([Math.floor(START / HOUR_MS) * HOUR_MS]);
  expect(await market.openTimes('4h')).toHaveLength(1);
  expect(market.said('warn')).toEqual([]);
});

test('klines off the grid are counted and logged in one line a minute, and the others are used', async () => {
  const offMs = 28 * MINUTE_MS + 15_000;
  const market = await startMarket((rows, interval) =>
    interval !== '1h' ? rows : rows.map(([openTs, ...rest], i) => [i < 3 ? openTs + offMs : openTs, ...rest]),
  );
  await market.requestsIn(1);
  expect(market.said('warn')).toMatchObject([
    { message: expect.stringContaining('off the interval’s grid'), fields: { interval: '1h', rows: 3, unlogged: 0 } },
  ]);
  expect(await market.openTimes('1h')).toHaveLength(499 - 3 - 1);
});

test('a kline endpoint that returns garbage while books continue is requested at growing intervals', async () => {
  const market = await startMarket((rows) => rows);
  await market.requestsIn(1);
  market.venue.klineRows = (rows, symbol) => (symbol === 'ETHUSDT' ? [[-1, 'garbage']] : rows);
  const asked = await market.requestsIn(3);
  expect(asked.klines).toBeLessThanOrEqual(9);
  expect(asked.books).toBeGreaterThan(30);
});
