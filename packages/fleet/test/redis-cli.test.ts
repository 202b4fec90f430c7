import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { findRedisServer, startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { redisForACall } from '../src/redis-for-a-call.ts';
import { readRedisPassword } from '../src/redis-password.ts';
import { registerSupervisor } from '../src/supervisor-file.ts';

let folder: string;
let port: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-redis-cli-'));
  port = await freePort();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `npm run redis -- ARGS` with its own settings and data. */
async function redis(...args: string[]) {
  const { path } = findRedisServer();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/redis-cli.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HELIOS_REDIS_SERVER: path,
      HELIOS_SETTINGS_DIR: folder,
      SYSTEM_DATA_DIR: join(folder, 'data'),
      REDIS_PORT: String(port),
    },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
  const [code] = await once(child, 'close');
  return { code, out, err };
}

test('after a stop, the command starts the private Redis on its file, and stops it afterwards', async () => {
  mkdirSync(join(folder, 'data/redis-data'), { recursive: true });
  const set = await redis('SET', 'answer', '42');
  expect(set, set.err).toMatchObject({ code: 0, out: 'OK\n' });
  expect(set.err).toContain('for this command and stops it afterwards');
  // During the command too, Redis needs the password.
  expect(readRedisPassword(join(folder, 'data'))).toMatch(/^[0-9a-f]{48}$/);
  expect(await probeRedis('127.0.0.1', port)).toEqual({ kind: 'NOTHING' });
  expect(await redis('GET', 'answer')).toMatchObject({ code: 0, out: '42\n' });
  expect(await probeRedis('127.0.0.1', port)).toEqual({ kind: 'NOTHING' });
});

test('if no fleet has ever run, the command starts nothing and names the way out', async () => {
  const { code, out, err } = await redis('GET', 'answer');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(`No Redis answers at 127.0.0.1:${port}`);
  expect(err).toContain('Start the fleet: npm start');
  expect(await probeRedis('127.0.0.1', port)).toEqual({ kind: 'NOTHING' });
});

test('while a fleet of this folder runs, the command asks its Redis, whatever REDIS_PORT says', async () => {
  const server = await startTestRedis();
  const settings = defaultSettings({ system: { redis_host: server.host, redis_port: server.port } });
  const release = registerSupervisor(join(folder, 'data'), false, settings);
  try {
    await server.call('SET', 'answer', '42');
    const { code, out, err } = await redis('GET', 'answer');
    expect({ code, out }, err).toEqual({ code: 0, out: '42\n' });
    expect(err).toContain(`uses the Redis at ${server.host}:${server.port}`);
  } finally {
    release();
    await server.stop();
  }
});

test('the command reports a hanging Redis before it waits', async () => {
  const silent = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port: redis_port } = silent.address() as AddressInfo;
  const said: string[] = [];
  try {
    const { system } = defaultSettings({ system: { redis_host: '127.0.0.1', redis_port } });
    await redisForACall(system, folder, (line) => void said.push(line));
    expect(said).toEqual([
      `The program on 127.0.0.1:${redis_port} does not answer a PING: it hangs, or it is not a Redis. Ctrl-C ends this command.`,
    ]);
  } finally {
    silent.close();
  }
});
