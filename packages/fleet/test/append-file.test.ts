import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAdmin, type RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cutPadding } from '../src/append-file.ts';
import type { Child } from '../src/child.ts';
import { startPrivateRedis } from '../src/private-redis.ts';

let dataDir: string;
let said: string[];
let running: Child | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'helios-aof-'));
  said = [];
});
afterEach(async () => {
  await running?.stop(2_000);
  rmSync(dataDir, { recursive: true, force: true });
});

const fileOf = () => join(dataDir, 'appendonlydir', 'appendonly.aof.1.incr.aof');

async function start(): Promise<RedisAdmin> {
  const port = await freePort();
  running = await startPrivateRedis({
    host: '127.0.0.1',
    port,
    username: '',
    password: '',
    server: findRedisServer().path,
    dataDir,
    env: { PATH: process.env['PATH'] },
    say: (line) => void said.push(line),
    onLine: () => {},
    onChange: () => {},
  });
  return connectAdmin({ host: '127.0.0.1', port, db: 0 }, silentLog, 5_000);
}

/** Starts a Redis with one key and kills it, as a power cut would. */
async function afterPowerCut(): Promise<void> {
  const redis = await start();
  await redis.setIfAbsent('kept', 'yes');
  // Redis syncs to disk every second, but the file has the key at once.
  await eventually('written', () => readFileSync(fileOf(), 'latin1').includes('kept'));
  redis.close();
  await running?.stop(2_000);
}

test('the start cuts zero bytes off the end of the append-only file, and loses nothing else', async () => {
  await afterPowerCut();
  const { size } = statSync(fileOf());
  appendFileSync(fileOf(), Buffer.alloc(200_000));
  const redis = await start();
  expect(await redis.get('kept')).toBe('yes');
  redis.close();
  expect(said.join('\n')).toMatch(/ended in 200000 zero bytes/);
  expect(statSync(fileOf()).size).toBeGreaterThanOrEqual(size);
});

test('the start moves a file with other damage aside, and Redis starts empty', async () => {
  await afterPowerCut();
  const before = readFileSync(fileOf());
  writeFileSync(fileOf(), Buffer.concat([Buffer.from('garbage\r\n'), before]));
  const redis = await start();
  expect(await redis.size()).toBe(0);
  redis.close();
  const aside = readdirSync(dataDir).find((name) => name.startsWith('appendonlydir.damaged-')) ?? '';
  expect(readFileSync(join(dataDir, aside, 'appendonly.aof.1.incr.aof'))).toEqual(
    Buffer.concat([Buffer.from('garbage\r\n'), before]),
  );
  expect(said.join('\n')).toMatch(/is damaged\. Helios moved it to .*appendonlydir\.damaged-[\s\S]*starts empty/);
});

test('if the server fails for another reason, the file stays as it is', async () => {
  await afterPowerCut();
  appendFileSync(fileOf(), Buffer.alloc(10));
  const before = readFileSync(fileOf());
  writeFileSync(join(dataDir, 'not-a-server'), '');
  await expect(
    startPrivateRedis({
      host: '127.0.0.1',
      port: await freePort(),
      username: '',
      password: '',
      server: join(dataDir, 'not-a-server'),
      dataDir,
      env: { PATH: process.env['PATH'] },
      say: (line) => void said.push(line),
      onLine: () => {},
      onChange: () => {},
    }),
  ).rejects.toThrow(/did not start/);
  expect(readFileSync(fileOf())).toEqual(before);
  expect(said).toEqual([]);
});

test('a file of zeros only becomes empty, and a file without zeros stays whole', () => {
  writeFileSync(join(dataDir, 'appendonly.aof'), Buffer.alloc(70_000));
  expect(cutPadding(dataDir)).toEqual([{ path: join(dataDir, 'appendonly.aof'), bytes: 70_000 }]);
  writeFileSync(join(dataDir, 'appendonly.aof'), '*1\r\n$4\r\nPING\r\n');
  expect(cutPadding(dataDir)).toEqual([]);
});
