import { z } from 'zod';
import { MaybeMissing } from './candidate-features.ts';
import { FEATURE_NAMES, SEQUENCE } from './features.ts';
import { EpochMs, InstrumentSymbol } from './primitives.ts';
import { ExitReason, GateCode, Side } from './signal.ts';

/** One candidate for an entry with what became of it: one line of training data. */
export const TrainingRow = z.strictObject({
  /** Id of the decision: its signal or its refusal. */
  id: z.string().min(1).max(120),
  symbol: InstrumentSymbol,
  side: Side,
  /** Market time of the decision, and end of what the row knows: of its order or its horizon, whichever is later. Epoch ms. */
  ts: EpochMs,
  end_ts: EpochMs,
  feature_set: z.string().min(1).max(40),
  features: z.array(MaybeMissing).length(FEATURE_NAMES.length),
  sequence: z.array(z.array(MaybeMissing).length(SEQUENCE.columns.length)).length(SEQUENCE.rows).optional(),
  /** Result of our own order by its own barriers, basis points of the entry price: after costs, before costs, and the costs. */
  net_bp: z.number(),
  gross_bp: z.number(),
  cost_bp: z.number(),
  /** Greatest move of the mid for and against the side until the horizon, basis points of the mid at the decision; `worst_bp` ≤ 0 ≤ `best_bp`. */
  best_bp: z.number().nonnegative(),
  worst_bp: z.number().nonpositive(),
  /** MISSED: its LIMIT entry never filled, so its result is 0. */
  exit_reason: z.enum([...ExitReason.options, 'MISSED']),
  /** ENTERED, or the gate that refused. */
  reason: z.enum(['ENTERED', ...GateCode.options]),
  /** True for a trade of the account, false for a follow-up. */
  taken: z.boolean(),
});
export type TrainingRow = z.infer<typeof TrainingRow>;
