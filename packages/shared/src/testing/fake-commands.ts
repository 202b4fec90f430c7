import type { RedisCommand } from '../runtime/redis/batch.ts';
import type { FakeRedis } from './fake-redis.ts';

type Arguments = readonly (string | number)[];

/** Carries out on the fake what a batch would send to Redis; a command it does not know is an error. */
export function applyCommands(fake: FakeRedis, commands: readonly RedisCommand[]): void {
  for (const [name, key, ...rest] of commands) applyOne(fake, name, String(key), rest);
}

function applyOne(fake: FakeRedis, name: string, key: string, rest: Arguments): void {
  switch (name) {
    case 'publish':
      return fake.publish(key, String(rest[0]));
    case 'set':
      return void fake.strings.set(key, String(rest[0]));
    case 'del':
      for (const keys of [fake.strings, fake.hashes, fake.lists, fake.rankings]) keys.delete(key);
      return;
    case 'hset':
      return setFields(fake, key, rest);
    case 'hdel':
      return void fake.hashes.get(key)?.delete(String(rest[0]));
    case 'lpush':
      return void fake.lists.set(key, [String(rest[0]), ...(fake.lists.get(key) ?? [])]);
    case 'rpush':
      return void fake.lists.set(key, [...(fake.lists.get(key) ?? []), ...rest.map(String)]);
    case 'ltrim':
      return void fake.lists.set(key, (fake.lists.get(key) ?? []).slice(0, Number(rest[1]) + 1));
    case 'zadd':
      return setScores(fake, key, rest);
    case 'xadd':
      return void fake.append(key, String(rest.at(-1)), Number(rest[2]));
    case 'expire':
      return;
    default:
      throw new Error(`the fake Redis does not know ${name}`);
  }
}

function setFields(fake: FakeRedis, key: string, rest: Arguments): void {
  const fields = fake.hashes.get(key) ?? new Map<string, string>();
  for (let i = 0; i + 1 < rest.length; i += 2) fields.set(String(rest[i]), String(rest[i + 1]));
  fake.hashes.set(key, fields);
}

function setScores(fake: FakeRedis, key: string, rest: Arguments): void {
  const scores = fake.rankings.get(key) ?? new Map<string, number>();
  for (let i = 0; i + 1 < rest.length; i += 2) scores.set(String(rest[i + 1]), Number(rest[i]));
  fake.rankings.set(key, scores);
}
