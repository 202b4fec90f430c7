import { Channels } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { FeedLog } from '../src/feed-log.ts';
import { SyntheticMarket } from '../src/synthetic-market.ts';

test('the market restarts after the clock was set back, with klines of the new time', async () => {
  const HOUR_MS = 3_600_000;
  const fake = createFakeRedis();
  const log = createRecordingLog();
  const stop = new AbortController();
  let behindMs = 0;
  const now = () => Date.now() - behindMs;
  const ages: number[] = [];
  await fake.bus('signal-engine').subscribe(Channels.books, (book) => void ages.push(now() - book.ts_event), {
    symbol: 'BTCUSDT',
  });
  const market = new SyntheticMarket({
    bus: fake.bus('data-ingestor'),
    log,
    feedLog: new FeedLog(log),
    seed: 9,
    symbols: ['BTCUSDT'],
    stop: stop.signal,
    observeAge: () => {},
    now,
  });
  const running = market.run();
  await eventually('books of the old time', () => ages.length > 3);
  behindMs = HOUR_MS;
  await eventually('books of the new time', () =>
    ages.some((ageMs, i) => i > 3 && Math.abs(ageMs) < 2_000 && log.lines.length > 1),
  );
  stop.abort();
  await running;
  const lines = log.lines.filter(({ level }) => level === 'warn');
  expect(lines).toMatchObject([{ message: 'the clock was set back, the market restarts' }]);
});
