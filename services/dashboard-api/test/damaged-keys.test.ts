import { Channels, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { PricesReply } from '@helios/shared/domain/http-replies.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { startService } from '@helios/shared/runtime/start-service.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createDashboardApi } from '../src/service.ts';
import { until } from './start-dashboard.ts';

test('the page works although the watchlist was overwritten: the key is put aside, and read once it is rewritten', async () => {
  const server = await startTestRedis();
  onTestFinished(() => server.stop());
  await server.call('SET', 'watchlist', 'typed by hand');
  const log = createRecordingLog();
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const port = await freePort();
  const service = await startService(
    createDashboardApi({ wall: wallClock, shownSettings: () => [], project: '/nonexistent' }),
    {
      bus: await connectBus('dashboard-api', { host: server.host, port: server.port, db: 0, log, onFault }),
      clock: wallClock,
      settings: defaultSettings({ dashboard: { login: false, port } }),
      mode: aMode(),
      log,
      onFault,
    },
  );
  onTestFinished(() => service.stop().then(() => {}));
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const rows = async () => ((await (await get('/api/prices')).json()) as PricesReply).rows;
  expect(await rows()).toEqual([]);
  expect((await get('/api/watchlist')).status).toBe(200);
  expect(log.lines.filter(({ level }) => level !== 'info')).toMatchObject([
    { level: 'warn', fields: { key: 'watchlist', put_aside_as: 'damaged:watchlist' } },
  ]);
  const ingestor = await connectBus('data-ingestor', { host: server.host, port: server.port, db: 0, log });
  await ingestor.write((batch) => {
    batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 });
    batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] });
  });
  await ingestor.close();
  await until(async () => (await rows()).length === 1, 'the watchlist that was written again on the board');
  expect(faults).toEqual([]);
});
