import type { AnyEntry, Channel, DocumentOf, Stream } from '../../contracts/entry.ts';
import type { ProcessName } from '../../domain/fleet.ts';
import type { Bus, WriteRefusal } from '../bus.ts';
import { type BusFault, BusUnavailable, busErrorOf, isWrongType, oddReply, type RedisPlace } from '../errors.ts';
import type { MessageReader } from '../message-reader.ts';
import { collectCommands, keyOf, type RedisCommand, typeWrittenBy } from './batch.ts';
import { COMMAND_MS, type Connection } from './connection.ts';
import { parseInfo } from './info.ts';
import { joinPublishes } from './join-publishes.ts';
import type { KeyMender } from './key-mender.ts';
import { REDIS_TYPES } from './put-aside.ts';
import { hasReadAll } from './stream-info.ts';
import { TAKE_LEASE } from './take-lease.ts';

/** The request-and-reply functions of a bus. */
export type BusCommands<P extends ProcessName> = Pick<
  Bus<P>,
  | 'write'
  | 'writeRefusal'
  | 'get'
  | 'getRecord'
  | 'getMap'
  | 'getList'
  | 'count'
  | 'getLatest'
  | 'getOldest'
  | 'getRanking'
  | 'hasReadAll'
  | 'takeLease'
  | 'serverInfo'
>;

type KeptEntry = Exclude<AnyEntry, Channel>;

/** Commands that Redis refuses when it is full. */
const STORES: ReadonlySet<string> = new Set(['set', 'hset', 'lpush', 'rpush', 'lset', 'xadd', 'zadd']);

/** A command that Redis refused, and why. */
interface Refusal {
  readonly command: RedisCommand;
  readonly error: BusFault | BusUnavailable;
}

/**
 * Writes and reads over one connection. Refuses at once while Redis is away; nothing is queued. If a key has another type,
 * puts the key aside and sends the command again.
 */
