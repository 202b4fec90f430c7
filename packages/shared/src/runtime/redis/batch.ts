import { type AnyEntry, nameOf } from '../../contracts/entry.ts';
import type { ProcessName } from '../../domain/fleet.ts';
import type { Batch } from '../bus.ts';
import { encodeRecord } from '../record-codec.ts';

/** One Redis command: its name and its arguments. */
export type RedisCommand = [name: string, ...args: (string | number)[]];

type HoleArguments = readonly unknown[];

/** A batch that collects Redis commands, in order. */
export function collectCommands<P extends ProcessName>(build: (batch: Batch<P>) => void): RedisCommand[] {
  const commands: RedisCommand[] = [];
  const add = (...command: RedisCommand) => void commands.push(command);
  const expire = (key: string, ttlSec: number | undefined) => ttlSec !== undefined && add('expire', key, ttlSec);
  const textOf = createEncoder();

  build({
    publish(entry, message, ...holes) {
      add('publish', keyOf(entry, holes), textOf(message));
    },
    set(entry, document, ...holes) {
      const ttl = entry.ttlSec === undefined ? [] : ['EX', entry.ttlSec];
      add('set', keyOf(entry, holes), textOf(document), ...ttl);
    },
    setRecord(entry, document, ...holes) {
      const key = keyOf(entry, holes);
      const fields = Object.entries(encodeRecord(entry, document)).flat();
      add('del', key);
      if (fields.length > 0) add('hset', key, ...fields);
      expire(key, entry.ttlSec);
    },
    setField(entry, field, document, ...holes) {
      add('hset', keyOf(entry, holes), field, JSON.stringify(document));
    },
    deleteField(entry, field, ...holes) {
      add('hdel', keyOf(entry, holes), field);
    },
    setMap(entry, documents, ...holes) {
      const key = keyOf(entry, holes);
      const fields = Object.entries(documents).flatMap(([field, document]) => [field, JSON.stringify(document)]);
      add('del', key);
      if (fields.length > 0) add('hset', key, ...fields);
    },
    push(entry, document, ...holes) {
      const key = keyOf(entry, holes);
      add('lpush', key, textOf(document));
      add('ltrim', key, 0, entry.maxLength - 1);
      expire(key, entry.ttlSec);
    },
    setList(entry, documents, ...holes) {
      const key = keyOf(entry, holes);
      const texts = documents.slice(0, entry.maxLength).map((document) => JSON.stringify(document));
      add('del', key);
      if (texts.length === 0) return;
      add('rpush', key, ...texts);
      expire(key, entry.ttlSec);
    },
    setItem(entry, index, document, ...holes) {
      add('lset', keyOf(entry, holes), index, JSON.stringify(document));
    },
    append(entry, message, ...holes) {
      add('xadd', keyOf(entry, holes), 'MAXLEN', '~', entry.maxLength, '*', 'message', textOf(message));
    },
    empty(entry, ...holes) {
      add('xtrim', keyOf(entry, holes), 'MAXLEN', 0);
    },
    remove(entry, ...holes) {
      add('del', keyOf(entry, holes));
    },
    setRanking(entry, scores, ...holes) {
      const key = keyOf(entry, holes);
      const members = Object.entries(scores).flatMap(([member, score]) => [score, member]);
      add('del', key);
      if (members.length > 0) add('zadd', key, ...members);
    },
  });
  return commands;
}

/** Encodes documents; one that is written as state and then told as news is encoded once. */
function createEncoder(): (document: unknown) => string {
  let known: unknown;
  let text = '';
  return (document) => {
    if (document !== known) text = JSON.stringify(document);
    known = document;
    return text;
  };
}

/** The Redis name of an entry, its holes given as the rest of a call. */
export function keyOf(entry: AnyEntry, holes: HoleArguments): string {
  return nameOf(entry, holes[0] as Readonly<Record<string, string>> | undefined);
}
