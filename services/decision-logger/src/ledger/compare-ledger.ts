import { basename } from 'node:path';
import type { KnownLedger } from '@helios/shared/domain/known-ledger.ts';
import type { Ledger } from './ledger.ts';

/** True if Redis has a record that this file must contain. */
export function isExpected(path: string, known: KnownLedger | undefined): known is KnownLedger {
  return known?.ledger === basename(path) && known.decisions + known.trades > 0;
}

/** Compares a ledger with its record in Redis; returns what is wrong, or undefined if it contains everything. */
export function compareLedger(
  ledger: Pick<Ledger, 'path' | 'identity' | 'size' | 'hasSignal'>,
  known: KnownLedger | undefined,
): 'REPLACED' | 'OLDER' | undefined {
  if (!isExpected(ledger.path, known)) return undefined;
  const { ledger_id, former_ids } = ledger.identity();
  // Every reset, by a service or with the fleet down, starts a ledger that names its predecessor.
  if (former_ids.includes(known.ledger_id)) return undefined;
  if (ledger_id !== known.ledger_id) return 'REPLACED';
  const { decisions, trades } = ledger.size();
  const { last_decision_id } = known;
  const hasLast = last_decision_id === undefined || ledger.hasSignal(last_decision_id);
  return decisions < known.decisions || trades < known.trades || !hasLast ? 'OLDER' : undefined;
}
