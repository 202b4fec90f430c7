import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';

/** Maximum weight of an item, in plain items. */
const MAX_WEIGHT = 20;

/** Weight of an item by votes and comments: 1 without either, less after downvotes. */
export function attention({ upvotes, comments }: Pick<ScoredItem, 'upvotes' | 'comments'>): number {
  const votes = upvotes >= 0 ? 1 + Math.log1p(upvotes) : 1 / (1 - upvotes);
  return Math.min(votes * (1 + Math.log1p(comments) / 2), MAX_WEIGHT);
}
