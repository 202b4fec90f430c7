import type { ProcessName } from '../domain/fleet.ts';
import type { Batch } from './bus.ts';
import { BusUnavailable, busErrorOf } from './errors.ts';
import type { ManagedBus } from './managed-bus.ts';
import { createMessageReader, type MessageReader } from './message-reader.ts';
import { collectCommands, keyOf, type RedisCommand } from './redis/batch.ts';
import { type Connection, openConnection, type RedisAddress } from './redis/connection.ts';
import { createStreamReader, type StreamReader } from './redis/stream-reader.ts';
import { trimBelowSlowestGroup } from './redis/stream-trimmer.ts';
import { createSubscriber, type Subscriber } from './redis/subscriber.ts';
import type { Logger } from './service.ts';

const COMMAND_MS = 1_000;
const TRIM_EVERY_MS = 30_000;
const FIRST_WAIT_MS = 1_000;

/** Where Redis is, who logs, and what to do when a handler fails. */
export interface BusOptions extends RedisAddress {
  readonly log: Logger;
  /** A handler threw or rejected: a fault of ours. The host ends the process. */
  readonly onFault?: (error: unknown) => void;
  /** Give up connecting after this long, milliseconds; without it Redis is waited for. */
  readonly connectTimeoutMs?: number;
  /** Pace of trimming streams that are kept until read, milliseconds. */
  readonly trimEveryMs?: number;
}

/**
 * Connects to Redis and waits for it. Commands, subscriptions and blocking reads have a connection each; the latter two
 * are opened when first used.
 * @throws BusUnavailable REDIS_AUTH where the password is refused; any of its codes after `connectTimeoutMs`.
 * BusFault where the database does not exist.
 */
export async function connectBus<P extends ProcessName>(process: P, options: BusOptions): Promise<ManagedBus<P>> {
  const { log } = options;
  const address: RedisAddress = { ...options, clientName: options.clientName ?? process };
  const commands = openConnection(address, 'commands', log);
  try {
    await untilReady(commands, address, options);
    // The client goes on in database 0 where the one asked for does not exist: say so instead.
    await commands.withDeadline(commands.redis.select(address.db), COMMAND_MS);
  } catch (error) {
    commands.abort();
    throw error;
  }
  return createRedisBus(process, address, commands, options);
}

/** One log line when the wait begins, one for each new cause, one when it ends. */
async function untilReady(commands: Connection, address: RedisAddress, options: BusOptions): Promise<void> {
  const startedMs = performance.now();
  const limitMs = options.connectTimeoutMs ?? Number.POSITIVE_INFINITY;
  let told: string | undefined;
  for (;;) {
    const waitedMs = performance.now() - startedMs;
    try {
      await commands.ready(Math.min(FIRST_WAIT_MS, Math.max(1, limitMs - waitedMs)));
      if (told) options.log.info({ host: address.host, port: address.port }, 'redis answers');
      return;
    } catch (error) {
      const trouble = busErrorOf(error, address);
      if (trouble.code === 'REDIS_AUTH' || performance.now() - startedMs >= limitMs) throw trouble;
      if (told !== trouble.code)
        options.log.warn({ code: trouble.code, problem: trouble.message }, 'waiting for redis');
      told = trouble.code;
    }
  }
}

