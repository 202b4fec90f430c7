import type { DamagedKey } from '../domain/damaged-key.ts';
import { busErrorOf } from './errors.ts';
import { openConnection, type RedisAddress } from './redis/connection.ts';
import { parseInfo } from './redis/info.ts';
import { putAside, type RedisType } from './redis/put-aside.ts';
import type { Logger } from './service.ts';

const COMMAND_MS = 5_000;

/** The plain Redis commands for claiming a database and archiving a run. Everything else uses the bus. */
export interface RedisAdmin {
  get(key: string): Promise<string | undefined>;
  /** False if the key already exists. */
  setIfAbsent(key: string, text: string): Promise<boolean>;
  /** Fields of a hash; empty if the key is missing or of another type. */
  hash(key: string): Promise<Readonly<Record<string, string>>>;
  exists(key: string): Promise<boolean>;
  /** Renames a key that is not of the type `expected`, and returns the note about it. */
  putAside(key: string, expected: RedisType): Promise<DamagedKey | undefined>;
  /** Number of keys in the database. */
  size(): Promise<number>;
  /** All keys that match a Redis pattern, in any order. */
  keys(pattern: string): Promise<string[]>;
  /** Never overwrites a key: false if `to` exists or `from` does not. */
  renameIfFree(from: string, to: string): Promise<boolean>;
  expire(key: string, seconds: number): Promise<void>;
  /** Removes the time to live that `expire` set. */
  persist(key: string): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
  /** Lines of `INFO section` by name. */
  info(section: string): Promise<Readonly<Record<string, string>>>;
  /** A server setting; undefined if the server does not show it. */
  serverSetting(name: string): Promise<string | undefined>;
  /** Makes the server save its data and end. */
  shutdown(): Promise<void>;
  close(): void;
}

/**
 * Opens a separate connection for one-off work.
 * @throws BusUnavailable if Redis takes no commands within `timeoutMs`, at once if it refuses the password.
 * BusFault if Redis refuses a command, e.g. a database number that does not exist.
 */
export async function connectAdmin(address: RedisAddress, log: Logger, timeoutMs: number): Promise<RedisAdmin> {
  const connection = openConnection({ ...address, clientName: 'fleet' }, 'admin', log);
  const { redis } = connection;
  const ask = <T>(promise: Promise<T>): Promise<T> => connection.withDeadline(promise, COMMAND_MS);
  try {
    await connection.ready(timeoutMs);
    // The client would silently use database 0 if the configured one does not exist. SELECT reports it.
    await ask(redis.select(address.db));
  } catch (error) {
    connection.close();
    throw busErrorOf(error, address);
  }
  return {
    get: async (key) => (await ask(redis.get(key))) ?? undefined,
    setIfAbsent: async (key, text) => (await ask(redis.setnx(key, text))) === 1,
    hash: async (key) => ((await ask(redis.type(key))) === 'hash' ? ask(redis.hgetall(key)) : {}),
    exists: async (key) => (await ask(redis.exists(key))) === 1,
    putAside: (key, expected) => ask(putAside(redis, key, expected, 'fleet')),
    size: () => ask(redis.dbsize()),
    async keys(pattern) {
      const found = new Set<string>();
      let cursor = '0';
      do {
        const [next, keys] = await ask(redis.scan(cursor, 'MATCH', pattern, 'COUNT', 500));
        for (const key of keys) found.add(key);
        cursor = next;
      } while (cursor !== '0');
      return [...found];
    },
    async renameIfFree(from, to) {
      try {
        return (await ask(redis.renamenx(from, to))) === 1;
      } catch (error) {
        if (error instanceof Error && /no such key/.test(error.message)) return false;
        throw error;
      }
    },
    expire: async (key, seconds) => void (await ask(redis.expire(key, seconds))),
    persist: async (key) => void (await ask(redis.persist(key))),
    delete: async (keys) => {
      if (keys.length > 0) await ask(redis.unlink(...keys));
    },
    info: async (section) => parseInfo(await ask(redis.info(section))),
    async serverSetting(name) {
      try {
        const pair = (await ask(redis.config('GET', name))) as string[];
        return pair[1];
      } catch (error) {
        // Hosted servers may forbid CONFIG, and still work for Helios.
        log.debug({ name, error }, 'redis server setting not readable');
        return undefined;
      }
    },
    async shutdown() {
      // The server closes the connection instead of answering.
      await redis.shutdown().catch((error: unknown) => log.debug({ error }, 'redis closed the connection'));
    },
    close: () => connection.close(),
  };
}
