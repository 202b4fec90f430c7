import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { findRedisServer, freePort, startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROSTER = ['monitoring-agent', 'decision-logger', 'signal-engine', 'dashboard-api', 'data-ingestor'];
const BOOT_MS = 20_000;

interface Note {
  service: string;
  event: string;
  pid: number;
  secret?: string;
  session?: string;
}

let root: string;
let journal: string;
let env: NodeJS.ProcessEnv;
let port: number;
const started: ChildProcess[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'helios-fleet-'));
  journal = join(root, 'journal');
  port = await freePort();
  env = {
    PATH: process.env['PATH'],
    TMPDIR: process.env['TMPDIR'],
    HELIOS_REDIS_SERVER: findRedisServer().path,
    REDIS_PORT: String(port),
    DASHBOARD_PORT: String(await freePort()),
    ALLOW_SYNTHETIC: 'true',
  };
});

afterEach(async () => {
  for (const fleet of started.splice(0))
    if (fleet.exitCode === null && fleet.signalCode === null) fleet.kill('SIGKILL');
  // Services and Redis end with their supervisor, whatever the test made of it.
  await eventually(
    'the private redis ends',
    async () => (await probeRedis('127.0.0.1', port)).kind === 'NOTHING',
    BOOT_MS,
  );
  await eventually('no service is left', () => notes().every(({ pid }) => !isAlive(pid)));
  rmSync(root, { recursive: true, force: true });
});

