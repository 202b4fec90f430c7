import type { AnyEntry, Channel, DocumentOf, RecordEntry } from '../contracts/entry.ts';
import type { BusCounts } from './bus.ts';
import { decodeRecord } from './record-codec.ts';
import type { Logger } from './service.ts';
import { createThrottledLog } from './throttled-log.ts';

/** At most one line per name and this many milliseconds. */
const LOG_EVERY_MS = 10_000;

/**
 * Turns what Redis holds into documents; what is malformed is logged, and comes back as `undefined`. Counted are
 * deliveries alone: a key that is read again and again may hold the same bad text each time.
 */
export interface MessageReader {
  /** A message that came by a channel or a stream. */
  receive<E extends AnyEntry>(entry: E, name: string, text: string): DocumentOf<E> | undefined;
  /** A delivery that cannot even be read as text of a message. */
  reject(name: string, problem: string): void;
  read<E extends AnyEntry>(entry: E, name: string, text: string): DocumentOf<E> | undefined;
  /** Those of `texts` that are well-formed, in order. */
  readAll<E extends AnyEntry>(entry: E, name: string, texts: readonly string[]): DocumentOf<E>[];
  /** Those fields of a map that are well-formed. */
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

/** A reader with its own counts. `nowMs` paces the log lines. */
export function createMessageReader(log: Logger, nowMs: () => number): MessageReader {
  let messages = 0;
  let malformed = 0;
  const throttled = createThrottledLog(log, nowMs, LOG_EVERY_MS);
  const tell = (name: string, problem: string) => throttled.warn(name, { name, problem }, 'malformed message dropped');

  function checked<E extends AnyEntry>(entry: E, name: string, document: unknown): DocumentOf<E> | undefined {
    const { check, wire } = entry as Partial<Pick<Channel, 'check' | 'wire'>>;
    if (check || wire) {
      const message = wire ? wire.decode(document) : check?.(document) ? document : undefined;
      if (message === undefined) tell(name, `not a well-formed ${entry.name}`);
      return message as DocumentOf<E> | undefined;
    }
    const result = entry.schema.safeParse(document);
    if (result.success) return result.data as DocumentOf<E>;
    tell(name, result.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`).join('; '));
    return undefined;
  }

  function read<E extends AnyEntry>(entry: E, name: string, text: string): DocumentOf<E> | undefined {
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch (error) {
      tell(name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
    return checked(entry, name, document);
  }

  return {
    receive(entry, name, text) {
      messages += 1;
      const message = read(entry, name, text);
      if (message === undefined) malformed += 1;
      return message;
    },
    reject(name, problem) {
      messages += 1;
      malformed += 1;
      tell(name, problem);
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
