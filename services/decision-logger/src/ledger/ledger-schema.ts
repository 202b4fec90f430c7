/** Shape of the tables; a ledger of another version is refused. */
export const LEDGER_VERSION = '1';

/**
 * `doc` and `signal` are the JSON documents that Redis carries; the other columns are for questions in SQL. `n` is the order
 * of recording. `orders.doc` holds the signal as well, so that an order can go on after a restart.
 */
export const LEDGER_SCHEMA = `
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
`;
