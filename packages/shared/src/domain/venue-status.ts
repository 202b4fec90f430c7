import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** Whether the venue answers the ingestor, and why not. */
export const VenueStatus = z.strictObject({
  /** ANSWERING, or why it cannot be asked. */
  state: z.enum(['ANSWERING', 'DOWN', 'GARBAGE', 'REJECTED', 'LIMITED', 'GEO_BLOCKED', 'BANNED']),
  /** What was asked and what came back; absent while it answers. */
  problem: z.string().optional(),
  /** What the operator can do; absent while it answers. */
  advice: z.string().optional(),
  /** Since when it cannot be asked; absent while it answers. */
  away_since_ts: EpochMs.optional(),
});
export type VenueStatus = z.infer<typeof VenueStatus>;
