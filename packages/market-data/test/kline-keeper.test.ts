import { type Endpoint, isFault } from '@helios/binance/rest/endpoint.ts';
import type { KlinesParams } from '@helios/binance/rest/endpoints/klines.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestAnswer } from '@helios/binance/rest/rest-answer.ts';
import { Lists } from '@helios/shared/contracts/catalog.ts';
import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { PublishQueue } from '../src/publish/publish-queue.ts';
import { Publisher } from '../src/publish/publisher.ts';
import { KlineFreshness } from '../src/venue/kline-freshness.ts';
import { KlineKeeper, type OffGridRows } from '../src/venue/kline-keeper.ts';

const MINUTE = 60_000;
/** The beginning of a minute, and of every longer kline. */
const START = Math.ceil(T0 / KLINE_INTERVAL_MS['4h']) * KLINE_INTERVAL_MS['4h'];
const HALF_TRIP_MS = 300;

type KlineRow = [openTs: number, ...rest: (string | number)[]];

/**
 * A keeper whose requests take 600 ms; the venue, whose clock is `aheadMs` ahead, answers in the middle. The volume is
 * the age of the kline in ms.
 */
function createKeeper(aheadMs: number) {
  const fake = createFakeRedis();
  const log = createRecordingLog();
  const harness = {
    now: START,
    log,
    offGrid: [] as OffGridRows[],
    asked: [] as KlinesParams[],
    change: (rows: KlineRow[], _: KlinesParams) => rows,
  };
  async function ask<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const asked = params as KlinesParams;
    const { startTime, limit } = asked;
    const interval = asked.interval as KlineInterval;
    harness.asked.push(asked);
    const tsSent = harness.now;
    const venueTs = tsSent + HALF_TRIP_MS + aheadMs;
    const ms = KLINE_INTERVAL_MS[interval];
    const open = Math.floor(venueTs / ms) * ms;
    const first = startTime ?? open - (limit - 1) * ms;
    const rows: KlineRow[] = Array.from({ length: (open - first) / ms + 1 }, (_, i) => {
      const openTs = first + i * ms;
      const ranMs = Math.min(ms, venueTs - openTs);
      return [openTs, '100', '101', '99', '100', String(ranMs), openTs + ms - 1, '500', 7, '2', '200', '0'];
    });
    harness.now += 2 * HALF_TRIP_MS;
    const value = endpoint.parse(harness.change(rows, asked), params);
    if (isFault(value)) throw new Error(value.detail);
    return { kind: 'OK', value, tsSent, tsReceived: harness.now };
  }
  const keeper = new KlineKeeper({
    rest: { ask } as PublicRest,
    publishQueue: new PublishQueue(new Publisher(fake.bus('public-price-ingestor')), log),
    newestListed: async () => undefined,
    clockReading: () => ({ now: harness.now, venueNow: harness.now + aheadMs }),
    freshness: new KlineFreshness(log),
    onOffGrid: (rows) => void harness.offGrid.push(rows),
  });
  const page = fake.bus('dashboard-api');
  const listed = (interval: KlineInterval, count: number) =>
    page.getList(Lists.klines, count, { symbol: 'BTCUSDT', interval });
  const minutes = () => listed('1m', 3);
  return Object.assign(harness, { keeper, minutes, listed });
}

test.each([0, 29_000, -29_000])(
  'a kline that closes before its answer arrives is requested again, and stored complete; the venue %d ms ahead',
  async (aheadMs) => {
    const harness = createKeeper(aheadMs);
    harness.now = START + 10 * MINUTE - aheadMs - HALF_TRIP_MS - 50;
    await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
    const [newest] = await harness.minutes();
    expect(newest?.open_ts).toBe(START + 8 * MINUTE);
    harness.now = START + 10 * MINUTE - aheadMs + 1_500;
    expect(harness.keeper.dueTs('BTCUSDT')).toBeLessThanOrEqual(harness.now + aheadMs);
    await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
    const listed = await harness.minutes();
    expect(listed.map(({ open_ts, volume }) => [open_ts - START, volume])).toEqual(
      [9, 8, 7].map((minute) => [minute * MINUTE, String(MINUTE)]),
    );
    expect(listed[0]?.ts_event).toBe(listed[0]?.ts_init);
  },
);

test('a kline that ended less than a second ago is not used yet: late trades may belong to it', async () => {
  const harness = createKeeper(0);
  harness.now = START + 10 * MINUTE + 200;
  await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
  expect((await harness.minutes())[0]?.open_ts).toBe(START + 8 * MINUTE);
});

test('a kline that the venue revises is read once more and corrected in the list', async () => {
  const harness = createKeeper(0);
  const firstVolume = '41.5';
  const closeTs = START + 10 * MINUTE;
  // The klines of the last minute and the last five minutes are read before late trades are included.
  harness.change = (rows, { interval }) =>
    harness.now < closeTs + 30_000 && (interval === '1m' || interval === '5m')
      ? rows.map((row) => (row[6] === closeTs - 1 ? row.with(5, firstVolume) : row) as KlineRow)
      : rows;
  harness.now = closeTs + 1_500;
  await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
  const newestOf = async (interval: KlineInterval) => (await harness.listed(interval, 2)).map((one) => one.volume);
  expect(await newestOf('1m')).toEqual([firstVolume, String(MINUTE)]);
  expect(await newestOf('5m')).toEqual([firstVolume, String(5 * MINUTE)]);
  harness.asked.length = 0;
  harness.now = closeTs + MINUTE + 1_500;
  await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
  expect(await newestOf('1m')).toEqual([String(MINUTE), String(MINUTE)]);
  expect((await harness.listed('1m', 3)).map(({ open_ts }) => open_ts - closeTs)).toEqual([0, -MINUTE, -2 * MINUTE]);
  expect(await newestOf('5m')).toEqual([String(5 * MINUTE), String(5 * MINUTE)]);
  expect(await harness.listed('5m', 2_000)).toHaveLength(999);
  // The longer klines are also read once more; afterwards only when they close.
  expect(harness.asked.map(({ interval, limit }) => [interval, limit])).toEqual([
    ['1m', 3],
    ['5m', 2],
    ['15m', 2],
    ['1h', 2],
    ['4h', 2],
  ]);
  harness.asked.length = 0;
  harness.now += MINUTE;
  await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
  expect(harness.asked.map(({ interval }) => interval)).toEqual(['1m']);
});

test('hourly klines that begin at 28:15 are logged, not dropped silently', async () => {
  const harness = createKeeper(0);
  const off = 28 * MINUTE + 15_000;
  harness.change = (rows, { interval }) =>
    interval === '1h' ? rows.map((row) => row.with(0, row[0] + off).with(6, Number(row[6]) + off) as KlineRow) : rows;
  harness.now = START + 10 * MINUTE;
  await harness.keeper.catchUp('BTCUSDT', 'NOBODY');
  expect(await harness.listed('1h', 10)).toEqual([]);
  expect(harness.offGrid.map(({ symbol, interval, rows }) => [symbol, interval, rows.length])).toEqual([
    ['BTCUSDT', '1h', 499],
  ]);
});
