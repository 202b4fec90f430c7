import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { ErrorBody } from '../api-error.ts';
import { knownError } from '../error-answer.ts';
import type { Part } from './parts.ts';

/** Which version of each part a page has been sent. */
export type SentVersions = Map<string, number>;

/** The newest document of each part, and whether the figures can be read and are kept up (`connection`). */
export interface NewestDocuments {
  /** Reads what is due; that Redis cannot be read becomes a document, any other fault is thrown. */
  read(withSlow: boolean): Promise<void>;
  /** The events a page has not been sent in their newest form, `sent` being brought up to date; versions between are skipped. */
  takeChanges(sent: SentVersions): string;
  forget(): void;
}

interface Newest {
  readonly version: number;
  readonly fingerprint: string;
  readonly text: string;
}

/** `refusal`: why Redis takes no writes, where it takes none: what is read then no longer changes. */
export function createNewestDocuments(
  parts: readonly Part[],
  refusal: () => Error | undefined = () => undefined,
): NewestDocuments {
  const newest = new Map<string, Newest>();

  function keep(name: string, document: object, growing: readonly string[] = []): void {
    const before = newest.get(name);
    const fingerprint = JSON.stringify(document, (key, value) => (growing.includes(key) ? undefined : value));
    const version = (before?.version ?? 0) + (before?.fingerprint === fingerprint ? 0 : 1);
    // Of the same version too: a page that comes later must not be told the time of the last change as that of now.
    newest.set(name, { version, fingerprint, text: `event: ${name}\ndata: ${JSON.stringify(document)}\n\n` });
  }

  async function readPart({ name, read, growing }: Part): Promise<void> {
    keep(name, await read(), growing);
  }

  return {
    async read(withSlow) {
      const due = parts.filter(({ pace, name }) => pace === 'fast' || withSlow || !newest.has(name));
      const results = await Promise.allSettled(due.map(readPart));
      const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
      const fault = failures.find((error) => !(error instanceof BusUnavailable || error instanceof BusFault));
      if (fault) throw fault;
      keep('connection', connectionOf(failures[0] ?? refusal()));
    },
    takeChanges(sent) {
      let text = '';
      for (const [name, part] of newest) {
        if (sent.get(name) === part.version) continue;
        sent.set(name, part.version);
        text += part.text;
      }
      return text;
    },
    forget: () => newest.clear(),
  };
}

/** What the page shows above everything else while figures cannot be read. */
function connectionOf(error: unknown): { readonly ok: boolean } & Partial<ErrorBody> {
  return error === undefined ? { ok: true } : { ok: false, ...knownError(error)?.body };
}
