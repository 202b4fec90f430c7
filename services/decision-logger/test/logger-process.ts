import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ProcessName } from '@helios/shared/domain/fleet.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import type { TestRedis } from '@helios/shared/testing/test-redis.ts';
import { onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const MAIN = resolve(import.meta.dirname, '../src/main.ts');

/** A real decision-logger in its own process. */
export interface LoggerProcess {
  readonly pid: number;
  /** Its output so far. */
  said(): string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Resolves with the exit code when it has ended by itself. */
  ended(): Promise<number | null>;
}

/** Starts a decision-logger on a test's Redis, with its files in `folder`. */
export function startLogger(redis: TestRedis, folder: string, env: Record<string, string> = {}): LoggerProcess {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(),
      HELIOS_SETTINGS_DIR: folder,
      REDIS_HOST: redis.host,
      REDIS_PORT: String(redis.port),
      REDIS_DB: '0',
      REDIS_PASSWORD: '',
      SYSTEM_DATA_DIR: folder,
      SYSTEM_LOG_DIR: join(folder, 'logs'),
      SIMULATION_MODE: 'HF_MARKET',
      ...env,
    },
  });
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const ended = once(child, 'exit');
  // An interrupted test leaves nothing behind.
  const killWithUs = () => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  void ended.then(() => process.off('exit', killWithUs));
  return {
    pid: child.pid ?? 0,
    said: () => said,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    async ended() {
      await ended;
      return child.exitCode;
    },
  };
}

/** A bus of another process on the test's Redis. */
export function busOf<P extends ProcessName>(name: P, redis: TestRedis) {
  return connectBus(name, { host: redis.host, port: redis.port, db: 0, log: silentLog });
}

/** One column of a ledger, read while another process writes it. */
export function readLedger(path: string, sql: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 2_000 });
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => Object.values(row)[0]);
  } finally {
    db.close();
  }
}

/** Opens a ledger in its own process, which stays until it is killed or the test ends; resolves once it is open. */
export async function openElsewhere(path: string, run: string): Promise<ChildProcess> {
  const script = `import { openLedger } from ${JSON.stringify(join(import.meta.dirname, '../src/ledger/open-ledger.ts'))};
    globalThis.ledger = openLedger(${JSON.stringify(path)}, ${JSON.stringify(run)});
    globalThis.gc();
    process.stdout.write('open');
    setInterval(() => {}, 1_000);`;
  const args = ['--expose-gc', '--input-type=module-typescript', '-e', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}
