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

/** The services of synthetic mode in start order. */
export const SERVICES = ['monitoring-agent', 'decision-logger', 'signal-engine', 'dashboard-api', 'data-ingestor'];
/** Time for seven processes to start at once on a busy machine. */
export const BOOT_MS = 60_000;
const TEST_MS = 150_000;

interface Note {
  service: string;
  event: string;
  pid: number;
  secret?: string;
  session?: string;
}

/** Of the present test: the project's folder, the supervisor's environment, which a test may extend, and Redis' port. */
export let root: string;
export let env: NodeJS.ProcessEnv;
export let port: number;
let journal: string;
const started: ChildProcess[] = [];

/** Gives every test of a file its own folder and ports, and checks that no process is left running. */
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
    // Services and Redis end with their supervisor, however the test ended.
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

/** A fleet in its own process, with its output so far. */
export function startFleet(...args: string[]) {
  return watched(process.execPath, [SUPERVISOR, root, journal, ...args]);
}

/** A fleet on a terminal; the process is the terminal. A stopped terminal reads nothing, as after Ctrl-S. */
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
    ready: () => eventually(`ready; output:\n${said}`, () => /^READY/m.test(said), BOOT_MS),
  };
}

/** The journal of the fake services. */
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
      // The name in brackets may hold any text; state and parent follow the last bracket.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      // The process ended meanwhile.
      return false;
    }
  });
}

/** Address of the fleet's Redis, with the password of a private one. */
export const privateRedis = () => ({
  host: '127.0.0.1',
  port,
  db: 0,
  password: env['REDIS_PASSWORD'] ?? readRedisPassword(join(root, '.helios')),
});

/** The supervisor's records of its services. */
export async function supervised(): Promise<Record<string, SupervisedService>> {
  const bus = await connectBus('fleet', { ...privateRedis(), log: silentLog, connectTimeoutMs: 5_000 });
  try {
    return await bus.getMap(Maps.supervisedServices);
  } finally {
    await bus.close();
  }
}

/** Process id of the running private Redis. */
export async function redisPid(): Promise<number> {
  const log = readFileSync(join(root, 'logs', 'helios.log'), 'utf8')
    .trim()
    .split('\n');
  const lines = log.map((line) => JSON.parse(line)).filter((line) => line.child === 'redis' && line.pid !== undefined);
  return lines.at(-1)?.pid;
}
