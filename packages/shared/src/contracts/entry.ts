import type { z } from 'zod';
import type { ProcessName } from '../domain/fleet.ts';

interface Entry<N extends string, T, W extends ProcessName, R extends ProcessName> {
  /** Redis name; the caller fills in each `{hole}`. */
  readonly name: N;
  readonly schema: z.ZodType<T>;
  readonly writers: readonly W[];
  readonly readers: readonly R[];
  /** One sentence for docs/redis.md. */
  readonly about: string;
}

/** A cheaper text form of a channel's messages, if JSON costs too much. */
export interface WireForm<T> {
  /** Schema of the carried JSON, for documentation and tests. */
  readonly schema: z.ZodType;
  encode(message: T): string;
  /** The message of a carried document; undefined if it is malformed. */
  decode(document: unknown): T | undefined;
}

/**
 * Pub/sub: only the latest message counts, and a lost one is harmless. `check` replaces the schema where zod costs too much;
 * `wire` also replaces the JSON of the message.
 */
export interface Channel<N extends string = string, T = any, W extends ProcessName = any, R extends ProcessName = any>
  extends Entry<N, T, W, R> {
  readonly kind: 'channel';
  readonly check?: (message: unknown) => boolean;
  readonly wire?: WireForm<T>;
}

/** A string that holds one JSON document. */
export interface Value<N extends string = string, T = any, W extends ProcessName = any, R extends ProcessName = any>
  extends Entry<N, T, W, R> {
  readonly kind: 'value';
  readonly ttlSec?: number;
}

/** A hash whose fields are the scalar fields of one object; arrays are JSON. */
export interface RecordEntry<
  N extends string = string,
  T = any,
  W extends ProcessName = any,
  R extends ProcessName = any,
> extends Entry<N, T, W, R> {
  readonly kind: 'record';
  readonly ttlSec?: number;
}

/** A hash of many objects: field → JSON. */
export interface MapEntry<N extends string = string, T = any, W extends ProcessName = any, R extends ProcessName = any>
  extends Entry<N, T, W, R> {
  readonly kind: 'map';
  /** What the field is, e.g. `SYMBOL:LONG`. */
  readonly field: string;
}

/** A list of JSON documents, newest first, capped. `check` as for a channel. */
export interface ListEntry<N extends string = string, T = any, W extends ProcessName = any, R extends ProcessName = any>
  extends Entry<N, T, W, R> {
  readonly kind: 'list';
  readonly check?: (document: unknown) => boolean;
  readonly maxLength: number;
  readonly ttlSec?: number;
}

/** An append-only stream, read through consumer groups named after the reading service; one field `message`, JSON. */
export interface Stream<N extends string = string, T = any, W extends ProcessName = any, R extends ProcessName = any>
  extends Entry<N, T, W, R> {
  readonly kind: 'stream';
  /**
   * `read` keeps what the slowest group has not read, so that nothing is lost while a reader is away. `oldest` keeps the
   * newest messages, read or not.
   */
  readonly trim: 'read' | 'oldest';
  /** With `read`: how many of the newest messages stay although all groups have read them; absent: none. */
  readonly keepsRead?: number;
  /**
   * Maximum number of messages. With `read` it is far above the usual backlog, so that only a dead group reaches it. A
   * reader that loses messages by it logs the loss.
   */
  readonly maxLength: number;
}

/** A sorted set: member → score. */
export interface Ranking<N extends string = string, W extends ProcessName = any, R extends ProcessName = any>
  extends Entry<N, string, W, R> {
  readonly kind: 'ranking';
}

export type AnyEntry = Channel | Value | RecordEntry | MapEntry | ListEntry | Stream | Ranking;

/** The document an entry carries. */
export type DocumentOf<E extends AnyEntry> = E extends Entry<any, infer T, any, any> ? T : never;

type HoleNames<N extends string> = N extends `${string}{${infer H}}${infer Rest}` ? H | HoleNames<Rest> : never;

/** The arguments that name one instance: `[{ symbol: 'BTCUSDT' }]`, or nothing. */
export type Holes<E extends { readonly name: string }> = [HoleNames<E['name']>] extends [never]
  ? []
  : [holes: Readonly<Record<HoleNames<E['name']>, string>>];

/** `E` if the process may write it, else `never`: a forbidden write does not compile. */
export type WritableBy<P extends ProcessName, E extends AnyEntry> = P extends E['writers'][number] ? E : never;
/** `E` if the process may read it, else `never`. */
export type ReadableBy<P extends ProcessName, E extends AnyEntry> = P extends E['readers'][number] ? E : never;

type Spec<E> = Omit<E, 'kind'>;

export const channel = <const N extends string, T, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<Channel<N, T, W, R>>,
): Channel<N, T, W, R> => ({ kind: 'channel', ...spec });

export const value = <const N extends string, T, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<Value<N, T, W, R>>,
): Value<N, T, W, R> => ({ kind: 'value', ...spec });

export const record = <const N extends string, T, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<RecordEntry<N, T, W, R>>,
): RecordEntry<N, T, W, R> => ({ kind: 'record', ...spec });

export const map = <const N extends string, T, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<MapEntry<N, T, W, R>>,
): MapEntry<N, T, W, R> => ({ kind: 'map', ...spec });

export const list = <const N extends string, T, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<ListEntry<N, T, W, R>>,
): ListEntry<N, T, W, R> => ({ kind: 'list', ...spec });

export const stream = <const N extends string, T, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<Stream<N, T, W, R>>,
): Stream<N, T, W, R> => ({ kind: 'stream', ...spec });

export const ranking = <const N extends string, const W extends ProcessName, const R extends ProcessName>(
  spec: Spec<Ranking<N, W, R>>,
): Ranking<N, W, R> => ({ kind: 'ranking', ...spec });

/** Names split into parts: literal text at even places, holes at odd ones. */
const PARTS = new Map<string, readonly string[]>();

/** The Redis name of one instance of an entry. */
export function nameOf({ name }: AnyEntry, holes: Readonly<Record<string, string>> | undefined): string {
  let parts = PARTS.get(name);
  if (parts === undefined) {
    parts = name.split(/[{}]/);
    PARTS.set(name, parts);
  }
  let filled = '';
  for (const [i, part] of parts.entries()) {
    const text = i % 2 === 0 ? part : holes?.[part];
    if (text === undefined) throw new Error(`${name}: no value for {${part}}`);
    filled += text;
  }
  return filled;
}
