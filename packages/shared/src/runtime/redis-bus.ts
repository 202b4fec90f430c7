import type { ProcessName } from '../domain/fleet.ts';
import { busErrorOf } from './errors.ts';
import type { ManagedBus } from './managed-bus.ts';
import { createMessageReader } from './message-reader.ts';
import { keyOf } from './redis/batch.ts';
import { createCommands } from './redis/commands.ts';
import { COMMAND_MS, type Connection, openConnection, type RedisAddress } from './redis/connection.ts';
import { createKeyMender } from './redis/key-mender.ts';
import { createOutageWatch } from './redis/outage-watch.ts';
import { createStreamReader, type StreamReader } from './redis/stream-reader.ts';
import { trimBelowSlowestGroup } from './redis/stream-trimmer.ts';
import { createSubscriber, type Subscriber } from './redis/subscriber.ts';
import type { Logger } from './service.ts';

const TRIM_EVERY_MS = 30_000;
const FIRST_WAIT_MS = 1_000;
/** How long a Redis that is loading its data is logged as INFO instead of WARN. */
const CALM_MS = 3_000;

/** Options of `connectBus`. */
export interface BusOptions extends RedisAddress {
  readonly log: Logger;
  /** Called when a handler throws or rejects, which is a bug. The host ends the process. */
  readonly onFault?: (error: unknown) => void;
  /** Maximum time to connect, milliseconds; by default no maximum. */
  readonly connectTimeoutMs?: number;
  /** Time between two trims of streams that are kept until read, milliseconds. */
  readonly trimEveryMs?: number;
}

/**
 * Connects to Redis and waits for it. Commands, subscriptions and blocking reads each have their own connection; the latter
 * two open on first use.
 * @throws BusUnavailable REDIS_AUTH if Redis refuses the password; any of its codes after `connectTimeoutMs`.
 * BusFault if the database does not exist.
 */
export async function connectBus<P extends ProcessName>(process: P, options: BusOptions): Promise<ManagedBus<P>> {
  const { log } = options;
  const address: RedisAddress = { ...options, clientName: options.clientName ?? process };
  const commands = openConnection(address, 'commands', log);
  try {
    await untilReady(commands, address, options);
    // The client would silently use database 0 if the configured one does not exist. SELECT reports it.
    await commands.withDeadline(commands.redis.select(address.db), COMMAND_MS);
  } catch (error) {
    commands.abort();
    throw error;
  }
  return createRedisBus(process, address, commands, options);
}

/** Logs when the wait begins, each new cause, and when it ends; only INFO while Redis may just be starting. */
async function untilReady(commands: Connection, address: RedisAddress, options: BusOptions): Promise<void> {
  const startedMs = performance.now();
  const limitMs = options.connectTimeoutMs ?? Number.POSITIVE_INFINITY;
  let logged: string | undefined;
  for (;;) {
    const waitedMs = performance.now() - startedMs;
    try {
      await commands.ready(Math.min(FIRST_WAIT_MS, Math.max(1, limitMs - waitedMs)));
      if (logged) options.log.info({ host: address.host, port: address.port }, 'redis answers');
      return;
    } catch (error) {
      const trouble = busErrorOf(error, address);
      if (trouble.code === 'REDIS_AUTH' || performance.now() - startedMs >= limitMs) throw trouble;
      const isCalm = trouble.code === 'REDIS_LOADING' && performance.now() - startedMs < CALM_MS;
      const news = isCalm ? 'CALM' : trouble.code;
      if (logged !== news && isCalm)
        options.log.info({ host: address.host, port: address.port }, 'redis takes no commands yet, waiting for it');
      else if (logged !== news) options.log.warn({ code: trouble.code, problem: trouble.message }, 'waiting for redis');
      logged = news;
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
  const onFault = options.onFault ?? ((error) => log.error({ error }, 'a handler failed'));
  const reader = createMessageReader(log, () => performance.now());
  const mender = createKeyMender(commands, process, log);
  const connections = [commands];
  let subscriber: Subscriber | undefined;
  let streams: StreamReader | undefined;

  const isWhole = () => commands.isReady() && (subscriber?.stands() ?? true);
  const outages = createOutageWatch({ log, isWhole, onFault });
  outages.watch(commands);
  commands.onReady(outages.restored);

  function open(role: string): Connection {
    const connection = openConnection(address, role, log);
    connections.push(connection);
    return connection;
  }

  function subscriberOf(): Subscriber {
    if (subscriber) return subscriber;
    const connection = open('subscriber');
    outages.watch(connection);
    subscriber = createSubscriber({ connection, reader, onFault, onRestored: outages.restored });
    return subscriber;
  }

  function streamsOf(): StreamReader {
    streams ??= createStreamReader({
      group: process,
      connection: open('reader'),
      commands,
      mender,
      reader,
      log,
      onFault,
    });
    return streams;
  }

  const trimmer = setInterval(() => void trimAll(), options.trimEveryMs ?? TRIM_EVERY_MS);
  async function trimAll(): Promise<void> {
    for (const { name, entry } of streams?.names() ?? []) {
      if (entry.trim !== 'read' || !commands.isReady()) continue;
      // The next round trims it.
      await trimBelowSlowestGroup(commands.redis, name, entry.keepsRead).catch((error) =>
        log.debug({ name, error }, 'stream not trimmed'),
      );
    }
  }

  async function stopDeliveries(): Promise<void> {
    subscriber?.stop();
    await streams?.stop();
  }

  return {
    ...createCommands<P>(commands, address, reader, mender),
    subscribe: (entry, handler, ...holes) => subscriberOf().add(keyOf(entry, holes), entry, handler),
    unsubscribe: (entry, ...holes) => subscriber?.remove(keyOf(entry, holes)) ?? Promise.resolve(),
    consume: (entry, handler, ...holes) => streamsOf().add(keyOf(entry, holes), entry, handler),
    onReconnect: outages.onReconnect,
    counts: reader.counts,
    stopDeliveries,
    backlog: async () => streams?.backlog(),
    async close() {
      outages.stop();
      clearInterval(trimmer);
      await stopDeliveries();
      for (const connection of connections) connection.close();
    },
  };
}
