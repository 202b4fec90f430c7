import type { Channel } from '../../contracts/entry.ts';
import type { MessageReader } from '../message-reader.ts';
import type { Connection } from './connection.ts';

const PING_EVERY_MS = 3_000;
const ANSWER_WITHIN_MS = 3_000;

/** Entry and handlers of one channel name. */
interface Subscription {
  readonly entry: Channel;
  readonly handlers: ((message: unknown) => void)[];
}

/** The subscriptions of one process on their own connection. */
export interface Subscriber {
  add(name: string, entry: Channel, handler: (message: never) => void): Promise<void>;
  remove(name: string): Promise<void>;
  /** True while all subscriptions are active. */
  stands(): boolean;
  stop(): void;
}

interface Options {
  readonly connection: Connection;
  readonly reader: MessageReader;
  /** Called when a handler throws, which is a bug. */
  readonly onFault: (error: unknown) => void;
  /** Called when all subscriptions are active again after a loss. */
  readonly onRestored: () => void;
}

/** Pings the connection, and renews all subscriptions after each loss. Delivers messages in order of arrival. */
export function createSubscriber({ connection, reader, onFault, onRestored }: Options): Subscriber {
  const { redis } = connection;
  const subscriptions = new Map<string, Subscription>();
  let standing = false;
  let stopped = false;

  redis.on('message', (name: string, text: string) => {
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

  async function restore(): Promise<void> {
    const names = [...subscriptions.keys()];
    if (names.length > 0) await connection.withDeadline(redis.subscribe(...names), ANSWER_WITHIN_MS);
    standing = true;
    onRestored();
  }

  connection.onLost(() => {
    standing = false;
  });
  connection.onReady(() => {
    // A failure means that the connection is lost again; its return retries.
    restore().catch(() => redis.disconnect(true));
  });

  const pinger = setInterval(() => {
    if (!connection.isReady()) return;
    // After an unanswered ping withDeadline has already reconnected.
    connection.withDeadline(redis.ping(), ANSWER_WITHIN_MS).catch(() => {});
  }, PING_EVERY_MS);

  return {
    async add(name, entry, handler) {
      const known = subscriptions.get(name);
      if (known) {
        known.handlers.push(handler as (message: unknown) => void);
        return;
      }
      subscriptions.set(name, { entry, handlers: [handler as (message: unknown) => void] });
      try {
        await connection.ready(ANSWER_WITHIN_MS);
        await connection.withDeadline(redis.subscribe(name), ANSWER_WITHIN_MS);
      } catch (error) {
        subscriptions.delete(name);
        throw error;
      }
    },
    async remove(name) {
      if (!subscriptions.delete(name) || !connection.isReady()) return;
      await connection.withDeadline(redis.unsubscribe(name), ANSWER_WITHIN_MS);
    },
    stands: () => standing,
    stop() {
      stopped = true;
      clearInterval(pinger);
    },
  };
}
