import type { DecisionOutcome } from '@helios/shared/domain/decision.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** Numbers of the newest decision and trade; 0 without one. */
export function lastRows(file: SqliteFile): { readonly decisions_after: number; readonly trades_after: number } {
  const last = (table: string) => Number(file.all(`SELECT max(n) AS n FROM ${table}`)[0]?.['n'] ?? 0);
  return { decisions_after: last('decisions'), trades_after: last('trades') };
}

/** Ids of the decisions up to `n` whose orders still rest. */
export function restingUpTo(file: SqliteFile, n: number): string[] {
  const rows = file.all("SELECT decision_id FROM decisions WHERE outcome = 'RESTING' AND n <= ?", n);
  return rows.map((row) => String(row['decision_id']));
}

/** Count of each outcome after decision `afterN`. */
export function outcomesAfter(file: SqliteFile, afterN: number): { outcome: DecisionOutcome; count: number }[] {
  const rows = file.all('SELECT outcome, count(*) AS count FROM decisions WHERE n > ? GROUP BY outcome', afterN);
  return rows.map((row) => ({ outcome: row['outcome'] as DecisionOutcome, count: Number(row['count']) }));
}
