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
  /** Stage and message of each REDIS_KEY_DAMAGED alert in alerts.log. */
  async function sent(): Promise<string[]> {
    const text = await readFile(join(logDir, 'alerts.log'), 'utf8').catch(() => '');
    const alerts = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return alerts.filter(({ code }) => code === 'REDIS_KEY_DAMAGED').map(({ stage, message }) => `${stage} ${message}`);
  }
  return { log, sent };
}

test.each(['alerts', 'watchlist', 'logs'])(
  'starts although %s was overwritten, and raises an alert that says where its content is',
  async (key) => {
    await server.call('SET', key, 'typed by hand');
    const { log, sent } = await start();
    await eventually('the alert', async () => (await sent()).length > 0, 10_000);
    const words = `RAISED monitoring-agent found that the key ${key} was overwritten and was not a`;
    expect((await sent())[0]).toContain(words);
    expect((await sent())[0]).toContain(`its content is now damaged:${key}, and Helios writes the key again.`);
    expect(log.lines.filter(({ level, fields }) => level === 'warn' && fields['key'] === key)).toHaveLength(1);
  },
);

test('alerts continue in the stream after the stream was overwritten', async () => {
  const { sent } = await start();
  await server.call('SET', 'alerts', 'typed by hand');
  const line = { ts: Date.now(), level: 'ERROR', service: 'data-ingestor', message: 'no recording', fields: '{}' };
  await server.call('XADD', 'logs', '*', 'message', JSON.stringify(line));
  await eventually('sent', async () => (await sent()).some((one) => one.includes('the key alerts')), 10_000);
  const stream = async () => JSON.stringify(await server.call('XRANGE', 'alerts', '-', '+'));
  await eventually('the alert in the stream', async () => (await stream()).includes('no recording'), 10_000);
  expect(await stream()).toContain('REDIS_KEY_DAMAGED');
});
