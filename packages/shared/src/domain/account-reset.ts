import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** An operator's wish to end a paper account and to begin a new one of the same run. */
export const AccountResetCommand = z.strictObject({
  command_id: z.string().min(1).max(80),
  run: RunLabel,
  /** Reset although positions or orders are open: they stay in the old ledger and are closed by nobody. */
  force: z.boolean(),
  issued_by: z.string(),
  issued_ts: EpochMs,
});
export type AccountResetCommand = z.infer<typeof AccountResetCommand>;

/** What became of the last one. */
export const AccountResetResult = z.strictObject({
  command_id: z.string(),
  run: RunLabel,
  outcome: z.enum(['DONE', 'REFUSED']),
  /** What happened, why, and what to do next. */
  message: z.string(),
  /** Path of the old ledger, of an account that was reset. */
  moved_to: z.string().optional(),
  ts: EpochMs,
});
export type AccountResetResult = z.infer<typeof AccountResetResult>;
