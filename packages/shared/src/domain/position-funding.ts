import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** What the venue has charged an open live position for funding so far. */
export const PositionFunding = z.strictObject({
  run: RunLabel,
  /** Signal of the position's entry. */
  signal_id: z.string(),
  /** Quote currency; negative: received. */
  funding: z.number(),
  updated_ts: EpochMs,
});
export type PositionFunding = z.infer<typeof PositionFunding>;
