import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** What Redis knows of a run's ledger. It reveals a ledger that was deleted or replaced. */
export const KnownLedger = z.strictObject({
  run: RunLabel,
  /** File name; each session of a replay has its own. */
  ledger: z.string(),
  /** Created with the ledger; a copy has the same id. */
  ledger_id: z.string().min(1),
  /** Numbers of the newest decision and the newest trade that were synced to disk. */
  decisions: z.number().int().nonnegative(),
  trades: z.number().int().nonnegative(),
  last_decision_id: z.string().optional(),
});
export type KnownLedger = z.infer<typeof KnownLedger>;

/**
 * Why decision-logger records nothing now. MISSING: the file is gone. REPLACED: another ledger is in its place. OLDER: a copy
 * with less than Redis knows. DAMAGED: not a ledger of this run. OVERWRITTEN: its content changed while in use.
 * UNWRITABLE: it cannot be written, for example because the disk is full.
 */
export const LedgerTrouble = z.strictObject({
  run: RunLabel,
  code: z.enum(['MISSING', 'REPLACED', 'OLDER', 'DAMAGED', 'OVERWRITTEN', 'UNWRITABLE']),
  message: z.string(),
  /** What the operator can do. */
  action: z.string(),
  since_ts: EpochMs,
});
export type LedgerTrouble = z.infer<typeof LedgerTrouble>;

/**
 * The ledger trouble of this run if it halts trading, because the account is unknown. UNWRITABLE does not halt: the ledger is
 * intact, and signals wait for it.
 */
export function haltingTrouble(trouble: LedgerTrouble | undefined, run: string): LedgerTrouble | undefined {
  return trouble?.run === run && trouble.code !== 'UNWRITABLE' ? trouble : undefined;
}
