import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, vi } from 'vitest';
import { readRedisPassword } from '../src/redis-password.ts';

/** The services of synthetic mode, in the order they are started. */
export const SERVICES = ['monitoring-agent', 'decision-logger', 'signal-engine', 'dashboard-api', 'data-ingestor'];
/** Seven processes come up at once, on a machine that may be busy. */
export const BOOT_MS = 60_000;
const TEST_MS = 150_000;

interface Note {
  service: string;
  event: string;
  pid: number;
  secret?: string;
  session?: string;
}

/** Of the test at hand: the project's folder, the supervisor's environment, which a test may add to, and Redis' port. */
export let root: string;
export let env: NodeJS.ProcessEnv;
export let port: number;
let journal: string;
const started: ChildProcess[] = [];

/** Gives every test of a file a folder and ports of its own, and sees to it that nothing is left running. */
export function useFleetHarness(): void {
  vi.setConfig({ testTimeout: TEST_MS, hookTimeout: TEST_MS });
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'helios-fleet-'));
    journal = join(root, 'journal');
    port = await freePort();
    env = {
      ...bareEnvironment(),
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
}

const SUPERVISOR = join(import.meta.dirname, 'fleet-process.ts');

/** A fleet in a process of its own and what it said so far. */
export function startFleet(...args: string[]) {
  return watched(process.execPath, [SUPERVISOR, root, journal, ...args]);
}

/** A fleet on a terminal; the process is the terminal. Stopped, it takes nothing any more, as after Ctrl-S. */
export function startFleetOnTerminal() {
  return watched('script', ['-qec', `exec ${process.execPath} ${SUPERVISOR} ${root} ${journal}`, '/dev/null']);
}

function watched(command: string, args: readonly string[]) {
  const fleet = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
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

/** What the fake services have noted. */
export function notes(): Note[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Note);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Boolean);
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold anything; the state and the parent follow the last bracket.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

/** Where the fleet's Redis is; with its password where it is a private one. */
export const privateRedis = () => ({
  host: '127.0.0.1',
  port,
  db: 0,
  password: env['REDIS_PASSWORD'] ?? readRedisPassword(join(root, '.helios')),
});

/** What the supervisor has written of its services. */
export async function supervised(): Promise<Record<string, SupervisedService>> {
  const bus = await connectBus('fleet', { ...privateRedis(), log: silentLog, connectTimeoutMs: 5_000 });
  try {
    return await bus.getMap(Maps.supervisedServices);
  } finally {
    await bus.close();
  }
}

/** Of the private Redis that runs now. */
export async function redisPid(): Promise<number> {
  const log = readFileSync(join(root, 'logs', 'helios.log'), 'utf8')
    .trim()
    .split('\n');
  const lines = log.map((line) => JSON.parse(line)).filter((line) => line.child === 'redis' && line.pid !== undefined);
  return lines.at(-1)?.pid;
}
