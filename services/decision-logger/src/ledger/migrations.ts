import { LedgerUnusable } from './ledger-errors.ts';
import type { SqliteFile } from './sqlite-file.ts';

/**
 * The steps that bring a ledger to this version: step n turns version n − 1 into version n. A released step never changes;
 * a change of the tables is a new step at the end, and a ledger of the version before it joins `test/old-ledgers`. Only step 1
 * says IF NOT EXISTS: ledgers from before the steps were begun table by table.
 *
 * `doc` and `signal` are the JSON documents that Redis carries; the other columns are for questions in SQL. `n` is the order
 * of recording. `orders.doc` holds the signal as well, so that an order can go on after a restart.
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
  // The answers to signals. Signals on record from before have none.
  `
  CREATE TABLE executions (
    n INTEGER PRIMARY KEY AUTOINCREMENT, execution_id TEXT NOT NULL UNIQUE, signal_id TEXT NOT NULL, ts INTEGER NOT NULL,
    symbol TEXT NOT NULL, purpose TEXT NOT NULL, answer TEXT NOT NULL, doc TEXT NOT NULL);
  CREATE INDEX executions_by_signal ON executions (signal_id);
  `,
];

/**
 * Runs the steps that a ledger lacks; call it inside a transaction. The version stands in `PRAGMA user_version`, and once more
 * in `meta`, where programs from before the steps look: they refuse a newer ledger.
 * @returns the version that was found; 0 for a new file
 * @throws LedgerUnusable where a newer program wrote the ledger, or a table is missing
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

/** 0 for a new file; undefined where `meta` holds no number. A ledger from before the steps has its version in `meta` alone. */
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

/** The tables that the steps make. */
const tablesOf = (steps: readonly string[]): string[] =>
  [...steps.join('\n').matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)].map(([, name]) => name as string);
