import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** How many live messages decision-logger has recorded since its start; each counts once. */
export const LiveCounts = z.strictObject({
  run: RunLabel,
  signals: z.number().int(),
  /** Entries that risk-manager approved. */
  intents: z.number().int(),
  fills: z.number().int(),
  /** Final answers by kind. */
  answers: z.record(z.string(), z.number().int()),
  /** Signals without any answer now, and the time of the oldest. */
  unanswered: z.number().int(),
  oldest_unanswered_ts: EpochMs.optional(),
  updated_ts: EpochMs,
});
export type LiveCounts = z.infer<typeof LiveCounts>;
