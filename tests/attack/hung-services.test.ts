import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';

/** On a busy machine the supervisor counts at most a second of silence per look, and looks seldom. */
const soon = { timeout: 120_000, interval: 250 };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** What `npm run status` prints. */
async function statusOf(fleet: TestFleet): Promise<string> {
  const script = resolve(import.meta.dirname, '../../packages/fleet/src/status.ts');
  const env = {
    ...bareEnvironment(),
    HELIOS_SETTINGS_DIR: fleet.folder,
    SYSTEM_DATA_DIR: fleet.dataDir,
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(fleet.redisPort),
  };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env }).catch((error) => error);
  return stdout;
}

test('hanging services are ended and restarted; while monitoring-agent hangs, status shows it', {
  timeout: 420_000,
}, async () => {
  const fleet = await TestFleet.start({ env: { DASHBOARD_LOGIN: 'false' } });
  cleanups.push(() => fleet.remove());
  const page = await fleet.connect('dashboard-api');
  cleanups.push(() => page.close());
  const health = async () => {
    const answer = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/api/health`);
    const { services } = (await answer.json()) as { services: { service: string; status: string }[] };
    return Object.fromEntries(services.map(({ service, status }) => [service, status]));
  };
  expect(await statusOf(fleet)).not.toContain('Nobody watches');
  const hung = ['monitoring-agent', 'signal-engine'] as const;
  const pids = new Map(await Promise.all(hung.map(async (service) => [service, await fleet.up(service)] as const)));
  const others = new Map(
    await Promise.all(
      (['decision-logger', 'data-ingestor', 'dashboard-api'] as const).map(
        async (service) => [service, await fleet.up(service)] as const,
      ),
    ),
  );
  for (const pid of pids.values()) process.kill(pid, 'SIGSTOP');

  await vi.waitFor(async () => expect(await health()).toMatchObject({ 'monitoring-agent': 'DOWN' }), soon);
  expect(await statusOf(fleet)).toMatch(/Nobody watches the fleet: monitoring-agent is SILENT\./);

  for (const [service, pid] of pids) {
    await vi.waitFor(async () => {
      const record = (await page.getMap(Maps.supervisedServices))[service];
      expect(record).toMatchObject({
        state: 'RUNNING',
        restarts: 1,
        last_end: 'hung, no heartbeat for 30 s: SIGKILL',
      });
      expect(record?.pid).not.toBe(pid);
    }, soon);
  }
  await vi.waitFor(async () => {
    const alerts = await page.getLatest(Streams.alerts, 100);
    expect(alerts.map(({ code, service }) => `${code} ${service}`)).toContain('SERVICE_RESTARTED signal-engine');
  }, soon);
  expect(await health()).toMatchObject({ 'monitoring-agent': 'RUNNING', 'signal-engine': 'RUNNING' });
  expect(await statusOf(fleet)).not.toContain('Nobody watches');
  for (const [service, pid] of others) expect(await fleet.up(service)).toBe(pid);
});
