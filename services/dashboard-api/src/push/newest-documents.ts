import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { ErrorBody } from '../api-error.ts';
import { knownError } from '../error-answer.ts';
import type { Part } from './parts.ts';

/** The version of each part that a page has received. */
export type SentVersions = Map<string, number>;

/** The newest document of each part. The part `connection` says whether Redis can be read and written. */
export interface NewestDocuments {
  /** Reads the parts that are due. If Redis cannot be read, `connection` says so. @throws any other error */
  read(withSlow: boolean): Promise<void>;
  /** The events that a page lacks; skips versions between. Updates `sent`. */
  takeChanges(sent: SentVersions): string;
  forget(): void;
}

interface Newest {
  readonly version: number;
  readonly fingerprint: string;
  readonly text: string;
}

/** `refusal`: why Redis accepts no writes, if so. The figures that were read then no longer change. */
export function createNewestDocuments(
  parts: readonly Part[],
  refusal: () => Error | undefined = () => undefined,
): NewestDocuments {
  const newest = new Map<string, Newest>();

  function keep(name: string, document: object, growing: readonly string[] = []): void {
    const before = newest.get(name);
    const fingerprint = JSON.stringify(document, (key, value) => (growing.includes(key) ? undefined : value));
    const version = (before?.version ?? 0) + (before?.fingerprint === fingerprint ? 0 : 1);
    // Store an unchanged document too: a page that opens later must get the present `clock_ts`, not that of the last
    // change.
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

/** The document `connection`: while figures cannot be read, the page shows its error as a banner. */
function connectionOf(error: unknown): { readonly ok: boolean } & Partial<ErrorBody> {
  return error === undefined ? { ok: true } : { ok: false, ...knownError(error)?.body };
}