/** A fleet in a process of its own and what it said so far. */
function startFleet(...args: string[]) {
  const script = join(import.meta.dirname, 'fleet-process.ts');
  const fleet = spawn(process.execPath, [script, root, journal, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(fleet);
  let said = '';
  for (const stream of [fleet.stdout, fleet.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(fleet, 'close').then(([code]) => code as number | null);
  return {
    pid: fleet.pid ?? 0,
    kill: (signal: NodeJS.Signals) => fleet.kill(signal),
    ended,
    said: () => said,
    ready: () => eventually(`ready; it said:\n${said}`, () => /^READY/m.test(said), BOOT_MS),
  };
}

function notes(): Note[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Note);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Boolean);
  return pids.filter((pid) => {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
  });
}

async function supervised(): Promise<Record<string, SupervisedService>> {
  const bus = await connectBus('fleet', { host: '127.0.0.1', port, db: 0, log: silentLog, connectTimeoutMs: 5_000 });
  try {
    return await bus.getMap(Maps.supervisedServices);
  } finally {
    await bus.close();
  }
}

async function redisPid(): Promise<number> {
  const log = readFileSync(join(root, 'logs', 'helios.log'), 'utf8')
    .trim()
    .split('\n');
  const lines = log.map((line) => JSON.parse(line)).filter((line) => line.child === 'redis' && line.pid !== undefined);
  return lines.at(-1)?.pid;
}

describe('the fleet', () => {
  it('starts the roster on a private Redis, tells of it, and stops newest first, Redis last', async () => {
    const fleet = startFleet();
    await fleet.ready();
    expect(fleet.said()).toMatch(/Mode: SYNTHETIC/);
    expect(fleet.said()).toMatch(/Password: {2}\S{16}/);
    for (const name of ROSTER) expect(fleet.said()).toMatch(new RegExp(`${name} +RUNNING`));
    expect(Object.keys(await supervised()).sort()).toEqual([...ROSTER].sort());
    expect(existsSync(join(root, '.helios', 'redis-data', 'appendonlydir'))).toBe(true);
    fleet.kill('SIGINT');
    fleet.kill('SIGINT');
    expect(await fleet.ended).toBe(0);
    const stops = notes().filter(({ event }) => event === 'stop');
    expect(stops.map(({ service }) => service)).toEqual([...ROSTER].reverse());
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
    expect(stderr.map((line) => line.service).sort()).toEqual([...ROSTER].sort());
    expect(lines.every((line) => typeof line.ts === 'number' && typeof line.level === 'string')).toBe(true);
    expect(fleet.said()).toMatch(/WARN {2}signal-engine: Error: signal-engine says something/);
  });

  it('goes on with the same run, asks for no new password, and has no second supervisor beside it', async () => {
    const first = startFleet();
    await first.ready();
    const second = startFleet();
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain(`The fleet is already running (process ${first.pid}`);
    first.kill('SIGTERM');
    await first.ended;
    const third = startFleet();
    await third.ready();
    expect(third.said()).not.toMatch(/Password: {2}\S/);
    expect(third.said()).not.toContain('archived');
    const sessions = new Set(
      notes()
        .map(({ session }) => session)
        .filter((session) => session !== undefined),
    );
    expect(sessions.size).toBe(2);
    third.kill('SIGTERM');
    await third.ended;
  });

  it('reads the settings of the folder it is told, not of the project it runs in', async () => {
    const folder = join(root, 'settings');
    mkdirSync(folder);
    writeFileSync(join(folder, '.env'), 'SYSTEM_SYNTHETIC_SEED=77\n');
    const hostile = ['BINANCE_API_KEY', 'BINANCE_API_SECRET'].map((name) => `${name}=${'k'.repeat(64)}`);
    writeFileSync(join(root, '.env'), [...hostile, 'REDIS_HOST=192.0.2.1', 'ALLOW_SYNTHETIC=maybe', ''].join('\n'));
    env['HELIOS_SETTINGS_DIR'] = folder;
    const fleet = startFleet();
    await fleet.ready();
    expect(fleet.said()).toContain('run synthetic:seed:77');
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  it('keeps the secret from every service of this mode, and every secret from Redis and its guard', async () => {
    // Half of the credentials would stop the start: a placeholder is none, and still nobody’s business.
    env['BINANCE_API_SECRET'] = 'your_secret_here';
    env['REDDIT_CLIENT_SECRET'] = 'of-reddit';
    // Redis writes its title over its environment, so it is asked for on the way.
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
      expect(environment).not.toMatch(/your_secret_here|of-reddit/);
    }
    fleet.kill('SIGTERM');
    await fleet.ended;
    const starts = notes().filter(({ event }) => event === 'start');
    expect(starts).toHaveLength(ROSTER.length);
    expect(starts.map(({ secret }) => secret)).toEqual(ROSTER.map(() => undefined));
  });

  it('starts a killed service again, and a killed Redis with its data', async () => {
    const fleet = startFleet();
    await fleet.ready();
    const victim = notes().find(({ service }) => service === 'signal-engine')?.pid ?? 0;
    process.kill(victim, 'SIGKILL');
    await eventually('restarted', async () => {
      const known = (await supervised())['signal-engine'];
      return known?.state === 'RUNNING' && known.restarts === 1 && known.last_end === 'SIGKILL' && known.pid !== victim;
    });
    const redis = await redisPid();
    process.kill(redis, 'SIGKILL');
    await eventually(
      'redis is back',
      async () => (await redisPid()) !== redis && (await probeRedis('127.0.0.1', port)).kind === 'READY',
    );
    const bus = await connectBus('fleet', { host: '127.0.0.1', port, db: 0, log: silentLog, connectTimeoutMs: 5_000 });
    expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ run: 'synthetic:seed:1' });
    await bus.close();
    expect(fleet.said()).toMatch(/redis +CRASHED +SIGKILL; started again at once/);
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  it.each([
    ['empty', (redis: TestRedis) => redis.call('FLUSHALL'), /no fleet:mode any more/],
    [
      'older',
      async (redis: TestRedis) => {
        await redis.call('DEL', 'fleet:schema');
        await redis.call('HSET', 'fleet:mode', 'session', 'earlier', 'resolved_ts', 1);
      },
      /fleet:mode of an earlier start/,
    ],
  ])('goes on with a Redis that comes back %s: it is told again whose it is, and the mode', async (_, lose, told) => {
    const redis = await startTestRedis({ port });
    try {
      const fleet = startFleet();
      await fleet.ready();
      await lose(redis);
      await eventually('told again', () => told.test(fleet.said()), BOOT_MS);
      const bus = await connectBus('fleet', { host: '127.0.0.1', port, db: 0, log: silentLog });
      expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ run: 'synthetic:seed:1' });
      await bus.close();
      fleet.kill('SIGTERM');
      expect(await fleet.ended).toBe(0);
      const again = startFleet();
      await again.ready();
      again.kill('SIGTERM');
      expect(await again.ended).toBe(0);
    } finally {
      await redis.stop();
    }
  });

  it('ends where a later start has taken its Redis over, and the log says why', async () => {
    env['LOG_LEVEL'] = 'warn';
    const redis = await startTestRedis({ port });
    try {
      const fleet = startFleet();
      await fleet.ready();
      await redis.call('HSET', 'fleet:mode', 'session', 'later', 'resolved_ts', Date.now() + 60_000);
      expect(await fleet.ended).toBe(1);
      const why = 'Another start has taken this Redis over';
      expect(fleet.said()).toContain(why);
      // In the background nobody hears what is said: it is in the log too, but for the password.
      const kept = readFileSync(join(root, 'logs', 'helios.log'), 'utf8');
      for (const line of [why, 'All 5 services are running.', 'All services have ended']) expect(kept).toContain(line);
      expect(kept).not.toContain(/Password: {2}(\S+)/.exec(fleet.said())?.[1]);
      expect(kept).toContain('new password is [hidden]');
    } finally {
      await redis.stop();
    }
  });

  it('starts a crashing service again, after a wait from the third crash', async () => {
    env['FAKE_BEHAVIOUR'] = 'signal-engine=crashes-thrice';
    const fleet = startFleet();
    await fleet.ready();
    const told = [...fleet.said().matchAll(/signal-engine +CRASHED +exit 1; started again (at once|in 1 s)/g)];
    expect(told.map(([, when]) => when)).toEqual(['at once', 'at once', 'in 1 s']);
    expect(fleet.said()).toMatch(/signal-engine +STARTING +process \d+, restart 3\s[\s\S]*signal-engine +RUNNING/);
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  it('does not start a service forever whose settings are wrong', async () => {
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

  it('kills a service that does not end, and is gone within eight seconds', async () => {
    env['FAKE_BEHAVIOUR'] = 'signal-engine=stubborn,data-ingestor=stubborn';
    const fleet = startFleet();
    await fleet.ready();
    const startedMs = performance.now();
    fleet.kill('SIGTERM');
    await fleet.ended;
    expect(performance.now() - startedMs).toBeLessThan(8_500);
    expect(fleet.said()).toMatch(/data-ingestor +STOPPED +SIGKILL/);
  });

  it('leaves no process behind when it is killed itself, and starts again over what is left', async () => {
    const fleet = startFleet();
    await fleet.ready();
    const pids = [...notes().map(({ pid }) => pid), await redisPid()];
    fleet.kill('SIGKILL');
    await fleet.ended;
    await eventually('all processes have ended', () => pids.every((pid) => !isAlive(pid)), 8_000);
    expect(notes().filter(({ event }) => event === 'orphaned')).toHaveLength(ROSTER.length);
    const again = startFleet();
    await again.ready();
    again.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  it('prints a summary at the end of a replay and exits when asked to', async () => {
    writeFileSync(join(root, 'tape.gz'), gzipSync('1700000000000000 {}\n'));
    env['FAKE_BEHAVIOUR'] = 'data-ingestor=ends-replay';
    const fleet = startFleet('--replay', 'tape.gz', '--speed', 'max', '--exit');
    expect(await fleet.ended).toBe(0);
    expect(fleet.said()).toMatch(/lines 12 \(1 unreadable\) · gaps 2 · best bid\/ask compared 4, different 0/);
    expect(fleet.said()).toContain('No signal was recorded.');
  });
});

describe('a start that cannot go on', () => {
  it('uses a Redis that is there only when its database is ours', async () => {
    const redis = await startTestRedis({ port });
    try {
      await redis.call('SET', 'somebody', 'else');
      const refused = startFleet();
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toMatch(/not ours \(somebody\)[\s\S]*REDIS_DB=1[\s\S]*REDIS_PORT=6380/);
      env['REDIS_DB'] = '1';
      env['FAKE_BEHAVIOUR'] = ROSTER.map((name) => `${name}=settings-error`).join(',');
      const taken = startFleet();
      await eventually('claimed', () => /Mode: SYNTHETIC/.test(taken.said()), BOOT_MS);
      const bus = await connectBus('fleet', { host: redis.host, port, db: 1, log: silentLog, connectTimeoutMs: 5_000 });
      expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ mode: 'synthetic' });
      await bus.close();
      taken.kill('SIGTERM');
      expect(await taken.ended).toBe(0);
      // It was there before, so it stays.
      expect(await redis.call('GET', 'somebody')).toBe('else');
    } finally {
      await redis.stop();
    }
  });

  it('says so when the Redis wants a password', async () => {
    const redis = await startTestRedis({ port, password: 'right' });
    try {
      const fleet = startFleet();
      expect(await fleet.ended).toBe(1);
      expect(fleet.said()).toMatch(/refused the password\. Set REDIS_PASSWORD/);
    } finally {
      await redis.stop();
    }
  });

  it('starts a private Redis with the password that is set, and shows it nowhere', async () => {
    env['REDIS_PASSWORD'] = 'correct "horse" \\ battery';
    env['FAKE_BEHAVIOUR'] = ROSTER.map((name) => `${name}=settings-error`).join(',');
    const fleet = startFleet();
    await eventually('running', () => /Redis: a private one/.test(fleet.said()), BOOT_MS);
    expect((await probeRedis('127.0.0.1', port)).kind).toBe('PASSWORD_NEEDED');
    await eventually('claimed', () => /Mode: SYNTHETIC/.test(fleet.said()));
    const commandLine = readFileSync(`/proc/${await redisPid()}/cmdline`, 'utf8');
    expect(commandLine).not.toContain('horse');
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
    expect(fleet.said()).not.toContain('horse');
    expect(readFileSync(join(root, 'logs', 'helios.log'), 'utf8')).not.toContain('horse');
  });

  it.each([
    ['REDIS_PORT', /taken by something that is no Redis \(it answers “HTTP\/1\.1 400[\s\S]*REDIS_PORT=/],
    ['DASHBOARD_PORT', /the port is already taken[\s\S]*DASHBOARD_PORT=/],
  ])('names %s when its port is taken', async (name, message) => {
    const web = createServer().listen(Number(env[name]), '127.0.0.1');
    await once(web, 'listening');
    try {
      const fleet = startFleet();
      expect(await fleet.ended).toBe(1);
      expect(fleet.said()).toMatch(message);
      expect(notes()).toEqual([]);
    } finally {
      web.close();
      await once(web, 'close');
    }
  });

  it('says so when there is no redis-server to start', async () => {
    env['HELIOS_REDIS_SERVER'] = join(root, 'no-such-server');
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/did not start on 127\.0\.0\.1:\d+: not started: ENOENT/);
  });

  it('does not start a Redis for another machine', async () => {
    env['REDIS_HOST'] = '192.0.2.1';
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/192\.0\.2\.1:\d+ (cannot be reached|\(connection refused\))[\s\S]*REDIS_HOST/);
    expect(notes()).toEqual([]);
  });

  it('tells a recording that is missing before anything starts', async () => {
    const fleet = startFleet('--replay', 'missing.gz');
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/missing\.gz: does not exist/);
    expect(existsSync(join(root, '.helios'))).toBe(false);
  });
});
