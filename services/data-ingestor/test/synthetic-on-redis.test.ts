import { Channels, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createRecordingLog, silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, test } from 'vitest';
import { FeedLog } from '../src/feed-log.ts';
import { SyntheticMarket } from '../src/synthetic-market.ts';

test('an outage of a real Redis is logged once, and its end once', async () => {
  const redis = await startTestRedis();
  const engine = await connectBus('signal-engine', { ...redis, db: 0, log: silentLog });
  const bus = await connectBus('data-ingestor', { ...redis, db: 0, log: silentLog });
  try {
    let heard = 0;
    const onBook = (): void => {
      heard += 1;
    };
    await engine.subscribe(Channels.books, onBook, { symbol: 'BTCUSDT' });
    const log = createRecordingLog();
    const said = (): string[] => log.lines.map(({ message }) => message);
    const abort = new AbortController();
    let sent = 0;
    const market = new SyntheticMarket({
      bus,
      log,
      feedLog: new FeedLog(log),
      seed: 9,
      symbols: ['BTCUSDT'],
      stop: abort.signal,
      observeAge: () => {
        sent += 1;
      },
    });
    const work = market.run();
    await eventually('some books', () => heard >= 5);
    await redis.kill();
    await eventually('the outage', () => said().length === 2);
    const before = sent;
    await eventually('a second of market, and with it four attempts', () => sent > before + 20);
    await redis.restart();
    heard = 0;
    await eventually('books after the outage', () => heard >= 5);
    abort.abort();
    await work;
    expect(said()).toEqual([
      'synthetic market starts',
      'market events are dropped until redis is back',
      'redis is back, continuing',
    ]);
  } finally {
    await engine.close();
    await bus.close();
    await redis.stop();
  }
});

test('a Redis whose keys were deleted gets watchlist and instruments again', async () => {
  const redis = await startTestRedis();
  const page = await connectBus('dashboard-api', { ...redis, db: 0, log: silentLog });
  const bus = await connectBus('data-ingestor', { ...redis, db: 0, log: silentLog });
  const abort = new AbortController();
  const log = createRecordingLog();
  const options = { bus, log, feedLog: new FeedLog(log), seed: 9, symbols: ['BTCUSDT'], observeAge: () => {} };
  const work = new SyntheticMarket({ ...options, stop: abort.signal }).run();
  try {
    const watched = async () => (await page.getRanking(Rankings.watchlist)).map(({ member }) => member);
    const hasInstruments = async () => Object.keys(await page.getMap(Maps.instruments)).includes('BTCUSDT');
    await eventually('the watchlist', async () => (await watched()).includes('BTCUSDT'));
    await redis.call('FLUSHALL');
    await eventually('the watchlist again', async () => (await watched()).includes('BTCUSDT'), 15_000);
    expect(await hasInstruments()).toBe(true);
    expect(log.lines.at(-1)?.message).toBe('redis had lost the watchlist, it is written again');
  } finally {
    abort.abort();
    await work;
    await page.close();
    await bus.close();
    await redis.stop();
  }
});
