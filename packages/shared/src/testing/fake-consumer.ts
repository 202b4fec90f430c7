import type { Stream } from '../contracts/entry.ts';
import type { Delivery } from '../runtime/bus.ts';
import { deliveryAgeOf } from '../runtime/delivery-age.ts';
import { BusUnavailable, RetryLater } from '../runtime/errors.ts';
import type { MessageReader } from '../runtime/message-reader.ts';
import type { FakeRedis } from './fake-redis.ts';

/** A message whose handler could not reach "Redis" is handed over again after this. */
const RETRY_MS = 20;

// Taken at import: fake timers of a test must not stop deliveries.
const defer = setImmediate;

/** One stream as one group reads it. */
export interface FakeConsumer {
  /** From what is unacknowledged, as after a lost connection. */
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

/** Hands over what is pending, then what is new; acknowledges when the handler has resolved. */
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
    // As over a network: never within the append itself.
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
