import type { PriceSample } from '@helios/core/strategy/market-memory.ts';
import { Lists, Maps, Values } from '@helios/shared/contracts/catalog.ts';
import { aKline, aMode, aTrade, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test } from 'vitest';
import {
  aPosition,
  BTC,
  bookOf,
  closeEngineHarnesses,
  type EngineHarness,
  lockStep,
  openEngineHarness,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const HOUR = 3_600_000;
const elsewhere = (ts: number, price: string) =>
  ({ type: 'fallback', symbol: BTC, ts_event: ts, ts_init: ts, price, source: 'coingecko' }) as const;

/** The market data that an ingestor stores. */
async function keep(fake: FakeRedisWithBuses, ...samples: readonly PriceSample[]): Promise<void> {
  await fake.bus('public-price-ingestor').write((batch) => {
    for (const sample of samples) {
      const { symbol } = sample;
      if (sample.type === 'book') batch.set(Values.orderbook, sample, { symbol });
      else if (sample.type === 'kline') batch.push(Lists.klines, sample, { symbol, interval: sample.interval });
      else if (sample.type === 'trade') batch.set(Values.trade, sample, { symbol });
      else batch.set(Values.fallbackPrice, sample, { symbol });
    }
  });
}

/** A Redis with a LONG at 100, entered long ago. */
async function heldSince(entry_ts: number, symbol = BTC): Promise<FakeRedisWithBuses> {
  const fake = createFakeRedis();
  const position = aPosition({ symbol, entry_ts });
  await fake.bus('decision-logger').write((batch) => batch.setField(Maps.openPositions, `${symbol}:LONG`, position));
  return fake;
}

async function exitAfter(harness: EngineHarness, ms: number) {
  harness.clock.advance(ms);
  await eventually('the exit', () => harness.signals.length > 0);
  expect(harness.service.faults).toEqual([]);
  return harness.signals[0];
}

describe('a start on a silent market', () => {
  test.each([
    ['the last book', [bookOf(0, T0 - HOUR, { bid: 99.5 })], 99.5, '(last book, 3661 s old)'],
    [
      'a trade after it',
      [bookOf(0, T0 - HOUR, { bid: 99.5 }), aTrade({ ts_event: T0 - HOUR + 2_000, price: '99.2' })],
      99.2,
      '(last trade, 3659 s old)',
    ],
    [
      'a price from elsewhere after both',
      [bookOf(0, T0 - HOUR, { bid: 99.5 }), elsewhere(T0 - 120_000, '99.3')],
      99.3,
      '(fallback, 181 s old)',
    ],
    [
      // Read and stamped when the fleet last ran.
      'the close of the last kline, where the rest is over a day old and gone',
      [aKline({ close: '99.1', open_ts: T0 - 30 * HOUR, close_ts: T0 - 30 * HOUR + 59_999, ts_event: T0 - 2 * HOUR })],
      99.1,
      '(last kline, 108001 s old)',
    ],
  ] as const)('closes a position over its holding time at %s', async (_, samples, price, said) => {
    const fake = await heldSince(T0 - HOUR);
    await keep(fake, ...samples);
    const harness = await openEngineHarness({ fake, mode: aMode({ mode: 'public' }) });
    const exit = await exitAfter(harness, 61_000);
    expect(exit).toMatchObject({ exit_reason: 'TIME_EXIT', entry_price: price });
    expect(exit?.reason).toContain(said);
    expect(exit?.quote).toBeUndefined();
  });

  test('reads prices also of an unwatched symbol', async () => {
    const fake = await heldSince(T0 - HOUR, 'ETHUSDT');
    await keep(fake, bookOf(0, T0 - HOUR, { symbol: 'ETHUSDT', bid: 99.5 }));
    const harness = await openEngineHarness({ fake });
    expect(await exitAfter(harness, 61_000)).toMatchObject({ symbol: 'ETHUSDT', entry_price: 99.5 });
  });

  test('accepts neither garbage nor a price from the future', async () => {
    const fake = await heldSince(T0 - HOUR);
    fake.strings.set('orderbook:BTCUSDT', '{"bids":"none"}');
    await keep(fake, aTrade({ ts_event: T0 + 60_001, price: '97' }));
    const harness = await openEngineHarness({ fake });
    const exit = await exitAfter(harness, 61_000);
    expect(exit).toMatchObject({ exit_reason: 'TIME_EXIT', entry_price: 100 });
    expect(exit?.reason).toContain('no price of the market is known');
  });
});

test('prices stored during an outage are read after it, with their age', async () => {
  const harness = await openEngineHarness();
  await harness.book(bookOf(0, T0));
  await harness.positions([aPosition({ entry_ts: T0 })]);
  harness.fake.goDown();
  harness.clock.set(T0 + HOUR / 4);
  harness.fake.comeBack();
  await keep(harness.fake, bookOf(0, T0 + HOUR / 4 - 30_000, { bid: 98.5 }));
  await harness.fake.settle();
  const exit = await exitAfter(harness, 1);
  expect(exit).toMatchObject({ exit_reason: 'STOP_LOSS', entry_price: 98.5 });
  expect(exit?.reason).toContain('(last book, 30');
});

test('a replay reads no price of an earlier start', async () => {
  const fake = await heldSince(T0);
  await keep(fake, bookOf(0, T0, { bid: 98 }), aTrade({ price: '98' }));
  const harness = await openEngineHarness({ fake, mode: lockStep, watchlist: [BTC, 'ETHUSDT'] });
  await harness.book(bookOf(0, T0 + 1_800_000, { symbol: 'ETHUSDT', seq: 1 }));
  expect(harness.signals).toMatchObject([{ exit_reason: 'TIME_EXIT', entry_price: 100 }]);
});
