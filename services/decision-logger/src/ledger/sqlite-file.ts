import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ledgerError } from './ledger-errors.ts';

export type Row = Readonly<Record<string, unknown>>;
export type SqlValue = string | number | null;

/** Maximum wait for a lock. A program that only reads never blocks us; one that writes may. */
const LOCK_WAIT_MS = 1_000;

/** One SQLite file in write-ahead mode, with each statement prepared once. Translates errors of SQLite to those of the ledger. */
export class SqliteFile {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws LedgerUnusable if the file is not a database; LedgerUnwritable if it cannot be opened now. */
  constructor(path: string, readOnly = false) {
    this.#path = path;
    this.#db = this.guarded(() => new DatabaseSync(path, { timeout: LOCK_WAIT_MS, readOnly }));
    if (!readOnly) this.guarded(() => this.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;'));
  }

  /** Opens a file for reading. @throws as the constructor */
  static readOnly(path: string): SqliteFile {
    return new SqliteFile(path, true);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  run(sql: string, ...values: SqlValue[]) {
    return this.guarded(() => this.#statement(sql).run(...values));
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.guarded(() => this.#statement(sql).all(...values));
  }

  iterate(sql: string, ...values: SqlValue[]): Iterable<Row> {
    return this.#statement(sql).iterate(...values);
  }

  /** The `doc` column of each row, parsed. */
  documents<T>(sql: string, ...values: SqlValue[]): T[] {
    return this.all(sql, ...values).map((row) => parseDoc<T>(row));
  }

  /** Runs `work` in one transaction, all or nothing. */
  transaction<T>(work: () => T): T {
    return this.guarded(() => {
      this.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk may already have rolled it back.
        if (this.#db.isTransaction) this.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Translates errors of SQLite. */
  guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ledgerError(error, this.#path);
    }
  }

  close(): void {
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#db.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/** The document of a row. Only this program writes the ledger, and its version was checked, so the document needs no validation. */
export function parseDoc<T>(row: Row): T {
  return JSON.parse(String(row['doc'])) as T;
}