export function createCommands<P extends ProcessName>(
  connection: Connection,
  place: RedisPlace,
  reader: MessageReader,
  mender: KeyMender,
): BusCommands<P> {
  const { redis } = connection;
  let refusal: WriteRefusal | undefined;

  /** Sends a batch and notes whether Redis takes writes. A batch that only publishes does not show it, because it stores nothing. */
  async function write(commands: readonly RedisCommand[]): Promise<void> {
    try {
      await send(commands);
      if (commands.some(([name]) => STORES.has(name))) refusal = undefined;
    } catch (error) {
      if (error instanceof BusUnavailable) refusal = { error, sinceTs: refusal?.sinceTs ?? Date.now() };
      throw error;
    }
  }

  function ask<T>(command: () => Promise<T>): Promise<T> {
    if (!connection.isReady()) return Promise.reject(connection.trouble());
    connection.gather();
    return connection.withDeadline(command(), COMMAND_MS);
  }

  /** Reads a key. A reply of an impossible form is a fault of Redis, not ours. */
  async function readKey<T>(
    entry: KeptEntry,
    key: string,
    command: () => Promise<T>,
    isExpected: (reply: unknown) => boolean,
  ): Promise<T> {
    const reply = await mender.withSoundKey(key, REDIS_TYPES[entry.kind], () => ask(command));
    if (!isExpected(reply)) throw oddReply(place, `the read of ${key}`, reply);
    return reply;
  }

  async function readStream<E extends Stream>(
    entry: E,
    key: string,
    limit: number,
    command: () => Promise<[id: string, fields: string[]][]>,
  ): Promise<DocumentOf<E>[]> {
    if (limit <= 0) return [];
    const messages = await readKey(entry, key, command, isMessages);
    const texts = messages.map(([, fields]) => fields[1] ?? '');
    return reader.readAll(entry, key, texts);
  }

  /** Sends commands together. Returns those that Redis refused for their key's type, and throws any other refusal. */
  async function sendOnce(commands: readonly RedisCommand[]): Promise<readonly Refusal[]> {
    const [first] = commands;
    if (!first) return [];
    const refusals = commands.length === 1 ? await sendAlone(first) : await sendTogether(commands);
    const other = refusals.find(({ error }) => !isWrongType(error));
    if (other) throw other.error;
    return refusals;
  }

  async function sendAlone(command: RedisCommand): Promise<readonly Refusal[]> {
    try {
      await ask(() => redis.call(...command) as Promise<unknown>);
      return [];
    } catch (error) {
      return [{ command, error: busErrorOf(error, place, command) }];
    }
  }

  async function sendTogether(commands: readonly RedisCommand[]): Promise<readonly Refusal[]> {
    const sent = joinPublishes(commands);
    // Replacing a whole key takes two commands. MULTI hides the state between them.
    const replaces = sent.some(([name]) => name === 'del');
    const pipeline = replaces ? redis.multi() : redis.pipeline();
    for (const [name, ...args] of sent) pipeline.call(name, ...args);
    const replies = (await ask(() => pipeline.exec())) ?? [];
    return sent.flatMap((command, i) => {
      const error = replies[i]?.[0];
      return error ? [{ command, error: busErrorOf(error, place, command) }] : [];
    });
  }

  async function send(commands: readonly RedisCommand[]): Promise<void> {
    const refused = await sendOnce(commands);
    if (refused.length === 0) return;
    const damaged = new Map(refused.map(({ command }) => [String(command[1]), typeWrittenBy(command)]));
    for (const [key, type] of damaged) await mender.putAside(key, type);
    // All commands for these keys run again: the rename also took along what the others wrote (a time to live).
    const again = commands.filter(([name, key]) => name !== 'publish' && damaged.has(String(key)));
    const [still] = await sendOnce(again);
    if (still) throw still.error;
  }

  return {
    write: (build) => write(collectCommands(build)),
    writeRefusal: () => refusal,
    async get(entry, ...holes) {
      const key = keyOf(entry, holes);
      const text = await readKey(entry, key, () => redis.get(key), isTextOrNull);
      return text === null ? undefined : reader.read(entry, key, text);
    },
    async getRecord(entry, ...holes) {
      const key = keyOf(entry, holes);
      const fields = await readKey(entry, key, () => redis.hgetall(key), isFields);
      return Object.keys(fields).length === 0 ? undefined : reader.readRecord(entry, key, fields);
    },
    async getMap(entry, ...holes) {
      const key = keyOf(entry, holes);
      return reader.readFields(entry, key, await readKey(entry, key, () => redis.hgetall(key), isFields));
    },
    async getList(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      if (limit <= 0) return [];
      return reader.readAll(entry, key, await readKey(entry, key, () => redis.lrange(key, 0, limit - 1), isTexts));
    },
    count(entry, ...holes) {
      const key = keyOf(entry, holes);
      const command = { list: () => redis.llen(key), map: () => redis.hlen(key), stream: () => redis.xlen(key) };
      return readKey(entry, key, command[entry.kind], Number.isInteger);
    },
    getLatest(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      return readStream(entry, key, limit, () => redis.xrevrange(key, '+', '-', 'COUNT', limit));
    },
    getOldest(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      return readStream(entry, key, limit, () => redis.xrange(key, '-', '+', 'COUNT', limit));
    },
    async getRanking(entry, ...holes) {
      const key = keyOf(entry, holes);
      const flat = await readKey(entry, key, () => redis.zrevrange(key, 0, -1, 'WITHSCORES'), isTexts);
      const ranking: { member: string; score: number }[] = [];
      for (let i = 0; i + 1 < flat.length; i += 2) ranking.push({ member: flat[i] ?? '', score: Number(flat[i + 1]) });
      return ranking;
    },
    hasReadAll(entry, group, ...holes) {
      const key = keyOf(entry, holes);
      return readKey(entry, key, () => hasReadAll(redis, key, String(group)), isBoolean);
    },
    async takeLease(entry, holder, ttlMs) {
      const key = keyOf(entry, []);
      const token = await readKey(entry, key, () => redis.eval(TAKE_LEASE, 1, key, holder, ttlMs), Number.isInteger);
      return token === 0 ? undefined : Number(token);
    },
    async serverInfo(section) {
      const text: unknown = await ask(() => redis.info(section));
      if (typeof text !== 'string') throw oddReply(place, 'INFO', text);
      return parseInfo(text);
    },
  };
}

const isTextOrNull = (reply: unknown): boolean => reply === null || typeof reply === 'string';
const isBoolean = (reply: unknown): boolean => typeof reply === 'boolean';
const isTexts = (reply: unknown): boolean => Array.isArray(reply) && reply.every((one) => typeof one === 'string');
const isFields = (reply: unknown): boolean =>
  typeof reply === 'object' && reply !== null && !Array.isArray(reply) && isTexts(Object.values(reply));
const isMessages = (reply: unknown): boolean =>
  Array.isArray(reply) && reply.every((one) => Array.isArray(one) && Array.isArray(one[1]));
