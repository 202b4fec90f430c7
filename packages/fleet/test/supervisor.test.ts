import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { describe, expect, it } from 'vitest';
import {
  BOOT_MS,
  childrenOf,
  env,
  isAlive,
  notes,
  port,
  privateRedis,
  redisPid,
  root,
  SERVICES,
  startFleet,
  supervised,
  useFleetHarness,
} from './fleet-harness.ts';

useFleetHarness();

/** Writes the state that signal-engine writes on Flatten without open positions. */
async function halt(): Promise<void> {
  const bus = await connectBus('signal-engine', { ...privateRedis(), log: silentLog });
  const state = { state: 'HALTED', reason: 'flatten by a test', changed_ts: 1 } as const;
  await bus.write((batch) => batch.setRecord(Records.fleetState, { ...state, applied_commands: [] }));
  await bus.close();
}

describe('the fleet', () => {
  it('starts the services on a private Redis, reports them, and stops the newest first and Redis last', async () => {
    const fleet = startFleet();
    await fleet.ready();
    expect(fleet.said()).toMatch(/Mode: SYNTHETIC/);
    expect(fleet.said()).toMatch(/Password: {2}\S{16}/);
    for (const name of SERVICES) expect(fleet.said()).toMatch(new RegExp(`${name} +RUNNING`));
    expect(Object.keys(await supervised()).sort()).toEqual([...SERVICES].sort());
    expect(existsSync(join(root, '.helios', 'redis-data', 'appendonlydir'))).toBe(true);
    fleet.kill('SIGINT');
    fleet.kill('SIGINT');
    expect(await fleet.ended).toBe(0);
    const stops = notes().filter(({ event }) => event === 'stop');
    expect(stops.map(({ service }) => service)).toEqual([...SERVICES].reverse());
    expect((await probeRedis('127.0.0.1', port)).kind).toBe('NOTHING');
    expect(existsSync(join(root, '.helios', 'supervisor.json'))).toBe(false);
  });

  it('logs every process as JSON lines and shows warnings', async () => {
    const fleet = startFleet();
    await fleet.ready();
    fleet.kill('SIGTERM');
    await fleet.ended;
    const lines = readFileSync(join(root, 'logs', 'helios.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const stderr = lines.filter((line) => line.message.endsWith('says something on stderr'));
    expect(stderr.map((line) => line.service).sort()).toEqual([...SERVICES].sort());
    expect(lines.every((line) => typeof line.ts === 'number' && typeof line.level === 'string')).toBe(true);
    expect(fleet.said()).toMatch(/WARN {2}signal-engine: Error: signal-engine says something/);
  });

  it('continues the same run, makes no new password, and refuses a second supervisor', async () => {
    const first = startFleet();
    await first.ready();
    const second = startFleet();
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain(`The fleet is already running (process ${first.pid}`);
    expect(first.said()).toContain('Trading state: not set yet');
    await halt();
    first.kill('SIGTERM');
    await first.ended;
    const third = startFleet();
    await third.ready();
    expect(third.said()).not.toMatch(/Password: {2}\S/);
    expect(third.said()).not.toContain('archived');
    expect(third.said()).toContain('Trading state: HALTED (flatten by a test): no entries until Start is pressed');
    const sessions = new Set(
      notes()
        .map(({ session }) => session)
        .filter((session) => session !== undefined),
    );
    expect(sessions.size).toBe(2);
    third.kill('SIGTERM');
    await third.ended;
  });

  it('refuses a second fleet in its folder even after its file was deleted, and writes the file again', async () => {
    const first = startFleet();
    await first.ready();
    const file = join(root, '.helios', 'supervisor.json');
    const before = readFileSync(file, 'utf8');
    const redis = await redisPid();
    rmSync(file);
    env['DASHBOARD_PORT'] = String(await freePort());
    const second = startFleet();
    expect(await second.ended).toBe(1);
    expect(second.said()).toMatch(/Another fleet runs on|The fleet is already running/);
    await eventually('the file is back', () => existsSync(file) && readFileSync(file, 'utf8') === before, 20_000);
    expect(await redisPid()).toBe(redis);
    expect(isAlive(redis)).toBe(true);
    first.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('reads the settings of the given folder, not of the project it runs from', async () => {
    const folder = join(root, 'settings');
    mkdirSync(folder);
    writeFileSync(join(folder, '.env'), 'SYSTEM_SYNTHETIC_SEED=77\n');
    const hostile = ['BINANCE_API_KEY', 'BINANCE_API_SECRET'].map((name) => `${name}=${'k'.repeat(64)}`);
    writeFileSync(join(root, '.env'), [...hostile, 'REDIS_HOST=192.0.2.1', 'ALLOW_SYNTHETIC=maybe', ''].join('\n'));
    env['HELIOS_SETTINGS_DIR'] = folder;
    env['SIGNALS_ORDER_FLOW'] = 'true';
    const fleet = startFleet();
    await fleet.ready();
    expect(fleet.said()).toContain('run synthetic:seed:77');
    const warning = 'warning: environment SIGNALS_ORDER_FLOW: names no setting, so it does nothing.';
    expect(fleet.said()).toContain(warning);
    expect(readFileSync(join(root, 'logs', 'helios.log'), 'utf8')).toContain(warning);
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  it('hides the API secret from every service of this mode, and every secret from Redis and its guard', async () => {
    // Half of the credentials would refuse the start. A placeholder does not count as one, but stays hidden too.
    env['BINANCE_API_SECRET'] = 'your_secret_here';
    env['REDDIT_CLIENT_SECRET'] = 'of-reddit';
    env['DASHBOARD_PASSWORD'] = 'of-the-page';
    // Redis overwrites its environment with its title, so a wrapper script records the environment.
    const server = join(root, 'redis-server');
    const seenByRedis = join(root, 'seen-by-redis');
    writeFileSync(server, `#!/bin/sh\nenv > '${seenByRedis}'\nexec '${env['HELIOS_REDIS_SERVER']}' "$@"\n`, {
      mode: 0o755,
    });
    env['HELIOS_REDIS_SERVER'] = server;
    const fleet = startFleet();
    await fleet.ready();
    const services = new Set(notes().map(({ pid }) => pid));
    const redis = await redisPid();
    const guards = childrenOf(fleet.pid).filter((pid) => !services.has(pid) && pid !== redis);
    expect(guards).toHaveLength(1);
    for (const file of [seenByRedis, `/proc/${guards[0]}/environ`]) {
      const environment = readFileSync(file, 'utf8');
      expect(environment).toContain('PATH=');
      expect(environment).not.toMatch(/your_secret_here|of-reddit|of-the-page/);
    }
    const knowing = notes().filter(({ pid }) => readFileSync(`/proc/${pid}/environ`, 'utf8').includes('of-the-page'));
    expect(new Set(knowing.map(({ service }) => service))).toEqual(new Set(['dashboard-api']));
    fleet.kill('SIGTERM');
    await fleet.ended;
    const starts = notes().filter(({ event }) => event === 'start');
    expect(starts).toHaveLength(SERVICES.length);
    expect(starts.map(({ secret }) => secret)).toEqual(SERVICES.map(() => undefined));
  });

  it('restarts a crashing service, with a wait from the third crash on', async () => {
    env['FAKE_BEHAVIOUR'] = 'signal-engine=crashes-thrice';
    const fleet = startFleet();
    await fleet.ready();
    const crashes = [...fleet.said().matchAll(/signal-engine +CRASHED +exit 1; started again (at once|in 1 s)/g)];
    expect(crashes.map(([, when]) => when)).toEqual(['at once', 'at once', 'in 1 s']);
    expect(fleet.said()).toMatch(/signal-engine +STARTING +process \d+, restart 3\s[\s\S]*signal-engine +RUNNING/);
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  it('gives up a service with wrong settings', async () => {
    env['FAKE_BEHAVIOUR'] = 'signal-engine=settings-error';
    const fleet = startFleet();
    await eventually(
      'stopped for good',
      () => /signal-engine +STOPPED +exit 78: its settings or files are wrong/.test(fleet.said()),
      BOOT_MS,
    );
    await eventually('others run', async () => (await supervised())['data-ingestor']?.state === 'RUNNING', BOOT_MS);
    expect((await supervised())['signal-engine']).toMatchObject({ state: 'GIVEN_UP', restarts: 0 });
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
    expect(notes().filter(({ service, event }) => service === 'signal-engine' && event === 'start')).toHaveLength(1);
  });

  it('kills a service that does not stop, and ends within eight seconds', async () => {
    env['FAKE_BEHAVIOUR'] = 'signal-engine=stubborn,data-ingestor=stubborn';
    const fleet = startFleet();
    await fleet.ready();
    const startedMs = performance.now();
    fleet.kill('SIGTERM');
    await fleet.ended;
    expect(performance.now() - startedMs).toBeLessThan(8_500);
    expect(fleet.said()).toMatch(/data-ingestor +STOPPED +SIGKILL/);
  });

  it('leaves no process behind when it is killed, and the next start succeeds', async () => {
    const fleet = startFleet();
    await fleet.ready();
    const pids = [...notes().map(({ pid }) => pid), await redisPid()];
    fleet.kill('SIGKILL');
    await fleet.ended;
    await eventually('all processes have ended', () => pids.every((pid) => !isAlive(pid)), 8_000);
    expect(notes().filter(({ event }) => event === 'orphaned')).toHaveLength(SERVICES.length);
    const again = startFleet();
    await again.ready();
    again.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  it('prints a summary at the end of a replay, and exits with --exit', async () => {
    writeFileSync(join(root, 'tape.gz'), gzipSync('1700000000000000 {}\n'));
    env['FAKE_BEHAVIOUR'] = 'data-ingestor=ends-replay';
    const fleet = startFleet('--replay', 'tape.gz', '--speed', 'max', '--exit');
    expect(await fleet.ended).toBe(0);
    expect(fleet.said()).toMatch(/lines 12 \(1 unreadable\) · gaps 2 · best bid\/ask compared 4, different 0/);
    expect(fleet.said()).toContain('No signal was recorded.');
  });
});
