import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';
import { ReasonCode } from './signal.ts';

/** The moves after triggers of one reason, kept so that a restart forgets none. */
export const ReasonMoves = z.strictObject({
  run: RunLabel,
  reason: ReasonCode,
  /** The settings that make the reason and its horizon: under others the moves mean something else. */
  settings: z.string().optional(),
  /** Moves in the direction of the trigger over the horizon, basis points, oldest first; overlapping ones are one. */
  moves_bp: z.array(z.number()),
  /** When a loss of the edge was last noticed; moves before it left the list. Absent in older records and without a loss. */
  lost_ts: EpochMs.optional(),
});
export type ReasonMoves = z.infer<typeof ReasonMoves>;

/** What the triggers of one reason were worth so far, before costs. */
const ReasonWorth = z.strictObject({
  reason: ReasonCode,
  moves: z.number().int(),
  /** Mean move, shrunk to 0, its standard error, and its lower bound, basis points; absent before thirty moves. */
  mean_bp: z.number().optional(),
  error_bp: z.number().optional(),
  lower_bp: z.number().optional(),
  /** Mean of the newest third of the moves, which the lower bound never exceeds; absent where `lower_bp` is, and in older records. */
  newest_bp: z.number().optional(),
  /** When the reason was last found to earn less than before: older moves no longer count. */
  lost_ts: EpochMs.optional(),
});

/** signal-engine's report on why it enters, and what that is worth. */
export const StrategyStatus = z.strictObject({
  run: RunLabel,
  ts: EpochMs,
  /** The enabled reasons, in their order. */
  reasons: z.array(ReasonWorth),
  /** Number of moves that an estimate needs. */
  moves_needed: z.number().int(),
  /** What EDGE_VS_COST does with an entry whose lower bound is below its costs. */
  edge_gate: z.enum(['enforce', 'observe', 'off']),
  /** What EDGE_VS_COST does before an estimate exists. */
  before_estimate: z.enum(['passes', 'refuses']),
  /** Fees and slippage of a round trip with an urgent exit, basis points. */
  cost_bp: z.number(),
  /** True if each round trip also pays the spread; false if the entry rests and earns half of it. */
  pays_spread: z.boolean(),
  /** Multiple of the cost that a lower bound needs. */
  edge_min_ratio: z.number(),
  /** Name of the model, or `none`. */
  model: z.string(),
  /** What is known of its worth: why it is silent now, else what training says; absent without a model. */
  model_worth: z.string().optional(),
  /**
   * Where the model speaks, EDGE_VS_COST asks its own edge: mean and lower bound of the candidates whose lower bound is highest, after spread and slippage, and
   * the fees that they must cover, basis points. Absent: the moves of the reasons judge everywhere.
   */
  model_edge: z.strictObject({ mean_bp: z.number(), lower_bp: z.number(), fees_bp: z.number() }).optional(),
});
export type StrategyStatus = z.infer<typeof StrategyStatus>;
