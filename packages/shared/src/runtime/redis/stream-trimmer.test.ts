import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestRedis, type TestRedis } from '../../testing/test-redis.ts';
import { byStreamId } from './stream-info.ts';
import { takeLoss } from './stream-loss.ts';
import { trimBelowSlowestGroup } from './stream-trimmer.ts';

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

test('a message that some group has not acknowledged stays, and all later ones', async () => {
  await group('fast', 10, ['1-1', '1-2', '1-3', '1-4', '1-5', '1-6', '1-7', '1-8', '1-9', '1-10']);
  await group('slow', 6, ['1-1', '1-2', '1-3', '1-5', '1-6']);
  await trimBelowSlowestGroup(redis, 's');
  expect(await ids()).toEqual(['1-4', '1-5', '1-6', '1-7', '1-8', '1-9', '1-10']);
});

describe('a stream that keeps messages although all groups have read them', () => {
  test('keeps the newest of them', async () => {
    await group('fast', 10, await ids());
    await trimBelowSlowestGroup(redis, 's', 4);
    expect(await ids()).toEqual(['1-7', '1-8', '1-9', '1-10']);
    await trimBelowSlowestGroup(redis, 's', 4);
    expect(await ids()).toHaveLength(4);
  });

  test('keeps more of them while a group has not read them', async () => {
    await group('fast', 10, await ids());
    await group('slow', 6, ['1-1', '1-2', '1-4', '1-5', '1-6']);
    await trimBelowSlowestGroup(redis, 's', 4);
    expect(await ids()).toEqual(['1-3', '1-4', '1-5', '1-6', '1-7', '1-8', '1-9', '1-10']);
  });

  test('keeps all without a group', async () => {
    await trimBelowSlowestGroup(redis, 's', 4);
    expect(await ids()).toHaveLength(10);
  });
});

describe('a loss of messages', () => {
  const lossOf = (name: string) => takeLoss(redis, 's', name);
  const add = (from: number, to: number) =>
    Promise.all(Array.from({ length: to - from + 1 }, (_, i) => redis.xadd('s', `1-${from + i}`, 'message', 'x')));

  test('is not reported for a stream trimmed below its slowest group, nor for a group that has never read', async () => {
    await group('fast', 10, ['1-1', '1-2', '1-3', '1-4', '1-5', '1-6', '1-7', '1-8', '1-9', '1-10']);
    await group('slow', 6, ['1-1', '1-2', '1-3', '1-4', '1-5', '1-6']);
    await trimBelowSlowestGroup(redis, 's');
    expect(await lossOf('slow')).toBeUndefined();
    await redis.xtrim('s', 'MAXLEN', 2);
    expect(await lossOf('fast')).toBeUndefined();
    await group('new', 0, []);
    expect(await lossOf('new')).toBeUndefined();
  });

  test('is not reported if all trimmed messages were read, and the stream was filled again', async () => {
    await group('fast', 10, await ids());
    await redis.xtrim('s', 'MAXLEN', 0);
    await add(11, 13);
    expect(await lossOf('fast')).toBeUndefined();
  });

  test('is counted once, unacknowledged messages included, and the next loss separately', async () => {
    await group('slow', 4, ['1-1', '1-2', '1-4']);
    await redis.xtrim('s', 'MAXLEN', 3);
    // 5, 6 and 7 were never read, 3 was not acknowledged.
    expect(await lossOf('slow')).toEqual({ count: 4 });
    await redis.xreadgroup('GROUP', 'slow', 'slow', 'COUNT', 1, 'STREAMS', 's', '>');
    await redis.xack('s', 'slow', '1-3', '1-8');
    expect(await lossOf('slow')).toBeUndefined();
    await add(11, 20);
    await redis.xtrim('s', 'MAXLEN', 5);
    expect(await lossOf('slow')).toEqual({ count: 7 });
  });
});

test('ids are compared as numbers, not as text', () => {
  expect(['10-1', '9-2', '9-10', '9-9'].sort(byStreamId)).toEqual(['9-2', '9-9', '9-10', '10-1']);
});
