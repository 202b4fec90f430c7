import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const START_MS = 15_000;

export interface TestRedisOptions {
  readonly password?: string;
  /** Port; default: a free one. */
  readonly port?: number;
  /** Extra lines of redis.conf as arguments: `['--maxmemory', '3mb']`. */
  readonly arguments?: readonly string[];
}

/** A real Redis of one test: free port, own folder, append-only. */
export interface TestRedis {
  readonly host: string;
  readonly port: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** `kill -9`; data that was synced to its file survives. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, with more arguments if given. */
  restart(more?: readonly string[]): Promise<void>;
  /** Pauses the process: connections stay open, but it does not answer. */
  freeze(): void;
  thaw(): void;
  /** Sends one command, as redis-cli would. */
  call(name: string, ...args: (string | number)[]): Promise<unknown>;
}

/** A redis-server binary and its library path. */
interface Binary {
  readonly path: string;
  readonly libraryPath?: string;
}

/** Starts a redis-server for this test. @throws with advice if there is no redis-server */
export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const binary = findRedisServer();
  const folder = mkdtempSync(join(tmpdir(), 'helios-redis-'));
  const port = options.port ?? (await freePort());
  let server = await launch(binary, folder, port, options);

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  return {
    host: '127.0.0.1',
    port,
    async stop() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
    async restart(more = []) {
      await end('SIGKILL');
      server = await launch(binary, folder, port, {
        ...options,
        arguments: [...(options.arguments ?? []), ...more],
      });
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async call(name, ...args) {
      const redis = new Redis({ port, lazyConnect: true, ...(options.password ? { password: options.password } : {}) });
      try {
        await redis.connect();
        return await redis.call(name, ...args);
      } finally {
        redis.disconnect();
      }
    },
  };
}

/**
 * Looks in HELIOS_REDIS_SERVER, then in the PATH, then for the one that `npm start` or `npm test` has fetched below
 * `.helios/redis`.
 */
export function findRedisServer(): Binary {
  const named = process.env['HELIOS_REDIS_SERVER'];
  if (named) {
    if (existsSync(named)) return withLibraries(named);
    throw new Error(`HELIOS_REDIS_SERVER names ${named}, which does not exist. Correct it or unset it.`);
  }
  for (const name of ['redis-server', 'valkey-server']) {
    if (spawnSync(name, ['--version']).status === 0) return { path: name };
  }
  const wrapper = join(ROOT, '.helios/redis/bin/redis-server');
  if (existsSync(wrapper)) return { path: wrapper };
  const [fetched] = globSync('.helios/redis/**/redis-server', { cwd: ROOT });
  if (fetched) return withLibraries(join(ROOT, fetched));
  throw new Error(
    'No redis-server found for this test: neither HELIOS_REDIS_SERVER, nor the PATH, nor .helios/redis has one. ' +
      'Run the tests by `npm test`, which fetches one (so does `npm start`), or install Redis (apt install redis-server, brew install redis).',
  );
}

/** An unpacked Debian package keeps its libraries beside the binary's `usr/bin`. */
function withLibraries(path: string): Binary {
  const libraries = globSync(join(dirname(path), '../lib/*-linux-gnu*'));
  return libraries.length > 0 ? { path, libraryPath: libraries.join(':') } : { path };
}

async function launch(binary: Binary, folder: string, port: number, options: TestRedisOptions): Promise<ChildProcess> {
  const password = options.password ? ['--requirepass', options.password] : [];
  const server = spawn(
    binary.path,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'],
      ...['--maxmemory-policy', 'noeviction', ...password, ...(options.arguments ?? [])],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(binary.libraryPath ? { LD_LIBRARY_PATH: binary.libraryPath } : {}) },
    },
  );
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  };
  server.stdout?.on('data', keep);
  server.stderr?.on('data', keep);
  server.on('error', keep as unknown as (error: Error) => void);
  // A test that is interrupted must not leave a server behind.
  const killWithUs = () => void server.kill('SIGKILL');
  process.once('exit', killWithUs);
  server.once('exit', () => process.off('exit', killWithUs));

  const deadline = performance.now() + START_MS;
  while (!(await answersPing(port))) {
    if (server.exitCode !== null || performance.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`redis-server on port ${port} did not start: ${said}`);
    }
    await new Promise<void>((resolve) => setTimeout(resolve, 20));
  }
  return server;
}

/** True for PONG, or for NOAUTH if a password is set; false for LOADING. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => done(false));
    socket.on('error', () => done(false));
    socket.on('data', (data) => done(/^(\+PONG|-NOAUTH)/.test(data.toString())));
  });
}
