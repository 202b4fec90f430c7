/** Primary result codes of SQLite (sqlite.org/rescode.html) for temporary errors. */
const PASSING: Readonly<Record<number, string>> = {
  5: 'another program holds it locked',
  6: 'another program holds it locked',
  8: 'it, or its folder, may not be written',
  10: 'the disk reported an error',
  13: 'the disk is full',
  14: 'it, or its folder, cannot be opened',
};
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const BROKEN = new Set([11, 26]);

/** The ledger cannot be written now; it may work later. The transaction was rolled back. */
export class LedgerUnwritable extends Error {
  constructor(path: string, why: string, options: { cause: unknown }) {
    super(
      `The ledger ${path} cannot be written: ${why}. Signals wait in Redis and are tried again; entries that wait for over a minute are MISSED. ` +
        'Free space on that disk, or correct the rights of the folder; recording then continues by itself.',
      options,
    );
    this.name = 'LedgerUnwritable';
  }
}

/** Another process writes the ledger. Two processes would each record every signal. */
export class LedgerInUse extends Error {
  constructor(path: string, options: { cause: unknown }) {
    super(
      `Another process writes the ledger ${path}, so it stays closed here: two processes would each record every signal.`,
      options,
    );
    this.name = 'LedgerInUse';
  }
}

/** The ledger cannot be used in its present state; only the operator can decide what to do with it. */
export class LedgerUnusable extends Error {
  constructor(path: string, why: string, options?: { cause: unknown }) {
    super(
      `The ledger ${path} cannot be used: ${why}. It was left as it is. ` +
        `Move it aside (mv '${path}' '${path}.aside', its -wal and -shm files too), and put a backup in its place or begin a new ledger.`,
      options,
    );
    this.name = 'LedgerUnusable';
  }
}

/** Translates an error of SQLite for the ledger at `path`; returns any other error unchanged. */
export function ledgerError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== 'ERR_SQLITE_ERROR') return error;
  // The low byte of an extended code is the primary code.
  const code = Number((error as { errcode?: unknown }).errcode) & 0xff;
  const passing = PASSING[code];
  if (passing !== undefined) return new LedgerUnwritable(path, `${passing} (${error.message})`, { cause: error });
  if (BROKEN.has(code))
    return new LedgerUnusable(path, `it is damaged or no ledger (${error.message})`, { cause: error });
  return error;
}

/** Runs optional work; ignores that the ledger is not writable. */
export function tryWrite(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof LedgerUnwritable)) throw error;
  }
}
