import type { Redis } from 'ioredis';
import { Maps } from '../../contracts/catalog.ts';
import type { AnyEntry } from '../../contracts/entry.ts';
import type { DamagedKey } from '../../domain/damaged-key.ts';

/** Prefix of keys that were put aside. */
export const PUT_ASIDE = 'damaged:';
/** Time to live of keys that were put aside. */
const KEPT_SEC = 7 * 86_400;

/** The Redis type of each kind of entry. */
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
 * A script, because another process may find and rewrite the same key in between. The note comes first: a Redis that takes
 * no writes refuses it before anything has changed. Returns 1 if it put a key aside.
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
 * Renames a key of another type than ours to `damaged:{key}`, replacing an earlier one, and notes it in `damaged_keys`.
 * @returns the note; undefined if the key is valid or gone
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

/** The log line and alert text about a key that was put aside. */
export const putAsideLine = ({ key, put_aside_as, expected }: DamagedKey): string =>
  `the key ${key} was overwritten and was not a ${expected} any more; its content is now ${put_aside_as}, and Helios writes the key again`;
