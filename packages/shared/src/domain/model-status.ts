import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** signal-engine's report on its model. */
export const ModelStatus = z.strictObject({
  run: RunLabel,
  ts: EpochMs,
  /** Name of the model in use; `none` without one. */
  model: z.string(),
  trained_ts: EpochMs.optional(),
  /** Absent: it does not expire. */
  expires_ts: EpochMs.optional(),
  /** What training says it is worth, and where it may speak; absent for files without a manifest. */
  worth: z.string().optional(),
  /** How many features it knows, such as `knows 31 of 49 features (candles only)`; absent for files without a manifest. */
  knows: z.string().optional(),
  /**
   * What candidates of its highest probability earn after spread and slippage, and the lower end of the 95 % interval, basis points;
   * absent where EDGE_VS_COST does not ask the model.
   */
  edge: z.strictObject({ mean_bp: z.number(), lower_bp: z.number() }).optional(),
  /** Why the newest files are not used; the model in use is an older one, or none. */
  refused: z.string().optional(),
  /** Why the model gives no probability at all now: it has expired, its inputs drifted, or its outcomes differ. */
  silent: z.string().optional(),
  /** Decisions judged, and those with a probability. */
  judged: z.number().int(),
  spoke: z.number().int(),
  /** Decisions without a probability, by reason. */
  abstained: z.record(z.string(), z.number().int()),
  /** Features outside the range of training, over all judged decisions. */
  out_of_range: z.number().int(),
  /** Decisions in the window of the drift, and its size. */
  window: z.number().int(),
  window_size: z.number().int(),
  /** Features that drifted, with their stability index and its limit; at most ten. */
  drifted: z.array(z.strictObject({ name: z.string(), psi: z.number(), limit: z.number() })),
  drifted_count: z.number().int(),
  /** Outcomes compared with their probabilities, and the evidence against the model; an alarm is at 9. */
  outcomes: z.number().int(),
  outcome_score: z.number(),
});
export type ModelStatus = z.infer<typeof ModelStatus>;
