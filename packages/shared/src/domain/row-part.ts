import { z } from 'zod';
import { CandidateFeatures } from './candidate-features.ts';
import { EpochMs } from './primitives.ts';
import { TrainingRow } from './training-row.ts';

const { symbol, side, ts, reason, taken, net_bp, gross_bp, exit_reason, best_bp, worst_bp } = TrainingRow.shape;

/** Something that is known of a candidate. Its training row is complete with one part of each of the first three kinds. */
export const RowPart = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('CANDIDATE'), id: TrainingRow.shape.id },
    ...{ symbol, side, ts, reason, taken, features: CandidateFeatures },
  }),
  /** The result of its order or of its follow-up. */
  z.strictObject({
    ...{ kind: z.literal('OUTCOME'), id: TrainingRow.shape.id },
    ...{ net_bp, gross_bp, exit_reason, exit_ts: EpochMs },
  }),
  /** How far the price went until the horizon. */
  z.strictObject({ kind: z.literal('MOVE'), id: TrainingRow.shape.id, best_bp, worst_bp, end_ts: EpochMs }),
  /** It has no result of its own: a risk rule denied it, or somebody closed it by hand. */
  z.strictObject({ kind: z.literal('DROPPED'), id: TrainingRow.shape.id }),
]);
export type RowPart = z.infer<typeof RowPart>;
