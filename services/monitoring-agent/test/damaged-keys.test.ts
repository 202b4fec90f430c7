import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { startService } from '@helios/shared/runtime/start-service.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createMonitoringAgent } from '../src/service.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server?.stop());
beforeEach(() => server.call('FLUSHALL'));

/** The agent on a real Redis. */
async function start() {
  const logDir = await mkdtemp(join(tmpdir(), 'monitoring-'));
  const log = createRecordingLog();
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const { host, port } = server;
  const service = await startService(createMonitoringAgent({ wall: wallClock, writesHeliosLog: false }), {
    bus: await connectBus('monitoring-agent', { host, port, db: 0, log, onFault }),
    clock: wallClock,
    settings: defaultSettings({ system: { log_dir: logDir } }),
    mode: aMode({ resolved_ts: Date.now() }),
    log,
    onFault,
  });
  onTestFinished(async () => {
    await service.stop();
    await rm(logDir, { recursive: true, force: true });
    expect(faults).toEqual([]);
  });
  /** What stands in alerts.log of damaged keys: stage and message. */
  async function told(): Promise<string[]> {
    const text = await readFile(join(logDir, 'alerts.log'), 'utf8').catch(() => '');
    const alerts = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return alerts.filter(({ code }) => code === 'REDIS_KEY_DAMAGED').map(({ stage, message }) => `${stage} ${message}`);
  }
  return { log, told };
}

test.each(['alerts', 'watchlist', 'logs'])(
  'starts though %s was overwritten, and tells what to delete',
  async (key) => {
    await server.call('SET', key, 'typed by hand');
    const { log, told } = await start();
    await eventually('the alert', async () => (await told()).length > 0, 10_000);
    expect((await told())[0]).toMatch(new RegExp(`^RAISED .*refused the key ${key}: .*redis-cli DEL ${key}\\)`));
    expect(log.lines.filter(({ level, fields }) => level === 'error' && fields['key'] === key)).toHaveLength(1);
    await server.call('DEL', key);
    await eventually('mended', () => log.lines.some(({ message }) => message === 'a damaged key is mended'), 20_000);
  },
);

test('lives on where alerts is overwritten under it, and says what waited once the key is deleted', async () => {
  const { told } = await start();
  await server.call('SET', 'alerts', 'typed by hand');
  const line = { ts: Date.now(), level: 'ERROR', service: 'data-ingestor', message: 'no recording', fields: '{}' };
  await server.call('XADD', 'logs', '*', 'message', JSON.stringify(line));
  await eventually('told', async () => (await told()).some((one) => one.includes('the key alerts')), 10_000);
  await server.call('DEL', 'alerts');
  const stream = async () => JSON.stringify(await server.call('XRANGE', 'alerts', '-', '+'));
  await eventually('what waited', async () => (await stream()).includes('no recording'), 10_000);
  expect(await stream()).toContain('REDIS_KEY_DAMAGED');
});
