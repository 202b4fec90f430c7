import { DatabaseSync } from 'node:sqlite';
import { LedgerInUse, ledgerError } from './ledger-errors.ts';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const TAKEN = new Set([5, 6]);

/**
 * Lets one process at a time write a ledger. It is a transaction that stays open on a file beside the ledger: the system ends
 * it with the process, also by kill -9, so that nothing stale is left. Readers do not ask for it.
 */
export class WriterLock {
  readonly #path: string;
  #db: DatabaseSync;

  /** @throws LedgerInUse where another process holds it; LedgerUnwritable where the file cannot be made. */
  constructor(ledgerPath: string) {
    this.#path = ledgerPath;
    this.#db = take(ledgerPath);
  }

  /** Takes it again at its path, whose file may have been deleted. @throws as the constructor; it is then held no more. */
  renew(): void {
    // First the old file: where both are one file, closing it later would end the new lock too.
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
