import type { Decision } from '@helios/shared/domain/decision.ts';
import { parseDoc, type SqliteFile } from './sqlite-file.ts';

/** Decisions of a UTC day in the order of recording, after `afterN`. */
export function decisionsOfDay(
  file: SqliteFile,
  day: string,
  afterN: number,
  limit: number,
): { n: number; decision: Decision }[] {
  const sql = 'SELECT n, doc FROM decisions WHERE day = ? AND n > ? ORDER BY n LIMIT ?';
  return file.all(sql, day, afterN, limit).map((row) => ({ n: Number(row['n']), decision: parseDoc<Decision>(row) }));
}

/** The newest decision before the first one that may still change. */
export function lastFinal(file: SqliteFile): number {
  const sql =
    "SELECT coalesce((SELECT min(n) - 1 FROM decisions WHERE outcome = 'RESTING'), (SELECT max(n) FROM decisions), 0) AS n";
  return Number(file.all(sql)[0]?.['n']);
}

/** UTC days of the decisions after `n`, and of the newest one. */
export function daysAfter(file: SqliteFile, n: number): string[] {
  const sql =
    'SELECT DISTINCT day FROM decisions WHERE n > ? UNION SELECT day FROM decisions WHERE n = (SELECT max(n) FROM decisions)';
  return file.all(sql, n).map((row) => String(row['day']));
}
