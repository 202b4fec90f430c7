import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';

/** No item counts more than this many plain ones, however viral it is. */
const HEAVIEST = 20;

/** What votes and discussion make of an item: 1 for one without either, less for one that was voted down. */
export function attention({ upvotes, comments }: Pick<ScoredItem, 'upvotes' | 'comments'>): number {
  const votes = upvotes >= 0 ? 1 + Math.log1p(upvotes) : 1 / (1 - upvotes);
  return Math.min(votes * (1 + Math.log1p(comments) / 2), HEAVIEST);
}
