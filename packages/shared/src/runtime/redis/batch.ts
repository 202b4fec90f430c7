import {
  type AnyEntry,
  type Channel,
  type DocumentOf,
  type ListEntry,
  type MapEntry,
  nameOf,
  type Ranking,
  type RecordEntry,
  type Stream,
  type Value,
} from '../../contracts/entry.ts';
import type { ProcessName } from '../../domain/fleet.ts';
import type { Batch } from '../bus.ts';
import { encodeRecord } from '../record-codec.ts';
import type { RedisType } from './put-aside.ts';

/** One Redis command: its name and its arguments. */
export type RedisCommand = [name: string, ...args: (string | number)[]];

type HoleArguments = readonly unknown[];

/** Key type of a command, by the first letter of its name. */
const TYPES: Readonly<Record<string, RedisType>> = { h: 'hash', l: 'list', r: 'list', x: 'stream', z: 'zset' };

/** The key type that a batch command needs. Commands for any type count as `string`; Redis never refuses them for the type. */
export const typeWrittenBy = ([name]: RedisCommand): RedisType => TYPES[name[0] ?? ''] ?? 'string';

/** The Redis commands of `build`, in order. */
export function collectCommands<P extends ProcessName>(build: (batch: Batch<P>) => void): RedisCommand[] {
  const batch = new CommandBatch();
  build(batch);
  return batch.commands;
}

/** A class for speed: one batch is made per book, and an object literal would create all methods each time. */
class CommandBatch implements Batch<ProcessName> {
  readonly commands: RedisCommand[] = [];
  /** A document that is first stored and then published is encoded once. */
  #encoded: unknown;
  #text = '';

  publish(entry: Channel, message: unknown, ...holes: HoleArguments): void {
    this.#add('publish', keyOf(entry, holes), entry.wire?.encode(message) ?? this.#textOf(message));
  }

  set(entry: Value, document: unknown, ...holes: HoleArguments): void {
    const ttl = entry.ttlSec === undefined ? [] : ['EX', entry.ttlSec];
    this.#add('set', keyOf(entry, holes), this.#textOf(document), ...ttl);
  }

  setRecord<E extends RecordEntry>(entry: E, document: DocumentOf<E>, ...holes: HoleArguments): void {
    const key = keyOf(entry, holes);
    const fields = Object.entries(encodeRecord(entry, document)).flat();
    this.#add('del', key);
    if (fields.length > 0) this.#add('hset', key, ...fields);
    this.#expire(key, entry.ttlSec);
  }

  setField(entry: MapEntry, field: string, document: unknown, ...holes: HoleArguments): void {
    this.#add('hset', keyOf(entry, holes), field, this.#textOf(document));
  }

  deleteField(entry: MapEntry, field: string, ...holes: HoleArguments): void {
    this.#add('hdel', keyOf(entry, holes), field);
  }

  setMap(entry: MapEntry, documents: Readonly<Record<string, unknown>>, ...holes: HoleArguments): void {
    const key = keyOf(entry, holes);
    const fields = Object.entries(documents).flatMap(([field, document]) => [field, JSON.stringify(document)]);
    this.#add('del', key);
    if (fields.length > 0) this.#add('hset', key, ...fields);
  }

  push(entry: ListEntry, document: unknown, ...holes: HoleArguments): void {
    const key = keyOf(entry, holes);
    this.#add('lpush', key, this.#textOf(document));
    this.#add('ltrim', key, 0, entry.maxLength - 1);
    this.#expire(key, entry.ttlSec);
  }

  setList(entry: ListEntry, documents: readonly unknown[], ...holes: HoleArguments): void {
    const key = keyOf(entry, holes);
    const texts = documents.slice(0, entry.maxLength).map((document) => JSON.stringify(document));
    this.#add('del', key);
    if (texts.length === 0) return;
    this.#add('rpush', key, ...texts);
    this.#expire(key, entry.ttlSec);
  }

  setItem(entry: ListEntry, index: number, document: unknown, ...holes: HoleArguments): void {
    this.#add('lset', keyOf(entry, holes), index, JSON.stringify(document));
  }

  append(entry: Stream, message: unknown, ...holes: HoleArguments): void {
    this.#add('xadd', keyOf(entry, holes), 'MAXLEN', '~', entry.maxLength, '*', 'message', this.#textOf(message));
  }

  empty(entry: Stream, ...holes: HoleArguments): void {
    this.#add('xtrim', keyOf(entry, holes), 'MAXLEN', 0);
  }

  remove(entry: AnyEntry, ...holes: HoleArguments): void {
    this.#add('del', keyOf(entry, holes));
  }

  setRanking(entry: Ranking, scores: Readonly<Record<string, number>>, ...holes: HoleArguments): void {
    const key = keyOf(entry, holes);
    const members = Object.entries(scores).flatMap(([member, score]) => [score, member]);
    this.#add('del', key);
    if (members.length > 0) this.#add('zadd', key, ...members);
  }

  #add(...command: RedisCommand): void {
    this.commands.push(command);
  }

  #expire(key: string, ttlSec: number | undefined): void {
    if (ttlSec !== undefined) this.#add('expire', key, ttlSec);
  }

  #textOf(document: unknown): string {
    if (document !== this.#encoded) this.#text = JSON.stringify(document);
    this.#encoded = document;
    return this.#text;
  }
}

/** The Redis name of an entry; `holes` are the rest arguments of a call. */
export function keyOf(entry: AnyEntry, holes: HoleArguments): string {
  return nameOf(entry, holes[0] as Readonly<Record<string, string>> | undefined);
}
