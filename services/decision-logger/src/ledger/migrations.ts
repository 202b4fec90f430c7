import { LedgerUnusable } from './ledger-errors.ts';
import type { SqliteFile } from './sqlite-file.ts';

/**
 * The schema changes of the ledger: step n turns version n − 1 into version n. A released step never changes. To change
 * the tables, add a step at the end, and add a ledger of the version before to `test/old-ledgers`. Only step 1 uses IF
 * NOT EXISTS: early versions created the tables one by one.
 *
 * `doc` and `signal` are the JSON documents that Redis carries; the other columns are for SQL queries. `n` is the order
 * of recording. `orders.doc` also contains the signal, so that the order can continue after a restart.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS decisions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE, day TEXT NOT NULL, ts INTEGER NOT NULL,
    symbol TEXT NOT NULL, direction TEXT NOT NULL, outcome TEXT NOT NULL, realized_pnl REAL, seq INTEGER,
    signal TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS decisions_by_day ON decisions (day, n);
  CREATE INDEX IF NOT EXISTS decisions_by_outcome ON decisions (outcome);
  CREATE INDEX IF NOT EXISTS decisions_by_seq ON decisions (seq) WHERE seq IS NOT NULL;
  CREATE TABLE IF NOT EXISTS refusals (
    n INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE, ts INTEGER NOT NULL, symbol TEXT NOT NULL,
    refused_by TEXT, doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS positions (symbol TEXT NOT NULL, side TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (symbol, side));
  CREATE TABLE IF NOT EXISTS orders (order_id TEXT PRIMARY KEY, symbol TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS trades (
    n INTEGER PRIMARY KEY AUTOINCREMENT, exit_signal_id TEXT NOT NULL UNIQUE, entry_signal_id TEXT NOT NULL,
    symbol TEXT NOT NULL, side TEXT NOT NULL, exit_ts INTEGER NOT NULL, gross_pnl REAL NOT NULL, fees REAL NOT NULL,
    realized_pnl REAL NOT NULL, doc TEXT NOT NULL);
  `,
  // The answers to signals. Signals recorded by version 1 have none.
  `
  CREATE TABLE executions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, execution_id TEXT NOT NULL UNIQUE, signal_id TEXT NOT NULL, ts INTEGER NOT NULL,
    symbol TEXT NOT NULL, purpose TEXT NOT NULL, answer TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX executions_by_signal ON executions (signal_id);
  `,
  // Live trading: the venue's income (`amount` is its decimal text), every position with its fills (`booked_fills` finds the closed one of a
  // trade), and signals without a
  // final answer.
  `
  CREATE TABLE flows (
    n INTEGER PRIMARY KEY AUTOINCREMENT, flow_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, symbol TEXT, asset TEXT NOT NULL,
    amount TEXT NOT NULL, trade_id TEXT, ts INTEGER NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX flows_by_symbol ON flows (symbol, ts);
  CREATE TABLE lots (
    position_id TEXT PRIMARY KEY, symbol TEXT NOT NULL, first_ts INTEGER NOT NULL, last_ts INTEGER, doc TEXT NOT NULL);
  CREATE INDEX lots_by_symbol ON lots (symbol, last_ts);
  CREATE TABLE booked_fills (symbol TEXT NOT NULL, trade_id TEXT NOT NULL, position_id TEXT NOT NULL, PRIMARY KEY (symbol, trade_id)) WITHOUT ROWID;
  CREATE TABLE open_signals (signal_id TEXT PRIMARY KEY, doc TEXT NOT NULL);
  `,
];

/**
 * Runs the steps that a ledger lacks. The caller holds the transaction. The version is stored in `PRAGMA user_version`
 * and again in `meta`: programs from before the steps read it there, and refuse a newer ledger.
 * @returns the version found; 0 for a new file
 * @throws LedgerUnusable if a newer program wrote the ledger, or a table is missing
 */
export function migrate(file: SqliteFile, path: string, steps: readonly string[] = MIGRATIONS): number {
  const version = versionOf(file);
  if (version === undefined || version > steps.length)
    throw new LedgerUnusable(
      path,
      `it has version ${version ?? metaVersion(file)}, this program writes ${steps.length}`,
    );
  for (const sql of steps.slice(version)) file.exec(sql);
  const missing = tablesOf(steps).find((table) => !hasTable(file, table));
  if (missing !== undefined) throw new LedgerUnusable(path, `its table ${missing} is missing`);
  if (userVersion(file) === steps.length) return version;
  file.exec(`PRAGMA user_version = ${steps.length}`);
  file.run("INSERT OR REPLACE INTO meta VALUES ('version', ?)", String(steps.length));
  return version;
}

/** 0 for a new file; undefined if `meta` has no whole number. A ledger from before the steps has its version only in `meta`. */
function versionOf(file: SqliteFile): number | undefined {
  const inMeta = Number(metaVersion(file) ?? 0);
  return Number.isInteger(inMeta) ? Math.max(inMeta, userVersion(file)) : undefined;
}

const userVersion = (file: SqliteFile): number => Number(file.all('PRAGMA user_version')[0]?.['user_version']);

function metaVersion(file: SqliteFile): string | undefined {
  if (!hasTable(file, 'meta')) return undefined;
  const [row] = file.all("SELECT value FROM meta WHERE name = 'version'");
  return row && String(row['value']);
}

const hasTable = (file: SqliteFile, name: string): boolean =>
  file.all("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", name).length > 0;

/** The tables that the steps create. */
const tablesOf = (steps: readonly string[]): string[] =>
  [...steps.join('\n').matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)].map(([, name]) => name as string);
