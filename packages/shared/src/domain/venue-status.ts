import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** Whether the venue answers the ingestor, and if not, why. */
export const VenueStatus = z.strictObject({
  /** ANSWERING, or why the venue is unavailable. */
  state: z.enum(['ANSWERING', 'DOWN', 'GARBAGE', 'REJECTED', 'LIMITED', 'GEO_BLOCKED', 'BANNED']),
  /** The failed request and its answer; absent while the venue answers. */
  problem: z.string().optional(),
  /** What the operator can do; absent while the venue answers. */
  advice: z.string().optional(),
  /** Since when the venue is unavailable; absent while it answers. */
  away_since_ts: EpochMs.optional(),
});
export type VenueStatus = z.infer<typeof VenueStatus>;
