import type { WriteRefusal } from '../runtime/bus.ts';
import { BusUnavailable } from '../runtime/errors.ts';

/** A stream with its consumer groups. */
export interface FakeStream {
  messages: { id: string; text: string | undefined }[];
  readonly groups: Map<string, FakeGroup>;
}

export interface FakeGroup {
  /** Id of the newest delivered message. */
  lastDelivered: string;
  /** Delivered but unacknowledged, oldest first. */
  readonly pending: string[];
}

type ChannelListener = (name: string, text: string) => void;

/** The shared state of all buses of one test: keys, streams, channels, and whether "Redis" is up. */
export interface FakeRedis {
  readonly strings: Map<string, string>;
  readonly hashes: Map<string, Map<string, string>>;
  readonly lists: Map<string, string[]>;
  readonly rankings: Map<string, Map<string, number>>;
  /** Lines of `INFO stats`, by name. */
  readonly stats: Map<string, string>;
  stream(name: string): FakeStream;
  append(name: string, text: string | undefined, maxLength: number): string;
  /** Delivers `text` to all listeners later, in order. It may be any text, like a message by hand. */
  publish(name: string, text: string): void;
  listen(listener: ChannelListener): () => void;
  /** Called on each append. */
  onAppend(listener: () => void): () => void;
  /** Refuses every later write with this reason, while reads work; undefined: accepts writes again. */
  refuseWrites(refusal: WriteRefusal | undefined): void;
  writeRefusal(): WriteRefusal | undefined;
  /** Throws the error of a bus while Redis is away. */
  mustBeUp(): void;
  isUp(): boolean;
  /** Redis goes away: commands reject, published messages are lost. */
  goDown(): void;
  /** Redis is back with its data; reconnect handlers run. */
  comeBack(): void;
  onComeBack(listener: () => void): () => void;
  /** Consumers report work here, so that `settle` can wait for it. */
  busy(work: Promise<unknown>): void;
  /** Resolves when every published message is delivered and no consumer works. */
  settle(): Promise<void>;
}

// Read at import, so that fake timers of a test do not stop deliveries.
const defer = setImmediate;

/** The part of Redis that the bus uses, in memory. The contract tests compare it with a real Redis. */
export function createFakeRedis(): FakeRedis {
  const streams = new Map<string, FakeStream>();
  const listeners = new Set<ChannelListener>();
  const appendListeners = new Set<() => void>();
  const returnListeners = new Set<() => void>();
  const work = new Set<Promise<unknown>>();
  let queue: { name: string; text: string }[] = [];
  let draining = false;
  let up = true;
  let refusal: WriteRefusal | undefined;
  let sequence = 0;

  function stream(name: string): FakeStream {
    const known = streams.get(name);
    if (known) return known;
    const created: FakeStream = { messages: [], groups: new Map() };
    streams.set(name, created);
    return created;
  }

  function drain(): void {
    draining = false;
    const batch = queue;
    queue = [];
    for (const { name, text } of batch) for (const listener of [...listeners]) listener(name, text);
  }

  return {
    strings: new Map(),
    hashes: new Map(),
    lists: new Map(),
    rankings: new Map(),
    stats: new Map(),
    stream,
    append(name, text, maxLength) {
      sequence += 1;
      const id = `${Date.now()}-${sequence}`;
      const { messages } = stream(name);
      messages.push({ id, text });
      if (messages.length > maxLength) messages.splice(0, messages.length - maxLength);
      for (const listener of [...appendListeners]) listener();
      return id;
    },
    publish(name, text) {
      queue.push({ name, text });
      if (draining) return;
      draining = true;
      defer(drain);
    },
    listen: (listener) => added(listeners, listener),
    onAppend: (listener) => added(appendListeners, listener),
    onComeBack: (listener) => added(returnListeners, listener),
    mustBeUp() {
      if (!up) throw new BusUnavailable('REDIS_UNAVAILABLE', 'The fake Redis is down. Call comeBack().');
    },
    isUp: () => up,
    refuseWrites(why) {
      refusal = why;
    },
    writeRefusal: () => refusal,
    goDown() {
      up = false;
      queue = [];
    },
    comeBack() {
      up = true;
      for (const listener of [...returnListeners]) listener();
    },
    busy(promise) {
      work.add(promise);
      void promise.finally(() => work.delete(promise)).catch(() => {});
    },
    async settle() {
      // Wait for three rounds without work: a handler may write, and those writes must be delivered too.
      for (let quiet = 0; quiet < 3; ) {
        await new Promise<void>((resolve) => defer(resolve));
        quiet = queue.length === 0 && work.size === 0 ? quiet + 1 : 0;
      }
    },
  };
}

function added<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => void set.delete(listener);
}
