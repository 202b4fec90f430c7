import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Records } from '../contracts/catalog.ts';
import type { FleetMode, Heartbeat, LogRecord, ServiceName } from '../domain/fleet.ts';
import type { ManagedBus } from '../runtime/managed-bus.ts';
import { connectBus } from '../runtime/redis-bus.ts';
import { bareEnvironment } from './bare-environment.ts';
import { eventually } from './eventually.ts';
import { silentLog } from './silent-log.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

const RUNTIME = join(import.meta.dirname, '../runtime');

let server: TestRedis;
let fleet: ManagedBus<'fleet'>;
let folder: string;
let children: ServiceProcess[] = [];

/** A service in its own process. */
export interface ServiceProcess {
  readonly process: ChildProcess;
  lines(): Record<string, unknown>[];
  messages(): string[];
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** The Redis of this file’s tests. */
export const redis = (): TestRedis => server;

/** The supervisor’s connection to it. */
export const fleetBus = (): ManagedBus<'fleet'> => fleet;

/** This test’s folder of settings. */
export const settingsFolder = (): string => folder;

/** Runs a service with `body` as its `start` in its own process; signal-engine, unless `options` differ. */
export function run(
  body: string,
  env: Record<string, string> = {},
  options = "name: 'signal-engine', settings: ['signals'], modes: ['synthetic']",
): ServiceProcess {
  const script = `
    import { runService } from ${JSON.stringify(join(RUNTIME, 'run-service.ts'))};
    await runService({
      ${options},
      async start({ bus, clock, settings, mode, log, every, onStop }) { ${body} },
    }, ${JSON.stringify(folder)});`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...bareEnvironment(), REDIS_HOST: server.host, REDIS_PORT: String(server.port), ...env },
  });
  let text = '';
  const keep = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const started: ServiceProcess = {
    process: child,
    lines,
    messages: () => lines().map(({ message }) => String(message)),
    ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))),
  };
  children.push(started);
  return started;
}

/** Waits until it has logged this message. */
export const says = (child: ServiceProcess, message: string) =>
  eventually(`the line "${message}"`, () => child.messages().includes(message), 20_000);

/** Retries until it succeeds: an earlier test may have killed Redis, and this connection is still reconnecting. */
export const setMode = (mode: FleetMode): Promise<boolean> =>
  eventually('the mode is written', () =>
    fleet
      .write((b) => b.setRecord(Records.fleetMode, mode))
      .then(
        () => true,
        () => false,
      ),
  );

/** The heartbeat of a service in Redis. */
export const heartbeat = (service: ServiceName = 'signal-engine'): Promise<Heartbeat | undefined> =>
  fleet.getRecord(Records.heartbeat, { service });

/** The lines of WARN and above in the stream `logs`, newest first. */
export async function newestLogs(): Promise<LogRecord[]> {
  const messages = (await server.call('XREVRANGE', 'logs', '+', '-')) as [string, string[]][];
  return messages.map(([, fields]) => JSON.parse(fields[1] ?? '') as LogRecord);
}

/** Gives the tests of a file a Redis, the supervisor’s connection to it, and each test an empty folder of settings. */
export function useServiceProcesses(): void {
  beforeAll(async () => {
    server = await startTestRedis({ arguments: ['--appendfsync', 'always'] });
    fleet = await connectBus('fleet', { host: server.host, port: server.port, db: 0, log: silentLog });
  });
  afterAll(async () => {
    await fleet?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    await server.call('FLUSHALL');
    folder = mkdtempSync(join(tmpdir(), 'helios-run-'));
  });
  afterEach(async () => {
    for (const { process: child, ended } of children) {
      child.kill('SIGKILL');
      await ended;
    }
    children = [];
    rmSync(folder, { recursive: true, force: true });
  });
}
