import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** A scored post or comment, with what its weight in the sentiment depends on. Holds no text and no author. */
export const ScoredItem = z.strictObject({
  /** Reddit's id, `t3_…` for posts and `t1_…` for comments. */
  item_id: z.string().min(1).max(40),
  /** The post that a comment belongs to; for a post its own id. */
  thread: z.string().min(1).max(40),
  created_ts: EpochMs,
  /** −1..1. */
  compound: z.number().min(-1).max(1),
  /** Base asset → share of the text about it, 0..1. */
  relevance: z.record(z.string(), z.number().min(0).max(1)),
  upvotes: z.number().int(),
  comments: z.number().int().nonnegative(),
  /** Share of its weight left after damping for copies, author and thread, 0..1. */
  damping: z.number().min(0).max(1),
});
export type ScoredItem = z.infer<typeof ScoredItem>;
