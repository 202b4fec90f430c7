import type { Redis } from 'ioredis';
import { Maps } from '../../contracts/catalog.ts';
import type { AnyEntry } from '../../contracts/entry.ts';
import type { DamagedKey } from '../../domain/damaged-key.ts';

/** Names of keys that were put aside begin with this. */
export const PUT_ASIDE = 'damaged:';
/** How long they are kept. */
const KEPT_SEC = 7 * 86_400;

/** What Redis calls the type of an entry's keys. */
export const REDIS_TYPES = {
  value: 'string',
  record: 'hash',
  map: 'hash',
  list: 'list',
  stream: 'stream',
  ranking: 'zset',
} as const satisfies Readonly<Record<Exclude<AnyEntry['kind'], 'channel'>, string>>;
export type RedisType = (typeof REDIS_TYPES)[keyof typeof REDIS_TYPES];

/**
 * One step, because another process may find the same key and write it again in between. The note comes first: a Redis
 * that takes no writes refuses it, and nothing has changed then. Returns 1 where a key was put aside.
 */
const SCRIPT = `
local key, aside, notes = KEYS[1], KEYS[2], KEYS[3]
local found = redis.call('TYPE', key).ok
if found == 'none' or found == ARGV[1] then return 0 end
local kind = redis.call('TYPE', notes).ok
if kind ~= 'none' and kind ~= 'hash' then
  redis.call('RENAME', notes, ARGV[4] .. notes)
  redis.call('EXPIRE', ARGV[4] .. notes, ARGV[2])
end
redis.call('HSET', notes, key, ARGV[3])
redis.call('EXPIRE', notes, ARGV[2])
if key ~= notes then
  redis.call('RENAME', key, aside)
  redis.call('EXPIRE', aside, ARGV[2])
end
return 1
`;

/**
 * Renames a key that holds another type than ours to `damaged:{key}`, in place of an earlier one, and notes that in
 * `damaged_keys`.
 * @returns the note; undefined where the key is sound or gone
 */
export async function putAside(
  redis: Redis,
  key: string,
  expected: RedisType,
  found_by: string,
): Promise<DamagedKey | undefined> {
  const note: DamagedKey = { key, put_aside_as: PUT_ASIDE + key, expected, found_by, ts: Date.now() };
  const keys = [key, note.put_aside_as, Maps.damagedKeys.name];
  const moved = await redis.eval(SCRIPT, keys.length, ...keys, expected, KEPT_SEC, JSON.stringify(note), PUT_ASIDE);
  return moved === 1 ? note : undefined;
}

/** The line that reports it. */
export const putAsideLine = ({ key, put_aside_as, expected }: DamagedKey): string =>
  `the key ${key} was overwritten with something that is no ${expected}; that is now ${put_aside_as}, and ours is written again`;
