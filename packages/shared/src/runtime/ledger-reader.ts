import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Decision } from '../domain/decision.ts';
import { RememberedState } from '../domain/fleet.ts';
import type { OpenPosition } from '../domain/position.ts';
import { HopelessStart } from './errors.ts';

/** Maximum wait for a writer's lock. A reader never blocks decision-logger. */
const LOCK_WAIT_MS = 2_000;

/** A paper account, read from its ledger. Money in quote currency. */
export interface LedgerAccount {
  readonly run: string;
  readonly path: string;
  /** True for a replay session, which has its own ledger. */
  readonly isReplay: boolean;
  /** Absent if the ledger has never counted a trade. */
  readonly starting_balance?: number;
  /** PnL of the strategy's trades in the present statistics epoch, as in `simulated_pnl_summary`. */
  readonly realized_pnl: number;
  readonly trades: number;
  /** PnL of trades opened by a signal published by hand. No other figure includes them. */
  readonly external_pnl: number;
  readonly external_trades: number;
  readonly decisions: number;
  readonly positions: readonly OpenPosition[];
  readonly resting_orders: number;
  /** Market time of the newest decision or refusal, epoch ms. */
  readonly last_activity_ts?: number;
  readonly trading: RememberedState;
}

/** Selects decisions and refusals; times are inclusive, epoch ms. */
export interface HistoryQuery {
  readonly symbol?: string;
  readonly from?: number;
  readonly to?: number;
  /** Only triggers that this gate refused. */
  readonly gate?: string;
  /** Maximum number; the newest count. */
  readonly limit: number;
}

/** Paths of the ledgers in a data directory, without files that were moved aside. */
export function ledgersIn(dataDir: string): string[] {
  const folder = join(dataDir, 'ledger');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.sqlite') && !/\.(reset|found)-/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/** The accounts in a data directory. */
export interface Accounts {
  readonly accounts: readonly LedgerAccount[];
  /** An error message for each ledger that cannot be read. */
  readonly unreadable: readonly string[];
}

/** Reads every account in a data directory. An unreadable ledger does not hide the others. */
export function readAccounts(dataDir: string): Accounts {
  const accounts: LedgerAccount[] = [];
  const unreadable: string[] = [];
  for (const path of ledgersIn(dataDir)) {
    try {
      accounts.push(readAccount(path));
    } catch (error) {
      if (!(error instanceof HopelessStart)) throw error;
      unreadable.push(error.message);
    }
  }
  return { accounts, unreadable };
}

/** Reads one account, even while decision-logger writes it. @throws HopelessStart if the file is not a ledger. */
export function readAccount(path: string): LedgerAccount {
  return withLedger(path, (db) => {
    const meta = Object.fromEntries(db.prepare('SELECT name, value FROM meta').all().map(pairOf));
    const statisticsEpoch = meta['chapter'] === undefined ? undefined : JSON.parse(meta['chapter']);
    const [counted, external] = ['IS NOT', 'IS'].map((comparison) =>
      db.prepare(sumsWhereOrigin(comparison)).get(statisticsEpoch?.trades_after ?? 0),
    );
    const last = numberIn(db, 'SELECT max(ts) AS n FROM (SELECT ts FROM decisions UNION ALL SELECT ts FROM refusals)');
    return {
      run: meta['run'] ?? '',
      path,
      isReplay: basename(path).includes('--'),
      ...(statisticsEpoch === undefined ? {} : { starting_balance: Number(statisticsEpoch.settings.starting_balance) }),
      realized_pnl: Number(counted?.['pnl'] ?? 0),
      trades: Number(counted?.['trades'] ?? 0),
      external_pnl: Number(external?.['pnl'] ?? 0),
      external_trades: Number(external?.['trades'] ?? 0),
      decisions: numberIn(db, 'SELECT count(*) AS n FROM decisions') ?? 0,
      positions: db
        .prepare('SELECT doc FROM positions ORDER BY symbol, side')
        .all()
        .map(documentOf<OpenPosition>),
      resting_orders: numberIn(db, 'SELECT count(*) AS n FROM orders') ?? 0,
      ...(last === undefined ? {} : { last_activity_ts: last }),
      trading: readTrading(meta['trading_state']),
    };
  });
}

/** Calls `take` with decisions and refusals, oldest first, and returns their number. @throws as `readAccount`. */
export function readHistory(path: string, query: HistoryQuery, take: (decision: Decision) => void): number {
  const { symbol = null, from = 0, to = Number.MAX_SAFE_INTEGER, gate = null, limit } = query;
  const which = 'ts BETWEEN :from AND :to AND (:symbol IS NULL OR symbol = :symbol)';
  const sql = `SELECT doc FROM (
    SELECT ts, 0 AS part, n, doc FROM decisions WHERE ${which} AND :gate IS NULL
    UNION ALL SELECT ts, 1 AS part, n, doc FROM refusals WHERE ${which} AND (:gate IS NULL OR refused_by = :gate)
    ORDER BY ts DESC, part DESC, n DESC LIMIT :limit) ORDER BY ts, part, n`;
  return withLedger(path, (db) => {
    let count = 0;
    for (const row of db.prepare(sql).iterate({ from, to, symbol, gate, limit })) {
      take(documentOf<Decision>(row));
      count += 1;
    }
    return count;
  });
}

/** Trades of earlier versions name no origin and count as the strategy's. */
const sumsWhereOrigin = (comparison: string): string =>
  `SELECT count(*) AS trades, total(realized_pnl) AS pnl FROM trades
    WHERE n > ? AND json_extract(doc, '$.origin') ${comparison} 'EXTERNAL'`;

type Row = Readonly<Record<string, unknown>>;

const pairOf = (row: Row): [string, string] => [String(row['name']), String(row['value'])];
const documentOf = <T>(row: Row): T => JSON.parse(String(row['doc'])) as T;

function numberIn(db: DatabaseSync, sql: string): number | undefined {
  const value = db.prepare(sql).get()?.['n'];
  return value === null || value === undefined ? undefined : Number(value);
}

const readTrading = (text: string | undefined): RememberedState =>
  text === undefined ? { kind: 'LOST' } : RememberedState.parse(JSON.parse(text));

function withLedger<T>(path: string, work: (db: DatabaseSync) => T): T {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: LOCK_WAIT_MS });
    return work(db);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_SQLITE_ERROR') throw error;
    throw new HopelessStart(
      `The ledger ${path} cannot be read: ${(error as Error).message}. Nothing was changed. Check that the file is intact, and that this user may read it and write to its folder, where SQLite creates helper files.`,
      { cause: error },
    );
  } finally {
    db?.close();
  }
}
