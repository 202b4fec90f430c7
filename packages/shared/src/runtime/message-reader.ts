import { z } from 'zod';
import type { AnyEntry, Channel, DocumentOf, RecordEntry, Stream } from '../contracts/entry.ts';
import type { BusCounts } from './bus.ts';
import { decodeRecord } from './record-codec.ts';
import type { Logger } from './service.ts';
import { createThrottledLog } from './throttled-log.ts';

/** Minimum time between two log lines per name. */
const LOG_EVERY_MS = 10_000;

/**
 * Turns texts from Redis into documents. Logs a malformed text and returns `undefined`. Counts deliveries only, because a key
 * that is read often may hold the same malformed text each time.
 */
export interface MessageReader {
  /**
   * Compiles the schema of a stream whose messages will come. A rare message costs a third of the time then; what the compiled
   * schema does not accept goes through the schema itself. Takes some milliseconds.
   */
  compile(entry: Stream): void;
  /** Reads a message from a channel or a stream, and counts it. */
  receive<E extends AnyEntry>(entry: E, name: string, text: string): DocumentOf<E> | undefined;
  /** Counts a delivery without the text of a message as malformed. */
  reject(name: string, problem: string): void;
  read<E extends AnyEntry>(entry: E, name: string, text: string): DocumentOf<E> | undefined;
  /** The well-formed ones of `texts`, in order. */
  readAll<E extends AnyEntry>(entry: E, name: string, texts: readonly string[]): DocumentOf<E>[];
  /** The well-formed fields of a map. */
  readFields<E extends AnyEntry>(
    entry: E,
    name: string,
    fields: Readonly<Record<string, string>>,
  ): Record<string, DocumentOf<E>>;
  readRecord<E extends RecordEntry>(
    entry: E,
    name: string,
    fields: Readonly<Record<string, string>>,
  ): DocumentOf<E> | undefined;
  counts(): BusCounts;
}

/** A reader with its own counts. `nowMs` limits the rate of log lines. */
export function createMessageReader(log: Logger, nowMs: () => number): MessageReader {
  let messages = 0;
  let malformed = 0;
  const compiled = new WeakMap<AnyEntry, z.ZodType>();
  const throttled = createThrottledLog(log, nowMs, LOG_EVERY_MS);
  const logDropped = (name: string, problem: string) =>
    throttled.warn(name, { name, problem }, 'malformed message dropped');

  function checked<E extends AnyEntry>(entry: E, name: string, document: unknown): DocumentOf<E> | undefined {
    const { check, wire } = entry as Partial<Pick<Channel, 'check' | 'wire'>>;
    if (check || wire) {
      const message = wire ? wire.decode(document) : check?.(document) ? document : undefined;
      if (message === undefined) logDropped(name, `not a well-formed ${entry.name}`);
      return message as DocumentOf<E> | undefined;
    }
    const result = (compiled.get(entry) ?? entry.schema).safeParse(document);
    if (result.success) return result.data as DocumentOf<E>;
    logDropped(
      name,
      result.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`).join('; '),
    );
    return undefined;
  }

  function read<E extends AnyEntry>(entry: E, name: string, text: string): DocumentOf<E> | undefined {
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (error) {
      logDropped(name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
    return checked(entry, name, document);
  }

  return {
    compile(entry) {
      compiled.set(entry, z.compile(entry.schema));
    },
    receive(entry, name, text) {
      messages += 1;
      const message = read(entry, name, text);
      if (message === undefined) malformed += 1;
      return message;
    },
    reject(name, problem) {
      messages += 1;
      malformed += 1;
      logDropped(name, problem);
    },
    read,
    readAll<E extends AnyEntry>(entry: E, name: string, texts: readonly string[]): DocumentOf<E>[] {
      const documents: DocumentOf<E>[] = [];
      for (const text of texts) {
        const document = read(entry, name, text);
        if (document !== undefined) documents.push(document);
      }
      return documents;
    },
    readFields<E extends AnyEntry>(entry: E, name: string, fields: Readonly<Record<string, string>>) {
      const documents: Record<string, DocumentOf<E>> = {};
      for (const [field, text] of Object.entries(fields)) {
        const document = read(entry, name, text);
        if (document !== undefined) documents[field] = document;
      }
      return documents;
    },
    readRecord: (entry, name, fields) => checked(entry, name, decodeRecord(entry, fields)),
    counts: () => ({ messages, malformed }),
  };
}
