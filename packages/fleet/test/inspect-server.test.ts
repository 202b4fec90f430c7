import { connectAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';
import { inspectServer } from '../src/inspect-server.ts';

/** Starts a real server with these arguments and inspects it: the warnings, or the refusal. */
async function inspected(args: readonly string[]): Promise<{ warnings?: string[]; refusal?: string }> {
  const redis = await startTestRedis({ arguments: args });
  onTestFinished(() => redis.stop());
  const place = { host: redis.host, port: redis.port, db: 0 };
  const { system } = defaultSettings({ system: { redis_host: redis.host, redis_port: redis.port } });
  const admin = await connectAdmin(place, silentLog, 5_000);
  try {
    return { warnings: await inspectServer(admin, system) };
  } catch (error) {
    return { refusal: String((error as Error).message) };
  } finally {
    admin.close();
  }
}

test('a server with our settings causes no warning', async () => {
  expect(await inspected([])).toEqual({ warnings: [] });
});

test('a cluster is refused, and named in the message', async () => {
  const { refusal } = await inspected(['--cluster-enabled', 'yes']);
  expect(refusal).toMatch(/is part of a cluster[\s\S]*a single Redis/);
});

test('a replica is refused, and the message names its primary', async () => {
  const { refusal } = await inspected(['--replicaof', '127.0.0.1 9']);
  expect(refusal).toMatch(
    /read-only replica of the Redis at 127\.0\.0\.1:9\.[\s\S]*Set REDIS_HOST and REDIS_PORT to 127\.0\.0\.1:9/,
  );
});

test('a server that evicts any key is refused; one that evicts only expiring keys causes a warning', async () => {
  const full = ['--maxmemory', '300mb'];
  const { refusal } = await inspected([...full, '--maxmemory-policy', 'allkeys-lru']);
  expect(refusal).toMatch(/maxmemory-policy allkeys-lru[\s\S]*CONFIG SET maxmemory-policy noeviction/);
  const { warnings } = await inspected([...full, '--maxmemory-policy', 'volatile-lru']);
  expect(warnings).toEqual([expect.stringContaining('maxmemory-policy volatile-lru')]);
  expect(await inspected(['--maxmemory', '0', '--maxmemory-policy', 'allkeys-lru'])).toEqual({ warnings: [] });
});

test('a server with too little memory is refused with its size; one with little memory causes a warning', async () => {
  const { refusal } = await inspected(['--maxmemory', '16mb']);
  expect(refusal).toMatch(/may use 16 MB of memory; Helios needs at least 32 MB/);
  const { warnings } = await inspected(['--maxmemory', '64mb']);
  expect(warnings).toEqual([expect.stringContaining('64 MB')]);
});
