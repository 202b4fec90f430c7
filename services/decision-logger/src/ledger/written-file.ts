import type { Ledger, LedgerSize } from './ledger.ts';
import { LedgerUnusable, LedgerUnwritable } from './ledger-errors.ts';
import { SqliteFile } from './sqlite-file.ts';

/** Reads the size of a ledger's content. */
export function sizeIn(file: SqliteFile): LedgerSize {
  const [decision] = file.all('SELECT n, decision_id FROM decisions ORDER BY n DESC LIMIT 1');
  const [trade] = file.all('SELECT max(n) AS n FROM trades');
  return {
    decisions: Number(decision?.['n'] ?? 0),
    trades: Number(trade?.['n'] ?? 0),
    last_decision_id: decision && String(decision['decision_id']),
  };
}

/**
 * True if the file at `path` contains what `writer` has written. A second connection reads it, because the writer's own
 * connection answers from cached pages. A file that cannot be read now counts as unchanged.
 */
export function isAsWritten(path: string, writer: Pick<Ledger, 'identity' | 'size'>): boolean {
  let second: SqliteFile | undefined;
  try {
    const { ledger_id } = writer.identity();
    const { decisions, trades, last_decision_id } = writer.size();
    second = SqliteFile.readOnly(path);
    const [meta] = second.all("SELECT value FROM meta WHERE name = 'ledger_id'");
    const found = sizeIn(second);
    return (
      meta?.['value'] === ledger_id &&
      found.decisions === decisions &&
      found.trades === trades &&
      found.last_decision_id === last_decision_id
    );
  } catch (error) {
    if (error instanceof LedgerUnwritable) return true;
    if (error instanceof LedgerUnusable || isSqlite(error)) return false;
    throw error;
  } finally {
    second?.close();
  }
}

/** For example a missing table. */
const isSqlite = (error: unknown): boolean => (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