function createRedisBus<P extends ProcessName>(
  process: P,
  address: RedisAddress,
  commands: Connection,
  options: BusOptions,
): ManagedBus<P> {
  const { log } = options;
  const { redis } = commands;
  const onFault = options.onFault ?? ((error) => log.error({ error }, 'a handler failed'));
  const reader: MessageReader = createMessageReader(log, () => performance.now());
  const connections: Connection[] = [commands];
  const reconnectHandlers: (() => Promise<void>)[] = [];
  let subscriber: Subscriber | undefined;
  let streams: StreamReader | undefined;
  let lostMs: number | undefined;
  let closed = false;

  function open(role: string): Connection {
    const connection = openConnection(address, role, log);
    connections.push(connection);
    return connection;
  }

  function watch(connection: Connection): void {
    connection.onLost(() => {
      if (closed || lostMs !== undefined) return;
      lostMs = performance.now();
      log.warn({ code: connection.trouble().code, problem: connection.trouble().message }, 'redis connection lost');
    });
  }

  /** Runs the reconnect handlers once commands are taken and subscriptions stand. */
  async function onRestored(): Promise<void> {
    if (closed || lostMs === undefined || !commands.isReady() || (subscriber && !subscriber.stands())) return;
    log.info({ away_ms: Math.round(performance.now() - lostMs) }, 'redis connection restored');
    lostMs = undefined;
    for (const handler of reconnectHandlers) {
      try {
        await handler();
      } catch (error) {
        // Gone again: its next return calls all handlers anew.
        if (error instanceof BusUnavailable) return;
        onFault(error);
      }
    }
  }
  watch(commands);
  commands.onReady(() => void onRestored());

  function subscriberOf(): Subscriber {
    if (subscriber) return subscriber;
    const connection = open('subscriber');
    watch(connection);
    subscriber = createSubscriber({ connection, reader, onFault, onRestored: () => void onRestored() });
    return subscriber;
  }

  function streamsOf(): StreamReader {
    streams ??= createStreamReader({ group: process, connection: open('reader'), commands, reader, log, onFault });
    return streams;
  }

  const trimmer = setInterval(() => void trimAll(), options.trimEveryMs ?? TRIM_EVERY_MS);
  async function trimAll(): Promise<void> {
    for (const { name, entry } of streams?.names() ?? []) {
      if (entry.trim !== 'read' || !commands.isReady()) continue;
      // The next round does it as well.
      await trimBelowSlowestGroup(redis, name).catch((error) => log.debug({ name, error }, 'stream not trimmed'));
    }
  }

  /** Refuses at once while Redis is away: nothing is queued for later. */
  function ask<T>(command: () => Promise<T>): Promise<T> {
    if (!commands.isReady()) return Promise.reject(commands.trouble());
    return commands.withDeadline(command(), COMMAND_MS);
  }

  async function send(list: readonly RedisCommand[]): Promise<void> {
    const [first] = list;
    if (!first) return;
    if (list.length === 1) {
      await ask(() => redis.call(...first) as Promise<unknown>);
      return;
    }
    // What replaces a whole key takes two commands; nobody may see the moment between them.
    const replaces = list.some(([name]) => name === 'del');
    const pipeline = replaces ? redis.multi() : redis.pipeline();
    for (const [name, ...args] of list) pipeline.call(name, ...args);
    const replies = await ask(() => pipeline.exec());
    for (const [error] of replies ?? []) if (error) throw busErrorOf(error, address);
  }

  async function stopDeliveries(): Promise<void> {
    subscriber?.stop();
    await streams?.stop();
  }

  return {
    write: (build: (batch: Batch<P>) => void) => send(collectCommands(build)),

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
      const texts = limit > 0 ? await ask(() => redis.lrange(key, 0, limit - 1)) : [];
      return reader.readAll(entry, key, texts);
    },
    async getLatest(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      const messages = limit > 0 ? await ask(() => redis.xrevrange(key, '+', '-', 'COUNT', limit)) : [];
      return reader.readAll(
        entry,
        key,
        messages.map(([, fields]) => fields[1] ?? ''),
      );
    },
    async getRanking(entry, ...holes) {
      const flat = await ask(() => redis.zrevrange(keyOf(entry, holes), 0, -1, 'WITHSCORES'));
      const ranking: { member: string; score: number }[] = [];
      for (let i = 0; i + 1 < flat.length; i += 2) ranking.push({ member: flat[i] ?? '', score: Number(flat[i + 1]) });
      return ranking;
    },

    subscribe: (entry, handler, ...holes) => subscriberOf().add(keyOf(entry, holes), entry, handler),
    unsubscribe: (entry, ...holes) => subscriber?.remove(keyOf(entry, holes)) ?? Promise.resolve(),
    consume: (entry, handler, ...holes) => streamsOf().add(keyOf(entry, holes), entry, handler),

    onReconnect: (handler) => void reconnectHandlers.push(handler),
    counts: () => reader.counts(),
    stopDeliveries,
    async close() {
      closed = true;
      clearInterval(trimmer);
      await stopDeliveries();
      for (const connection of connections) connection.close();
    },
  };
}
