import { DatabaseSync } from 'node:sqlite';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const TAKEN = new Set([5, 6]);

/**
 * Lets one exchange at a time use a state file. The lock is a transaction that stays open on a file beside it. The system ends it
 * together with the process, also after kill -9, so no stale lock remains.
 */
export class StateLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Undefined if another exchange holds the lock. @throws the system's error if the lock file cannot be created */
  static take(path: string): StateLock | undefined {
    const db = new DatabaseSync(`${path}.lock`, { timeout: 0 });
    try {
      db.exec('BEGIN EXCLUSIVE');
      return new StateLock(db);
    } catch (error) {
      db.close();
      if (TAKEN.has(Number((error as { errcode?: unknown }).errcode) & 0xff)) return undefined;
      throw error;
    }
  }

  release(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}
