import { Channels, Lists, Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { FallbackPrice } from '@helios/shared/domain/market-data.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { aBook, aKline, aTrade, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { expect, test } from 'vitest';
import { Publisher } from './publisher.ts';

const BTC = { symbol: 'BTCUSDT' };
const minute = (n: number) => aKline({ open_ts: T0 + n * 60_000, close_ts: T0 + n * 60_000 + 59_999 });

test('state is written before its message is published, by every ingestor', async () => {
  const fake = createFakeRedis();
  const engine = fake.bus('signal-engine');
  const page = fake.bus('dashboard-api');
  const seen: unknown[] = [];
  await engine.subscribe(
    Channels.books,
    async (book) => {
      seen.push([book.ts_event, (await page.get(Values.orderbook, BTC))?.ts_event]);
    },
    BTC,
  );
  for (const name of ['data-ingestor', 'public-price-ingestor'] as const) {
    const publisher = new Publisher(fake.bus(name));
    for (const ms of [0, 400, 1_000]) {
      await publisher.publish([aBook({ ts_event: T0 + ms })]);
      await fake.settle();
    }
  }
  expect(seen).toEqual([
    [T0, T0],
    [T0 + 400, T0],
    [T0 + 1_000, T0 + 1_000],
    [T0, T0],
    [T0 + 400, T0],
    [T0 + 1_000, T0 + 1_000],
  ]);
});

test('a reader of sampled books gets one book a second, each after its state', async () => {
  const fake = createFakeRedis();
  const page = fake.bus('dashboard-api');
  const seen: unknown[] = [];
  await page.subscribe(
    Channels.bookSamples,
    async (book) => {
      seen.push([book.ts_event, (await page.get(Values.orderbook, BTC))?.ts_event]);
    },
    BTC,
  );
  const publisher = new Publisher(fake.bus('data-ingestor'));
  for (const ms of [0, 400, 999, 1_000]) {
    await publisher.publish([aBook({ ts_event: T0 + ms }), aTrade()]);
    await fake.settle();
  }
  expect(seen).toEqual([
    [T0, T0],
    [T0 + 1_000, T0 + 1_000],
  ]);
});

test('klines that Redis did not accept are written with the next ones, in order, each once', async () => {
  const fake = createFakeRedis();
  const publisher = new Publisher(fake.bus('public-price-ingestor'));
  const listed = async () =>
    (await fake.bus('dashboard-api').getList(Lists.klines, 10, { ...BTC, interval: '1m' })).map((one) => one.open_ts);
  await publisher.publish([minute(0)]);
  fake.goDown();
  await expect(publisher.publish([minute(1), aTrade()])).rejects.toBeInstanceOf(BusUnavailable);
  publisher.hold([minute(1), aTrade()]);
  fake.comeBack();
  await publisher.publish([minute(2)]);
  await publisher.publish([minute(2)]);
  expect(await listed()).toEqual([minute(2).open_ts, minute(1).open_ts, minute(0).open_ts]);
});

test('a fallback price has its own sample and channel, and changes no book', async () => {
  const fake = createFakeRedis();
  const page = fake.bus('dashboard-api');
  const heard: FallbackPrice[] = [];
  await page.subscribe(Channels.fallbackPrices, (price) => void heard.push(price), BTC);
  const price: FallbackPrice = { type: 'fallback', ...BTC, ts_event: T0, ts_init: T0, price: '1', source: 'coingecko' };
  await new Publisher(fake.bus('public-price-ingestor')).publish([price]);
  await fake.settle();
  expect(heard).toEqual([price]);
  expect(await page.get(Values.fallbackPrice, BTC)).toEqual(price);
  expect(await page.get(Values.orderbook, BTC)).toBeUndefined();
});

test('a service adds its own state to the pipeline', async () => {
  const fake = createFakeRedis();
  const progress = {
    session: 's',
    seq: 1,
    lines: 1,
    bad_lines: 0,
    tops_compared: 0,
    tops_different: 0,
    gaps: 0,
    ts_event: T0,
    done: false,
  };
  const publisher = new Publisher(fake.bus('data-ingestor'));
  await publisher.publish([aBook()], { state: (batch) => batch.setRecord(Records.replayProgress, progress) });
  expect(await fake.bus('dashboard-api').getRecord(Records.replayProgress)).toEqual(progress);
});

test('samples continue after the clock was set back, once a second of the new time', async () => {
  const fake = createFakeRedis();
  const publisher = new Publisher(fake.bus('data-ingestor'));
  const kept: (number | undefined)[] = [];
  const back = T0 - 3_600_000;
  for (const ts_event of [T0, back, back + 999, back + 1_000]) {
    await publisher.publish([aBook({ ts_event })]);
    kept.push((await fake.bus('dashboard-api').get(Values.orderbook, BTC))?.ts_event);
  }
  expect(kept).toEqual([T0, back, back, back + 1_000]);
});
