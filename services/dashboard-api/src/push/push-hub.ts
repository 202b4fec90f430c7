import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { ErrorBody } from '../api-error.ts';
import { knownError } from '../error-answer.ts';
import type { Part } from './parts.ts';

/** One page that listens. Writing may fill its buffer: `isFull` says so until it has drained. */
export interface PushClient {
  write(text: string): void;
  isFull(): boolean;
  /** False once its session has ended. */
  isAllowed(): boolean;
  end(): void;
}

/** Sends the parts that changed to every page, at most once a round each. */
export interface PushHub {
  /** False: there are too many already. */
  add(client: PushClient): boolean;
  remove(client: PushClient): void;
  clients(): number;
  /** One round; four a second. Reads nothing while nobody listens. */
  round(nowMs: number): Promise<void>;
  close(): void;
}

export const ROUND_MS = 250;
const SLOW_EVERY = 4;
const MAX_CLIENTS = 30;
/** A page that has not taken what it was sent for this long is dropped, milliseconds; it connects again by itself. */
const SLOW_CLIENT_MS = 15_000;
const HEARTBEAT_MS = 10_000;

interface Newest {
  readonly version: number;
  readonly fingerprint: string;
  readonly text: string;
}

interface Listener {
  readonly sent: Map<string, number>;
  fullSinceMs?: number | undefined;
  lastWriteMs: number;
}

export function createPushHub(parts: readonly Part[]): PushHub {
  const listeners = new Map<PushClient, Listener>();
  const newest = new Map<string, Newest>();
  let rounds = 0;

  function keep(name: string, document: object, growing: readonly string[] = []): void {
    const before = newest.get(name);
    const fingerprint = JSON.stringify(document, (key, value) => (growing.includes(key) ? undefined : value));
    if (before?.fingerprint === fingerprint) return;
    const text = `event: ${name}\ndata: ${JSON.stringify(document)}\n\n`;
    newest.set(name, { version: (before?.version ?? 0) + 1, fingerprint, text });
  }

  async function read(part: Part): Promise<void> {
    keep(part.name, await part.read(), part.growing);
  }

  async function readAll(withSlow: boolean): Promise<void> {
    const due = parts.filter(({ pace, name }) => pace === 'fast' || withSlow || !newest.has(name));
    const results = await Promise.allSettled(due.map(read));
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
    const fault = failures.find((error) => !(error instanceof BusUnavailable || error instanceof BusFault));
    if (fault) throw fault;
    keep('connection', connectionOf(failures[0]));
  }

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
    const text = changesFor(listener);
    if (text === '' && nowMs - listener.lastWriteMs < HEARTBEAT_MS) return;
    listener.lastWriteMs = nowMs;
    client.write(text === '' ? ': still here\n\n' : text);
  }

  /** What this page has not been sent in its newest form; versions between were skipped for it. */
  function changesFor({ sent }: Listener): string {
    let text = '';
    for (const [name, part] of newest) {
      if (sent.get(name) === part.version) continue;
      sent.set(name, part.version);
      text += part.text;
    }
    return text;
  }

  function drop(client: PushClient): void {
    listeners.delete(client);
    client.end();
  }

  return {
    add(client) {
      if (listeners.size >= MAX_CLIENTS) return false;
      // What was read for an earlier page may be hours old.
      if (listeners.size === 0) newest.clear();
      listeners.set(client, { sent: new Map(), lastWriteMs: 0 });
      return true;
    },
    remove: (client) => void listeners.delete(client),
    clients: () => listeners.size,
    async round(nowMs) {
      if (listeners.size === 0) return;
      rounds += 1;
      await readAll(rounds % SLOW_EVERY === 0);
      for (const [client, listener] of listeners) serve(client, listener, nowMs);
    },
    close() {
      for (const client of listeners.keys()) drop(client);
    },
  };
}

/** What the page shows above everything else while figures cannot be read. */
function connectionOf(error: unknown): { readonly ok: boolean } & Partial<ErrorBody> {
  return error === undefined ? { ok: true } : { ok: false, ...knownError(error)?.body };
}
