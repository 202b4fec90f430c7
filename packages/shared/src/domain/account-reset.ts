import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** An operator's command to end a paper account and to start a new one of the same run. */
export const AccountResetCommand = z.strictObject({
  command_id: z.string().min(1).max(80),
  run: RunLabel,
  /** Reset although positions or orders are open. They stay open in the old ledger; nothing closes them. */
  force: z.boolean(),
  issued_by: z.string(),
  issued_ts: EpochMs,
});
export type AccountResetCommand = z.infer<typeof AccountResetCommand>;

/** The result of the last reset command. */
export const AccountResetResult = z.strictObject({
  command_id: z.string(),
  run: RunLabel,
  outcome: z.enum(['DONE', 'REFUSED']),
  /** What happened, why, and what to do next. */
  message: z.string(),
  /** New path of the old ledger; only of an account that was reset. */
  moved_to: z.string().optional(),
  ts: EpochMs,
});
export type AccountResetResult = z.infer<typeof AccountResetResult>;
