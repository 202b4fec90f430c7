import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/**
 * How one leg of a live trade went, from the decision to its last fill. Times are epoch ms of our clock, except `venue_ts`, which
 * is the venue's time of the last fill.
 */
export const LegRecord = z.strictObject({
  /** Price at the decision, quote currency: the far side of the quote, or the price of a signal without a quote. */
  decision_price: z.number().positive(),
  decided_ts: EpochMs,
  /** execution-manager took the entry, or made the exit. */
  received_ts: EpochMs.optional(),
  /** The first request went out. */
  sent_ts: EpochMs.optional(),
  /** The venue's first word on the order arrived. */
  acknowledged_ts: EpochMs.optional(),
  /** We knew of the last fill. */
  filled_ts: EpochMs,
  venue_ts: EpochMs,
});
export type LegRecord = z.infer<typeof LegRecord>;
