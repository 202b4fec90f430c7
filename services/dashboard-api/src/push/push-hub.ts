import { createNewestDocuments, type SentVersions } from './newest-documents.ts';
import type { Part } from './parts.ts';

/** A connected page. `isFull` is true while its send buffer is full. */
export interface PushClient {
  write(text: string): void;
  isFull(): boolean;
  /** False once its session has ended. */
  isAllowed(): boolean;
  end(): void;
}

/** Sends each changed part to every page, at most once per round. */
export interface PushHub {
  /** Returns false if too many pages are connected. */
  add(client: PushClient): boolean;
  remove(client: PushClient): void;
  clients(): number;
  /** Runs one round; the service calls it four times a second. Reads nothing without a page. */
  round(nowMs: number): Promise<void>;
  close(): void;
}

export const ROUND_MS = 250;
const SLOW_EVERY = 4;
const MAX_CLIENTS = 30;
/** A page whose buffer stays full this long is disconnected, milliseconds. Its browser connects again by itself. */
const SLOW_CLIENT_MS = 15_000;
const HEARTBEAT_MS = 10_000;

interface Listener {
  readonly sent: SentVersions;
  fullSinceMs?: number | undefined;
  lastWriteMs: number;
}

export function createPushHub(parts: readonly Part[], refusal?: () => Error | undefined): PushHub {
  const listeners = new Map<PushClient, Listener>();
  const documents = createNewestDocuments(parts, refusal);
  let rounds = 0;

  function serve(client: PushClient, listener: Listener, nowMs: number): void {
    if (!client.isAllowed()) {
      client.write('event: logout\ndata: {}\n\n');
      drop(client);
      return;
    }
    if (client.isFull()) {
      listener.fullSinceMs ??= nowMs;
      if (nowMs - listener.fullSinceMs >= SLOW_CLIENT_MS) drop(client);
      return;
    }
    listener.fullSinceMs = undefined;
    const text = documents.takeChanges(listener.sent);
    if (text === '' && nowMs - listener.lastWriteMs < HEARTBEAT_MS) return;
    listener.lastWriteMs = nowMs;
    // An event, not a comment: only events show the page that the connection is alive.
    client.write(text === '' ? 'event: beat\ndata: {}\n\n' : text);
  }

  function drop(client: PushClient): void {
    listeners.delete(client);
    client.end();
  }

  return {
    add(client) {
      if (listeners.size >= MAX_CLIENTS) return false;
      // Documents that were read for an earlier page may be hours old.
      if (listeners.size === 0) documents.forget();
      listeners.set(client, { sent: new Map(), lastWriteMs: 0 });
      return true;
    },
    remove: (client) => void listeners.delete(client),
    clients: () => listeners.size,
    async round(nowMs) {
      if (listeners.size === 0) return;
      rounds += 1;
      await documents.read(rounds % SLOW_EVERY === 0);
      for (const [client, listener] of listeners) serve(client, listener, nowMs);
    },
    close() {
      for (const client of listeners.keys()) drop(client);
    },
  };
}
