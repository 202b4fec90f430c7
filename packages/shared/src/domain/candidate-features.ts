import { z } from 'zod';

/** A number, or null if the data did not have it. */
export const MaybeMissing = z.number().nullable();

/** What a model reads about a candidate, as JSON: the features and the sequence of klines in the order of their names. */
export const CandidateFeatures = z.strictObject({
  /** Version of the features. */
  set: z.string().min(1).max(40),
  values: z.array(MaybeMissing).max(500),
  /** One array per kline, oldest first; absent while there are too few klines. */
  sequence: z.array(z.array(MaybeMissing).max(20)).max(500).optional(),
});
export type CandidateFeatures = z.infer<typeof CandidateFeatures>;
