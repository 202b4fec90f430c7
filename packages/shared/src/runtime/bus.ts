import type {
  AnyEntry,
  Channel,
  DocumentOf,
  Holes,
  ListEntry,
  MapEntry,
  Ranking,
  ReadableBy,
  RecordEntry,
  Stream,
  Value,
  WritableBy,
} from '../contracts/entry.ts';
import type { ProcessName } from '../domain/fleet.ts';
import type { Lease } from '../domain/lease.ts';
import type { BusUnavailable } from './errors.ts';

/** Redis takes no writes. */
export interface WriteRefusal {
  readonly error: BusUnavailable;
  /** When the first write was refused, epoch ms. */
  readonly sinceTs: number;
}

/** Writes collected into one pipeline, sent in order. Write state first, then publish. */
export interface Batch<P extends ProcessName> {
  publish<E extends Channel>(entry: E & WritableBy<P, E>, message: DocumentOf<E>, ...holes: Holes<E>): void;
  set<E extends Value>(entry: E & WritableBy<P, E>, document: DocumentOf<E>, ...holes: Holes<E>): void;
  /** Replaces the whole object; absent fields disappear. */
  setRecord<E extends RecordEntry>(entry: E & WritableBy<P, E>, document: DocumentOf<E>, ...holes: Holes<E>): void;
  setField<E extends MapEntry>(
    entry: E & WritableBy<P, E>,
    field: string,
    document: DocumentOf<E>,
    ...holes: Holes<E>
  ): void;
  deleteField<E extends MapEntry>(entry: E & WritableBy<P, E>, field: string, ...holes: Holes<E>): void;
  /** Replaces all fields. */
  setMap<E extends MapEntry>(
    entry: E & WritableBy<P, E>,
    documents: Readonly<Record<string, DocumentOf<E>>>,
    ...holes: Holes<E>
  ): void;
  /** Adds at the front, cuts the list to the entry's `maxLength`, renews its time to live. */
  push<E extends ListEntry>(entry: E & WritableBy<P, E>, document: DocumentOf<E>, ...holes: Holes<E>): void;
  /** Replaces the whole list; `documents` newest first. */
  setList<E extends ListEntry>(
    entry: E & WritableBy<P, E>,
    documents: readonly DocumentOf<E>[],
    ...holes: Holes<E>
  ): void;
  /** Replaces one document of a list; index 0 is the newest. A missing index is a `BusFault`. */
  setItem<E extends ListEntry>(
    entry: E & WritableBy<P, E>,
    index: number,
    document: DocumentOf<E>,
    ...holes: Holes<E>
  ): void;
  append<E extends Stream>(entry: E & WritableBy<P, E>, message: DocumentOf<E>, ...holes: Holes<E>): void;
  /** Removes all messages; the consumer groups keep their positions. */
  empty<E extends Stream>(entry: E & WritableBy<P, E>, ...holes: Holes<E>): void;
  /** Deletes the key, whatever its type; also deletes a stream's groups. */
  remove<E extends AnyEntry>(entry: E & WritableBy<P, E>, ...holes: Holes<E>): void;
  setRanking<E extends Ranking>(
    entry: E & WritableBy<P, E>,
    scores: Readonly<Record<string, number>>,
    ...holes: Holes<E>
  ): void;
}

/** What a consumer gets besides the message. */
export interface Delivery {
  /** Redis stream id, `<ms>-<n>`. */
  readonly id: string;
  /** Milliseconds between the append and this delivery; undefined: appended before the clock was set back. */
  readonly ageMs: number | undefined;
}

/** Number of messages from channels and streams since the start, for the heartbeat. */
export interface BusCounts {
  readonly messages: number;
  readonly malformed: number;
}

/**
 * Connects one process with the others. `P` decides at compile time what the process may write and read.
 * Every promise rejects with a `BusUnavailable` while Redis cannot be reached; nothing is queued for later.
 */
