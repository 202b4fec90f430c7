import type { ProcessName } from '../../domain/fleet.ts';
import type { Bus } from '../bus.ts';
import { busErrorOf, type RedisPlace } from '../errors.ts';
import type { MessageReader } from '../message-reader.ts';
import { collectCommands, keyOf, type RedisCommand } from './batch.ts';
import type { Connection } from './connection.ts';
import { parseInfo } from './info.ts';

/** A command unanswered for this long has failed, and the connection is made anew. */
export const COMMAND_MS = 1_000;

/** What a bus does by question and answer. */
export type BusCommands<P extends ProcessName> = Pick<
  Bus<P>,
  'write' | 'get' | 'getRecord' | 'getMap' | 'getList' | 'count' | 'getLatest' | 'getRanking' | 'serverInfo'
>;

/** Writes and reads over one connection; refuses at once while Redis is away, for nothing is queued for later. */
export function createCommands<P extends ProcessName>(
  connection: Connection,
  place: RedisPlace,
  reader: MessageReader,
): BusCommands<P> {
  const { redis } = connection;

  function ask<T>(command: () => Promise<T>): Promise<T> {
    if (!connection.isReady()) return Promise.reject(connection.trouble());
    return connection.withDeadline(command(), COMMAND_MS);
  }

  async function send(commands: readonly RedisCommand[]): Promise<void> {
    const [first] = commands;
    if (!first) return;
    if (commands.length === 1) {
      await ask(() => redis.call(...first) as Promise<unknown>);
      return;
    }
    // What replaces a whole key takes two commands; nobody may see the moment between them.
    const replaces = commands.some(([name]) => name === 'del');
    const pipeline = replaces ? redis.multi() : redis.pipeline();
    for (const [name, ...args] of commands) pipeline.call(name, ...args);
    const replies = await ask(() => pipeline.exec());
    for (const [i, [error]] of (replies ?? []).entries()) if (error) throw busErrorOf(error, place, commands[i]);
  }

  return {
    write: (build) => send(collectCommands(build)),
    async get(entry, ...holes) {
      const key = keyOf(entry, holes);
      const text = await ask(() => redis.get(key));
      return text === null ? undefined : reader.read(entry, key, text);
    },
    async getRecord(entry, ...holes) {
      const key = keyOf(entry, holes);
      const fields = await ask(() => redis.hgetall(key));
      return Object.keys(fields).length === 0 ? undefined : reader.readRecord(entry, key, fields);
    },
    async getMap(entry, ...holes) {
      const key = keyOf(entry, holes);
      return reader.readFields(entry, key, await ask(() => redis.hgetall(key)));
    },
    async getList(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      return reader.readAll(entry, key, limit > 0 ? await ask(() => redis.lrange(key, 0, limit - 1)) : []);
    },
    count(entry, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => (entry.kind === 'list' ? redis.llen(key) : redis.hlen(key)));
    },
    async getLatest(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      const messages = limit > 0 ? await ask(() => redis.xrevrange(key, '+', '-', 'COUNT', limit)) : [];
      const texts = messages.map(([, fields]) => fields[1] ?? '');
      return reader.readAll(entry, key, texts);
    },
    async getRanking(entry, ...holes) {
      const flat = await ask(() => redis.zrevrange(keyOf(entry, holes), 0, -1, 'WITHSCORES'));
      const ranking: { member: string; score: number }[] = [];
      for (let i = 0; i + 1 < flat.length; i += 2) ranking.push({ member: flat[i] ?? '', score: Number(flat[i + 1]) });
      return ranking;
    },
    serverInfo: async (section) => parseInfo(await ask(() => redis.info(section))),
  };
}
