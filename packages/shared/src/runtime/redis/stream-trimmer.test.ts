import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../testing/test-redis.ts';
import { byStreamId, trimBelowSlowestGroup } from './stream-trimmer.ts';

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis({ port: server.port, protocol: 2 });
});
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});
beforeEach(async () => {
  await redis.flushall();
  for (let i = 1; i <= 10; i += 1) await redis.xadd('s', `1-${i}`, 'message', String(i));
});

const ids = async () => (await redis.xrange('s', '-', '+')).map(([id]) => id);

async function group(name: string, read: number, acknowledged: readonly string[]): Promise<void> {
  await redis.xgroup('CREATE', 's', name, '0');
  if (read > 0) await redis.xreadgroup('GROUP', name, name, 'COUNT', read, 'STREAMS', 's', '>');
  if (acknowledged.length > 0) await redis.xack('s', name, ...acknowledged);
}

test('a stream without groups keeps everything', async () => {
  await trimBelowSlowestGroup(redis, 's');
  expect(await ids()).toHaveLength(10);
});

test('a group that has read nothing keeps everything', async () => {
  await group('fast', 10, ['1-1', '1-2']);
  await group('new', 0, []);
  await trimBelowSlowestGroup(redis, 's');
  expect(await ids()).toHaveLength(10);
});

test('what some group has open stays, and all after it', async () => {
  await group('fast', 10, ['1-1', '1-2', '1-3', '1-4', '1-5', '1-6', '1-7', '1-8', '1-9', '1-10']);
  await group('slow', 6, ['1-1', '1-2', '1-3', '1-5', '1-6']);
  await trimBelowSlowestGroup(redis, 's');
  expect(await ids()).toEqual(['1-4', '1-5', '1-6', '1-7', '1-8', '1-9', '1-10']);
});

test('ids are compared by number, not by letter', () => {
  expect(['10-1', '9-2', '9-10', '9-9'].sort(byStreamId)).toEqual(['9-2', '9-9', '9-10', '10-1']);
});
