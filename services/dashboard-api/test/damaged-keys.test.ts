import { wallClock } from '@helios/shared/runtime/clock.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { startService } from '@helios/shared/runtime/start-service.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { freePort, startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';
import type { PricesReply } from '../src/endpoints/prices.ts';
import { createDashboardApi } from '../src/service.ts';
import { until } from './start-dashboard.ts';

test('the page is up though the watchlist was overwritten: the key is named, and read once it is mended', async () => {
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
  const refused = await get('/api/watchlist');
  expect(refused.status).toBe(500);
  expect(await refused.json()).toMatchObject({
    code: 'REDIS_FAULT',
    message: expect.stringContaining('redis-cli DEL watchlist'),
  });
  expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
    { message: expect.stringContaining('the key watchlist'), fields: { key: 'watchlist' } },
  ]);
  await server.call('DEL', 'watchlist');
  await server.call('ZADD', 'watchlist', 1, 'BTCUSDT');
  await until(async () => (await rows()).length === 1, 'the mended watchlist on the board');
  expect(faults).toEqual([]);
});
