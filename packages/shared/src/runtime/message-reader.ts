import type { AnyEntry, Channel, DocumentOf, RecordEntry } from '../contracts/entry.ts';
import type { BusCounts } from './bus.ts';
import { decodeRecord } from './record-codec.ts';
import type { Logger } from './service.ts';

/** At most one line per name and this many milliseconds. */
const LOG_EVERY_MS = 10_000;

/** Turns what Redis holds into documents; what is malformed is counted and logged, and comes back as `undefined`. */
export interface MessageReader {
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
  /** A delivery that cannot even be read as text of a message. */
  reject(name: string, problem: string): void;
  counts(): BusCounts;
  /** One more message was handed to a handler. */
  countMessage(): void;
}

/** A reader with its own counts. `nowMs` paces the log lines. */
export function createMessageReader(log: Logger, nowMs: () => number): MessageReader {
  let messages = 0;
  let malformed = 0;
  const loggedAt = new Map<string, number>();
  const unlogged = new Map<string, number>();

  function reject(name: string, problem: string): void {
    malformed += 1;
    const now = nowMs();
    if (now - (loggedAt.get(name) ?? Number.NEGATIVE_INFINITY) < LOG_EVERY_MS) {
      unlogged.set(name, (unlogged.get(name) ?? 0) + 1);
      return;
    }
    loggedAt.set(name, now);
    log.warn({ name, problem, unlogged: unlogged.get(name) ?? 0 }, 'malformed message dropped');
    unlogged.delete(name);
  }

  function checked<E extends AnyEntry>(entry: E, name: string, document: unknown): DocumentOf<E> | undefined {
    const check = (entry as Partial<Channel>).check;
    if (check) {
      if (check(document)) return document as DocumentOf<E>;
      reject(name, `not a well-formed ${entry.name}`);
      return undefined;
    }
    const result = entry.schema.safeParse(document);
    if (result.success) return result.data as DocumentOf<E>;
    reject(
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
      reject(name, error instanceof Error ? error.message : String(error));
      return undefined;
    }
    return checked(entry, name, document);
  }

  return {
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
    reject,
    counts: () => ({ messages, malformed }),
    countMessage: () => {
      messages += 1;
    },
  };
}
