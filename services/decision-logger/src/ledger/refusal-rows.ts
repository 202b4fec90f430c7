import type { Decision, FollowUp } from '@helios/shared/domain/decision.ts';
import type { SqliteFile } from './sqlite-file.ts';

const CUT_EVERY = 1_000;

/** False if it was already recorded. Occasionally deletes all but the newest `kept`. The caller holds the transaction. */
export function insertRefusal(file: SqliteFile, decision: Decision, kept: number): boolean {
  const { changes, lastInsertRowid } = file.run(
    'INSERT OR IGNORE INTO refusals (decision_id, ts, symbol, refused_by, doc) VALUES (?, ?, ?, ?, ?)',
    decision.decision_id,
    decision.timestamp,
    decision.symbol,
    decision.refused_by ?? null,
    JSON.stringify(decision),
  );
  if (changes === 0) return false;
  const n = Number(lastInsertRowid);
  if (n % CUT_EVERY === 0) file.run('DELETE FROM refusals WHERE n <= ?', n - kept);
  return true;
}

/** The refusal with its follow-up; undefined if it is not recorded. The caller holds the transaction. */
export function addFollowUp(file: SqliteFile, decisionId: string, followUp: FollowUp): Decision | undefined {
  const [refusal] = file.documents<Decision>('SELECT doc FROM refusals WHERE decision_id = ?', decisionId);
  if (refusal === undefined) return undefined;
  const followed = { ...refusal, follow_up: followUp };
  file.run('UPDATE refusals SET doc = ? WHERE decision_id = ?', JSON.stringify(followed), decisionId);
  return followed;
}
