import { type Endpoint, isFault } from '@helios/binance/rest/endpoint.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestAnswer } from '@helios/binance/rest/rest-answer.ts';
import { Lists } from '@helios/shared/contracts/catalog.ts';
import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { Outlet } from '../src/publish/outlet.ts';
import { Publisher } from '../src/publish/publisher.ts';
import { KlineKeeper } from '../src/venue/kline-keeper.ts';

const MINUTE = 60_000;
/** The beginning of a minute, and of every longer candle. */
const START = Math.ceil(T0 / KLINE_INTERVAL_MS['4h']) * KLINE_INTERVAL_MS['4h'];
const HALF_TRIP_MS = 300;

/** A keeper whose questions take 600 ms; the venue, whose clock is `aheadMs` ahead, answers in the middle. Volume is the ms a candle has run. */
function createKeeper(aheadMs: number) {
  const fake = createFakeRedis();
  const world = { now: START };
  async function ask<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const { interval, startTime, limit } = params as { interval: KlineInterval; startTime?: number; limit: number };
    const tsSent = world.now;
    const venueTs = tsSent + HALF_TRIP_MS + aheadMs;
    const ms = KLINE_INTERVAL_MS[interval];
    const open = Math.floor(venueTs / ms) * ms;
    const first = startTime ?? open - (limit - 1) * ms;
    const rows = Array.from({ length: (open - first) / ms + 1 }, (_, i) => {
      const openTs = first + i * ms;
      const ranMs = Math.min(ms, venueTs - openTs);
      return [openTs, '100', '101', '99', '100', String(ranMs), openTs + ms - 1, '500', 7, '2', '200', '0'];
    });
    world.now += 2 * HALF_TRIP_MS;
    const value = endpoint.parse(rows, params);
    if (isFault(value)) throw new Error(value.detail);
    return { kind: 'OK', value, tsSent, tsReceived: world.now };
  }
  const keeper = new KlineKeeper({
    rest: { ask } as PublicRest,
    outlet: new Outlet(new Publisher(fake.bus('public-price-ingestor')), createRecordingLog()),
    newestListed: async () => undefined,
    moment: () => ({ now: world.now, venueNow: world.now + aheadMs }),
  });
  const page = fake.bus('dashboard-api');
  const minutes = () => page.getList(Lists.klines, 3, { symbol: 'BTCUSDT', interval: '1m' });
  return Object.assign(world, { keeper, minutes });
}

test.each([0, 29_000, -29_000])(
  'a candle that closes while the answer is on its way is asked for again, and stored whole; the venue %d ms ahead',
  async (aheadMs) => {
    const world = createKeeper(aheadMs);
    world.now = START + 10 * MINUTE - aheadMs - HALF_TRIP_MS - 50;
    await world.keeper.catchUp('BTCUSDT', 'NOBODY');
    const [newest] = await world.minutes();
    expect(newest?.open_ts).toBe(START + 8 * MINUTE);
    world.now = START + 10 * MINUTE - aheadMs + 1_500;
    expect(world.keeper.isCurrent('BTCUSDT')).toBe(false);
    await world.keeper.catchUp('BTCUSDT', 'NOBODY');
    const listed = await world.minutes();
    expect(listed.map(({ open_ts, volume }) => [open_ts - START, volume])).toEqual(
      [9, 8, 7].map((minute) => [minute * MINUTE, String(MINUTE)]),
    );
    expect(listed[0]?.ts_event).toBe(listed[0]?.ts_init);
  },
);

test('a candle that ended less than a second ago is not believed yet: late trades may belong to it', async () => {
  const world = createKeeper(0);
  world.now = START + 10 * MINUTE + 200;
  await world.keeper.catchUp('BTCUSDT', 'NOBODY');
  expect((await world.minutes())[0]?.open_ts).toBe(START + 8 * MINUTE);
});
