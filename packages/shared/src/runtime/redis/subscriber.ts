import type { Channel } from '../../contracts/entry.ts';
import type { MessageReader } from '../message-reader.ts';
import type { Connection } from './connection.ts';

const PING_EVERY_MS = 3_000;
const ANSWER_WITHIN_MS = 3_000;

/** What one channel name is read as, and who wants it. */
interface Subscription {
  readonly entry: Channel;
  readonly handlers: ((message: unknown) => void)[];
}

/** The subscriptions of one process on their own connection. */
export interface Subscriber {
  add(name: string, entry: Channel, handler: (message: never) => void): Promise<void>;
  remove(name: string): Promise<void>;
  /** True while Redis sends us everything we subscribed to. */
  stands(): boolean;
  stop(): void;
}

interface Options {
  readonly connection: Connection;
  readonly reader: MessageReader;
  /** A handler threw: a fault of ours. */
  readonly onFault: (error: unknown) => void;
  /** Subscriptions stand again after a loss. */
  readonly onRestored: () => void;
}

/** Pings the connection, and subscribes again to everything after each loss. Messages are handed out in order of arrival. */
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
    // A refusal means the connection went again; its return tries anew.
    restore().catch(() => redis.disconnect(true));
  });

  const pinger = setInterval(() => {
    if (!connection.isReady()) return;
    // An unanswered ping has made withDeadline connect anew.
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
