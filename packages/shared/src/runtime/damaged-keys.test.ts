import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Lists, Maps, Rankings, Records, Streams, Values } from '../contracts/catalog.ts';
import { type AnyEntry, type Channel, nameOf } from '../contracts/entry.ts';
import { eventually } from '../testing/eventually.ts';
import { createRecordingLog } from '../testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '../testing/test-redis.ts';
import type { ManagedBus } from './managed-bus.ts';
import { REDIS_TYPES } from './redis/put-aside.ts';
import { connectBus } from './redis-bus.ts';

type Kept = Exclude<AnyEntry, Channel>;
const HOLES = { symbol: 'BTCUSDT', interval: '1m', service: 'signal-engine' };
const ENTRIES = [Values, Records, Maps, Lists, Streams, Rankings].flatMap((group): Kept[] => Object.values(group));
/** Commands that create a key of each type. */
const MAKERS: Readonly<Record<string, readonly string[]>> = {
  string: ['SET', 'typed by hand'],
  list: ['RPUSH', 'a'],
  hash: ['HSET', 'a', 'b'],
  set: ['SADD', 'a'],
  zset: ['ZADD', '1', 'a'],
  stream: ['XADD', '*', 'a', 'b'],
};

type Loose = Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
type Use = (bus: Loose) => Promise<unknown>;
/** Called by its name, because the types check the rights elsewhere. */
const ask =
  (name: string, ...args: unknown[]): Use =>
  (bus) =>
    (bus[name] as Loose[string])(...args);
const write = (name: string, ...args: unknown[]): Use => ask('write', (batch: Loose) => void batch[name]?.(...args));

/** All reads and writes of a bus for an entry. */
function usesOf(entry: Kept): readonly Use[] {
  switch (entry.kind) {
    case 'value':
      return [ask('get', entry, HOLES), write('set', entry, {}, HOLES)];
    case 'record':
      return [ask('getRecord', entry, HOLES), write('setRecord', entry, { run: 'x' }, HOLES)];
    case 'map':
      return [
        ask('getMap', entry),
        ask('count', entry),
        write('setField', entry, 'a', {}),
        write('deleteField', entry, 'a'),
        write('setMap', entry, { a: {} }),
      ];
    case 'list':
      return [
        ask('getList', entry, 5, HOLES),
        ask('count', entry, HOLES),
        write('push', entry, {}, HOLES),
        write('setList', entry, [{}], HOLES),
      ];
    case 'stream':
      return [ask('getLatest', entry, 5), write('append', entry, {}), write('empty', entry)];
    case 'ranking':
      return [ask('getRanking', entry), write('setRanking', entry, { a: 1 })];
  }
}

let redis: TestRedis;
let bus: ManagedBus<'signal-engine'>;
let loose: Loose;
let log: ReturnType<typeof createRecordingLog>;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  await redis.call('FLUSHALL');
  log = createRecordingLog();
  bus = await connectBus('signal-engine', { host: redis.host, port: redis.port, db: 0, log });
  loose = bus as unknown as Loose;
});
afterEach(() => bus.close());

async function overwrite(key: string, type: string): Promise<void> {
  const [name = '', ...args] = MAKERS[type] ?? [];
  await redis.call('DEL', key);
  await redis.call(name, key, ...args);
}

describe.each(ENTRIES)('$name, overwritten with another type', (entry) => {
  const key = nameOf(entry, HOLES);
  const right = REDIS_TYPES[entry.kind];
  const wrong = Object.keys(MAKERS).filter((type) => type !== right);

  test.each(wrong)('is put aside by any process that finds it: a %s', async (type) => {
    for (const use of usesOf(entry)) {
      await overwrite(key, type);
      await use(loose);
      expect([right, 'none']).toContain(await redis.call('TYPE', key));
    }
    // A write that replaces a key of any type destroys the content; every other command keeps it for a week.
    await overwrite(key, type);
    await usesOf(entry)[0]?.(loose);
    expect(await redis.call('TYPE', `damaged:${key}`)).toBe(type);
    expect(Number(await redis.call('TTL', `damaged:${key}`))).toBeGreaterThan(6 * 86_400);
    const note = JSON.parse(String(await redis.call('HGET', 'damaged_keys', key)));
    expect(note).toMatchObject({ key, put_aside_as: `damaged:${key}`, expected: right, found_by: 'signal-engine' });
    expect(Maps.damagedKeys.schema.safeParse(note).success).toBe(true);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(log.lines.some(({ level, fields }) => level === 'warn' && fields['key'] === key)).toBe(true);
  });
});

test('a pipeline that finds damaged keys writes everything once: messages are not doubled, and a time to live stays', async () => {
  await redis.call('SET', 'signals', 'typed by hand');
  await redis.call('SET', 'decision_logs', 'typed by hand');
  await loose['write']?.((batch: Loose) => {
    void batch['append']?.(Streams.refusals, {});
    void batch['append']?.(Streams.signals, {});
    void batch['push']?.(Lists.decisionLogs, {});
  });
  const lengths = await Promise.all([redis.call('XLEN', 'refusals'), redis.call('XLEN', 'signals')]);
  expect(lengths).toEqual([1, 1]);
  expect(await redis.call('LLEN', 'decision_logs')).toBe(1);
  expect(Number(await redis.call('TTL', 'decision_logs'))).toBeGreaterThan(86_000);
});

test.each(Object.values(Streams).map(({ name }) => name))(
  'a reader of %s continues after a damaged key',
  async (name) => {
    const entry = Object.values(Streams).find((one) => one.name === name);
    await redis.call('SET', name, 'typed by hand');
    await loose['consume']?.(entry, async () => {});
    await redis.call('SET', name, 'typed again');
    await eventually('the group is there', async () => {
      const groups = await redis.call('XINFO', 'GROUPS', name).catch(() => []);
      return JSON.stringify(groups).includes('signal-engine');
    });
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);
