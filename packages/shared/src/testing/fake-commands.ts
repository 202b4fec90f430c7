import { BusFault } from '../runtime/errors.ts';
import type { RedisCommand } from '../runtime/redis/batch.ts';
import type { FakeRedis } from './fake-redis.ts';

type Rest = readonly (string | number)[];
type Carrier = (fake: FakeRedis, key: string, rest: Rest) => void;

/** The commands of a batch, on the fake's maps. */
const CARRIERS: Readonly<Record<string, Carrier>> = {
  publish: (fake, key, [text]) => fake.publish(key, String(text)),
  set: (fake, key, [text]) => {
    fake.strings.set(key, String(text));
  },
  del: (fake, key) => {
    for (const keys of [fake.strings, fake.hashes, fake.lists, fake.rankings]) keys.delete(key);
    fake.stream(key).messages = [];
  },
  hset: (fake, key, rest) => {
    const fields = fake.hashes.get(key) ?? new Map<string, string>();
    for (let i = 0; i + 1 < rest.length; i += 2) fields.set(String(rest[i]), String(rest[i + 1]));
    fake.hashes.set(key, fields);
  },
  hdel: (fake, key, [field]) => {
    fake.hashes.get(key)?.delete(String(field));
  },
  lpush: (fake, key, [text]) => {
    fake.lists.set(key, [String(text), ...(fake.lists.get(key) ?? [])]);
  },
  rpush: (fake, key, texts) => {
    fake.lists.set(key, [...(fake.lists.get(key) ?? []), ...texts.map(String)]);
  },
  lset: (fake, key, [index, text]) => {
    const list = fake.lists.get(key);
    if (list?.[Number(index)] === undefined)
      throw new BusFault(`The fake Redis refused LSET ${key} ${index}: no such item.`);
    fake.lists.set(key, list.with(Number(index), String(text)));
  },
  ltrim: (fake, key, [, last]) => {
    fake.lists.set(key, (fake.lists.get(key) ?? []).slice(0, Number(last) + 1));
  },
  zadd: (fake, key, rest) => {
    const scores = fake.rankings.get(key) ?? new Map<string, number>();
    for (let i = 0; i + 1 < rest.length; i += 2) scores.set(String(rest[i + 1]), Number(rest[i]));
    fake.rankings.set(key, scores);
  },
  xadd: (fake, key, rest) => {
    fake.append(key, String(rest.at(-1)), Number(rest[2]));
  },
  xtrim: (fake, key) => {
    fake.stream(key).messages = [];
  },
  // Keys of the fake never expire.
  expire: () => {},
};

/** Runs the commands of a batch on the fake; an unknown command is an error. */
export function applyCommands(fake: FakeRedis, commands: readonly RedisCommand[]): void {
  for (const [name, key, ...rest] of commands) {
    const carry = CARRIERS[name];
    if (!carry) throw new Error(`the fake Redis does not know ${name}`);
    carry(fake, String(key), rest);
  }
}
