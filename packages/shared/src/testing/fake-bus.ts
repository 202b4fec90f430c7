import type { Channel, Stream } from '../contracts/entry.ts';
import type { ProcessName } from '../domain/fleet.ts';
import type { Delivery } from '../runtime/bus.ts';
import { BusUnavailable } from '../runtime/errors.ts';
import type { ManagedBus } from '../runtime/managed-bus.ts';
import { createMessageReader } from '../runtime/message-reader.ts';
import { collectCommands, keyOf } from '../runtime/redis/batch.ts';
import type { Logger } from '../runtime/service.ts';
import { applyCommands } from './fake-commands.ts';
import { createFakeConsumer, type FakeConsumer } from './fake-consumer.ts';
import { type FakeRedis, createFakeRedis as newFakeRedis } from './fake-redis.ts';
import { silentLog } from './silent-log.ts';

/** The shared fake with a bus for each process of the test. */
export interface FakeRedisWithBuses extends FakeRedis {
  bus<P extends ProcessName>(process: P, options?: FakeBusOptions): ManagedBus<P>;
}

export interface FakeBusOptions {
  readonly log?: Logger;
  /** Called when a handler throws or rejects. Without it the error fails the test run. */
  readonly onFault?: (error: unknown) => void;
}

/** One "Redis" for all processes of a test: `const fake = createFakeRedis(); const bus = fake.bus('signal-engine')`. */
export function createFakeRedis(): FakeRedisWithBuses {
  const fake = newFakeRedis();
  return { ...fake, bus: (process, options) => createFakeBus(fake, process, options ?? {}) };
}

function createFakeBus<P extends ProcessName>(fake: FakeRedis, process: P, options: FakeBusOptions): ManagedBus<P> {
  const reader = createMessageReader(options.log ?? silentLog, () => performance.now());
  const onFault = options.onFault ?? thrownIntoTheRun;
  const subscriptions = new Map<string, { entry: Channel; handlers: ((message: unknown) => void)[] }>();
  const reconnectHandlers: (() => Promise<void>)[] = [];
  const consumers = new Map<string, FakeConsumer>();
  let stopped = false;

  async function ask<T>(answer: () => T): Promise<T> {
    fake.mustBeUp();
    const result = answer();
    await Promise.resolve();
    return result;
  }

  function readStream<E extends Stream>(entry: E, key: string, messages: readonly { text: string | undefined }[]) {
    return reader.readAll(
      entry,
      key,
      messages.map(({ text }) => text ?? ''),
    );
  }

  const stopListening = fake.listen((name, text) => {
    const subscription = subscriptions.get(name);
    if (!subscription || stopped) return;
    const message = reader.receive(subscription.entry, name, text);
    if (message === undefined) return;
    try {
      for (const handler of subscription.handlers) handler(message);
    } catch (error) {
      onFault(error);
    }
  });
  const stopWatching = fake.onComeBack(() => fake.busy(restore()));

  async function restore(): Promise<void> {
    for (const consumer of consumers.values()) consumer.startOver();
    for (const handler of reconnectHandlers) {
      try {
        await handler();
      } catch (error) {
        // Redis is down again. The fake refuses nothing while it is up, and its next return calls all handlers again.
        if (!(error instanceof BusUnavailable)) onFault(error);
      }
    }
  }

  async function stopDeliveries(): Promise<void> {
    stopped = true;
    stopListening();
    stopWatching();
    for (const consumer of consumers.values()) await consumer.stop();
  }

  return {
    async write(build) {
      const commands = collectCommands(build);
      const refusal = fake.writeRefusal();
      if (refusal) throw refusal.error;
      if (commands.length > 0) await ask(() => applyCommands(fake, commands));
    },
    writeRefusal: () => fake.writeRefusal(),
    get(entry, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => {
        const text = fake.strings.get(key);
        return text === undefined ? undefined : reader.read(entry, key, text);
      });
    },
    getRecord(entry, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => {
        const fields = fake.hashes.get(key);
        return fields ? reader.readRecord(entry, key, Object.fromEntries(fields)) : undefined;
      });
    },
    getMap(entry, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => reader.readFields(entry, key, Object.fromEntries(fake.hashes.get(key) ?? [])));
    },
    getList(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => reader.readAll(entry, key, (fake.lists.get(key) ?? []).slice(0, Math.max(0, limit))));
    },
    count(entry, ...holes) {
      const key = keyOf(entry, holes);
      const lengths = {
        list: () => fake.lists.get(key)?.length,
        map: () => fake.hashes.get(key)?.size,
        stream: () => fake.stream(key).messages.length,
      };
      return ask(() => lengths[entry.kind]() ?? 0);
    },
    getLatest(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => readStream(entry, key, fake.stream(key).messages.toReversed().slice(0, Math.max(0, limit))));
    },
    getOldest(entry, limit, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => readStream(entry, key, fake.stream(key).messages.slice(0, Math.max(0, limit))));
    },
    getRanking(entry, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() =>
        [...(fake.rankings.get(key) ?? [])]
          .map(([member, score]) => ({ member, score }))
          .sort((a, b) => b.score - a.score || (a.member < b.member ? 1 : -1)),
      );
    },
    hasReadAll(entry, group, ...holes) {
      const { messages, groups } = fake.stream(keyOf(entry, holes));
      const newest = messages.at(-1);
      const state = groups.get(String(group));
      return ask(() => newest === undefined || (state?.pending.length === 0 && state.lastDelivered === newest.id));
    },
    takeLease(entry, holder, ttlMs) {
      const key = keyOf(entry, []);
      return ask(() => {
        const known = fake.hashes.get(key);
        const isHeld = known !== undefined && Number(known.get('expires_ts')) > Date.now();
        if (isHeld && known.get('holder') !== holder) return undefined;
        const token = Number(known?.get('token') ?? 0) + (known?.get('holder') === holder ? 0 : 1);
        const expires = String(Date.now() + ttlMs);
        fake.hashes.set(key, new Map(Object.entries({ holder, token: String(token), expires_ts: expires })));
        return token;
      });
    },
    serverInfo: () => ask(() => Object.fromEntries(fake.stats)),
    subscribe(entry, handler, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => {
        const known = subscriptions.get(key) ?? { entry, handlers: [] };
        known.handlers.push(handler as (message: unknown) => void);
        subscriptions.set(key, known);
      });
    },
    unsubscribe: (entry, ...holes) => ask(() => void subscriptions.delete(keyOf(entry, holes))),
    consume(entry, handler, ...holes) {
      const key = keyOf(entry, holes);
      return ask(() => {
        if (consumers.has(key)) throw new Error(`${key} is consumed twice by ${process}`);
        const deliver = handler as (message: unknown, delivery: Delivery) => Promise<void>;
        consumers.set(key, createFakeConsumer({ fake, name: key, entry, group: process, deliver, reader, onFault }));
      });
    },
    onReconnect: (handler) => void reconnectHandlers.push(handler),
    counts: () => reader.counts(),
    stopDeliveries,
    backlog: async () => undefined,
    close: stopDeliveries,
  };
}

function thrownIntoTheRun(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