export interface Bus<P extends ProcessName> {
  /** Sends all writes of `build` as one pipeline. Resolves when Redis has accepted all of them. */
  write(build: (batch: Batch<P>) => void): Promise<void>;
  /**
   * Why Redis refused the last write of state; undefined once it accepts one. Reads may still work, for example with a full
   * disk, but then old records do not mean that their writers are down. Updated at least with each heartbeat.
   */
  writeRefusal(): WriteRefusal | undefined;

  get<E extends Value>(entry: E & ReadableBy<P, E>, ...holes: Holes<E>): Promise<DocumentOf<E> | undefined>;
  getRecord<E extends RecordEntry>(entry: E & ReadableBy<P, E>, ...holes: Holes<E>): Promise<DocumentOf<E> | undefined>;
  getMap<E extends MapEntry>(entry: E & ReadableBy<P, E>, ...holes: Holes<E>): Promise<Record<string, DocumentOf<E>>>;
  /** Newest first, `limit` at most. */
  getList<E extends ListEntry>(
    entry: E & ReadableBy<P, E>,
    limit: number,
    ...holes: Holes<E>
  ): Promise<DocumentOf<E>[]>;
  /** Number of documents in a list, map or stream, well-formed or not. */
  count<E extends ListEntry | MapEntry | Stream>(entry: E & ReadableBy<P, E>, ...holes: Holes<E>): Promise<number>;
  /** A stream's newest messages without a consumer group, newest first. */
  getLatest<E extends Stream>(entry: E & ReadableBy<P, E>, limit: number, ...holes: Holes<E>): Promise<DocumentOf<E>[]>;
  /** As `getLatest`, from the other end: oldest first. */
  getOldest<E extends Stream>(entry: E & ReadableBy<P, E>, limit: number, ...holes: Holes<E>): Promise<DocumentOf<E>[]>;
  /** Members with scores, highest first. */
  getRanking<E extends Ranking>(
    entry: E & ReadableBy<P, E>,
    ...holes: Holes<E>
  ): Promise<{ member: string; score: number }[]>;
  /**
   * True if a reader's group has acknowledged all messages of a stream. False if the group does not exist yet and the
   * stream has messages.
   */
  hasReadAll<E extends Stream>(
    entry: E & (WritableBy<P, E> | ReadableBy<P, E>),
    reader: E['readers'][number],
    ...holes: Holes<E>
  ): Promise<boolean>;
  /**
   * Takes a lease, or renews it, for `ttlMs`. Resolves to its fencing token, which is greater than that of every earlier holder, or to
   * undefined if another holder has it.
   */
  takeLease<E extends RecordEntry<string, Lease>>(
    entry: E & WritableBy<P, E>,
    holder: string,
    ttlMs: number,
  ): Promise<number | undefined>;
  /** The lines of `INFO section` by name. */
  serverInfo(section: 'stats'): Promise<Readonly<Record<string, string>>>;

  /**
   * Calls `handler` with each well-formed message, in order of arrival across all channels. A malformed one is dropped,
   * counted and logged. A handler that throws is a bug and ends the process.
   */
  subscribe<E extends Channel>(
    entry: E & ReadableBy<P, E>,
    handler: (message: DocumentOf<E>) => void,
    ...holes: Holes<E>
  ): Promise<void>;
  unsubscribe<E extends Channel>(entry: E & ReadableBy<P, E>, ...holes: Holes<E>): Promise<void>;

  /**
   * Reads a stream as the group named after this service: pending messages first, then new ones.
   * A message is acknowledged once `handler` has resolved. After `RetryLater` or `BusUnavailable` it is delivered again
   * after a pause; any other rejection is a bug and ends the process.
   */
  consume<E extends Stream>(
    entry: E & ReadableBy<P, E>,
    handler: (message: DocumentOf<E>, delivery: Delivery) => Promise<void>,
    ...holes: Holes<E>
  ): Promise<void>;

  /**
   * Calls `handler` after a lost connection and its subscriptions are back, so that it can load its state again. Calls it
   * again after a pause if it rejects with `BusUnavailable`.
   */
  onReconnect(handler: () => Promise<void>): void;
  counts(): BusCounts;
  close(): Promise<void>;
}
