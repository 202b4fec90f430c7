import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** What Redis remembers of a run's ledger: a ledger that was deleted or exchanged is known by it. */
export const KnownLedger = z.strictObject({
  run: RunLabel,
  /** Its file's name: each session of a replay has its own. */
  ledger: z.string(),
  /** Made once with the ledger; a copy has the same. */
  ledger_id: z.string().min(1),
  /** Numbers of the newest decision and the newest trade that were forced to the disk. */
  decisions: z.number().int().nonnegative(),
  trades: z.number().int().nonnegative(),
  last_decision_id: z.string().optional(),
});
export type KnownLedger = z.infer<typeof KnownLedger>;

/**
 * Why decision-logger records nothing now. MISSING: the file is gone. REPLACED: another ledger lies in its place. OLDER: a copy
 * from before what Redis remembers. DAMAGED: no ledger of this run. OVERWRITTEN: its content changed while in use.
 * UNWRITABLE: it takes nothing, for example because the disk is full.
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
 * The trouble of a run's ledger under which nothing may be entered: the account is not known. One that takes nothing for a while is
 * whole, and signals wait for it.
 */
export function haltingTrouble(trouble: LedgerTrouble | undefined, run: string): LedgerTrouble | undefined {
  return trouble?.run === run && trouble.code !== 'UNWRITABLE' ? trouble : undefined;
}
