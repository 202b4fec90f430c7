import { DatabaseSync } from 'node:sqlite';
import { LedgerInUse, ledgerError } from './ledger-errors.ts';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const TAKEN = new Set([5, 6]);

/**
 * Lets one process at a time write a ledger. The lock is a transaction that stays open on a file beside the ledger. The
 * system ends it together with the process, also after kill -9, so no stale lock remains. Readers need no lock.
 */
export class WriterLock {
  readonly #path: string;
  #db: DatabaseSync;

  /** @throws LedgerInUse if another process holds the lock; LedgerUnwritable if its file cannot be created */
  constructor(ledgerPath: string) {
    this.#path = ledgerPath;
    this.#db = take(ledgerPath);
  }

  /** Takes the lock again, because its file may have been deleted. @throws as the constructor; the lock is then released */
  renew(): void {
    // Close the old file first: if both are the same file, closing it later would end the new lock.
    this.#db.close();
    this.#db = take(this.#path);
  }

  release(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

function take(ledgerPath: string): DatabaseSync {
  const path = `${ledgerPath}.lock`;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    const code = Number((error as { errcode?: unknown }).errcode) & 0xff;
    throw TAKEN.has(code) ? new LedgerInUse(ledgerPath, { cause: error }) : ledgerError(error, path);
  }
}
