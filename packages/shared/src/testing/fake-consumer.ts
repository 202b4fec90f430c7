import type { Stream } from '../contracts/entry.ts';
import type { Delivery } from '../runtime/bus.ts';
import { deliveryAgeOf } from '../runtime/delivery-age.ts';
import { BusUnavailable, RetryLater } from '../runtime/errors.ts';
import type { MessageReader } from '../runtime/message-reader.ts';
import type { FakeRedis } from './fake-redis.ts';

/** Delay before a message is delivered again, if its handler could not reach "Redis". */
const RETRY_MS = 20;

// Read at import, so that fake timers of a test do not stop deliveries.
const defer = setImmediate;

/** One group's reader of one stream. */
export interface FakeConsumer {
  /** Starts again at the unacknowledged messages, as after a lost connection. */
  startOver(): void;
  stop(): Promise<void>;
}

export interface FakeConsumerOptions {
  readonly fake: FakeRedis;
  readonly name: string;
  readonly entry: Stream;
  readonly group: string;
  readonly deliver: (message: unknown, delivery: Delivery) => Promise<void>;
  readonly reader: MessageReader;
  readonly onFault: (error: unknown) => void;
}

/** Delivers pending messages, then new ones. Acknowledges a message when the handler has resolved. */
export function createFakeConsumer({
  fake,
  name,
  entry,
  group,
  deliver,
  reader,
  onFault,
}: FakeConsumerOptions): FakeConsumer {
  const stream = fake.stream(name);
  const state = stream.groups.get(group) ?? { lastDelivered: '0-0', pending: [] };
  stream.groups.set(group, state);
  let stopped = false;
  let running: Promise<void> | undefined;

  /** The oldest unacknowledged message, else the next new one. */
  function next(): string | undefined {
    const [oldest] = state.pending;
    if (oldest !== undefined) return oldest;
    const fresh = stream.messages.find(({ id }) => sequenceOf(id) > sequenceOf(state.lastDelivered));
    if (!fresh) return undefined;
    state.lastDelivered = fresh.id;
    state.pending.push(fresh.id);
    return fresh.id;
  }

  async function deliverOne(id: string): Promise<void> {
    const text = stream.messages.find((message) => message.id === id)?.text;
    if (text === undefined)
      reader.reject(name, `message ${id} has no field "message", or was cut off before it was read`);
    const message = text === undefined ? undefined : reader.receive(entry, name, text);
    if (message !== undefined) {
      await deliver(message, { id, ageMs: deliveryAgeOf(id, Date.now()) });
    }
    state.pending.shift();
  }

  async function run(): Promise<void> {
    // Never deliver within the append itself, as over a network.
    await new Promise<void>((resolve) => defer(resolve));
    for (let id = next(); id !== undefined && !stopped && fake.isUp(); id = next()) {
      try {
        await deliverOne(id);
      } catch (error) {
        if (!(error instanceof BusUnavailable || error instanceof RetryLater)) {
          stopped = true;
          onFault(error);
          return;
        }
        await new Promise<void>((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  function start(): void {
    if (running || stopped) return;
    running = run().finally(() => {
      running = undefined;
      if (hasMore()) start();
    });
    fake.busy(running);
  }

  function hasMore(): boolean {
    const newest = stream.messages.at(-1);
    return !stopped && fake.isUp() && newest !== undefined && sequenceOf(newest.id) > sequenceOf(state.lastDelivered);
  }

  const stopWatching = fake.onAppend(start);
  start();
  return {
    startOver: start,
    async stop() {
      stopped = true;
      stopWatching();
      await running;
    },
  };
}

function sequenceOf(id: string): number {
  return Number(id.split('-')[1] ?? 0);
}
