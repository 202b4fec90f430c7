import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** A post or a comment after it was scored: what its weight in the mood follows from. No text and no author is kept. */
export const ScoredItem = z.strictObject({
  /** Reddit's name of it, `t3_…` for posts and `t1_…` for comments. */
  item_id: z.string().min(1).max(40),
  /** The post that a comment stands under; of a post its own id. */
  thread: z.string().min(1).max(40),
  created_ts: EpochMs,
  /** −1..1. */
  compound: z.number().min(-1).max(1),
  /** Base asset → how much of the text is about it, 0..1. */
  relevance: z.record(z.string(), z.number().min(0).max(1)),
  upvotes: z.number().int(),
  comments: z.number().int().nonnegative(),
  /** What copies, author and thread left of its weight, 0..1. */
  damping: z.number().min(0).max(1),
});
export type ScoredItem = z.infer<typeof ScoredItem>;
