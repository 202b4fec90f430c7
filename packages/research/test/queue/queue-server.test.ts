import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { startTestRedis, type TestRedis, type TestRedisOptions } from '@helios/shared/testing/test-redis.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { checkQueueServer } from '../../src/queue/check-queue-server.ts';
import { readQueueAddress } from '../../src/queue/queue-address.ts';

const servers = new Set<TestRedis>();

afterEach(async () => {
  for (const server of servers) await server.stop();
  servers.clear();
});

async function start(options: TestRedisOptions = {}): Promise<TestRedis> {
  const server = await startTestRedis(options);
  servers.add(server);
  return server;
}

const check = (port: number, password?: string) => checkQueueServer({ host: '127.0.0.1', port, db: 0, password });

describe('a Redis for searches', () => {
  test('passes with a file and the right password, and warns without a file', async () => {
    const { port, call } = await start({ password: 'secret' });
    expect(await check(port, 'secret')).toEqual([]);
    await call('CONFIG', 'SET', 'appendonly', 'no');
    expect(await check(port, 'secret')).toEqual([expect.stringContaining('CONFIG SET appendonly yes')]);
    expect(await call('DBSIZE')).toBe(0);
  });

  test('is refused with the wrong password, which the message does not repeat', async () => {
    const { port } = await start({ password: 'secret' });
    const refusal = await check(port, 'wrong-one').catch(String);
    expect(refusal).toMatch(/refused the password .*redis:\/\/:password@host:port/);
    expect(refusal).not.toContain('wrong-one');
    await expect(check(port)).rejects.toThrow(/refused the password/);
  });

  test('is refused if it is missing, or is no Redis', async () => {
    await expect(check(await freePort())).rejects.toThrow(/cannot be used .*ECONNREFUSED.*Start it, or correct/);
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0);
    const address = other.address() as { port: number };
    await expect(check(address.port)).rejects.toThrow(/cannot be used/);
    other.close();
  }, 20_000);

  test('is refused if it deletes keys, takes no writes, or is full', async () => {
    const { port, call } = await start();
    await call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(check(port)).rejects.toThrow(/allkeys-lru.*maxmemory-policy noeviction/);
    await call('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await call('CONFIG', 'SET', 'maxmemory', 1);
    await expect(check(port)).rejects.toThrow(/memory limit/);
    await call('CONFIG', 'SET', 'maxmemory', 0);
    await call('REPLICAOF', '127.0.0.1', 1);
    await expect(check(port)).rejects.toThrow(/read-only replica. Name its primary, 127.0.0.1:1/);
  });

  test('is refused if a fleet uses it, in any database', async () => {
    const { port, call } = await start();
    await call('EVAL', "redis.call('SELECT', 3) redis.call('SET', 'fleet:schema', '{}')", 0);
    await expect(check(port)).rejects.toThrow(/serves a trading fleet \(database 3\).*Start another Redis/);
  });
});

describe('the address of a queue', () => {
  const { settings } = loadSettings({ env: {}, root: resolve(import.meta.dirname) });
  const read = (...args: string[]) => readQueueAddress(readCommandLine('worker', args), settings);

  test('comes from --queue, or from the setting', () => {
    expect(read('--queue', 'redis://:pw@10.0.0.5:6380/2')).toMatchObject({
      host: '10.0.0.5',
      port: 6380,
      db: 2,
      password: 'pw',
    });
    const research = { queue_url: 'redis://elsewhere' };
    expect(readQueueAddress(readCommandLine('worker', ['--queue']), { ...settings, research })).toMatchObject({
      host: 'elsewhere',
      port: 6379,
      password: undefined,
    });
  });

  test.each([
    [['--queue'], /Name the Redis of the search/],
    [['--queue', 'http://:pw@host'], /The address of --queue is not a Redis address/],
    [['--queue', 'redis://:pw@host/99'], /no database number/],
  ])('%j is refused without showing it', (args, why) => {
    expect(() => read(...args)).toThrow(why);
    expect(() => read(...args)).not.toThrow(/pw/);
  });
});
