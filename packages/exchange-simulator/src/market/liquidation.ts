import type { TapeAggregate } from './trade-tape.ts';

/** One joined trade in so many is taken for a liquidation: no source says which were. */
const ONE_IN = 250;

/** The joined trades of the time after `fromMs` and up to `toMs` of the clock that are taken for liquidations, oldest first. */
export function liquidations(
  aggregates: readonly TapeAggregate[],
  fromMs: number,
  toMs: number,
): readonly TapeAggregate[] {
  const from = aggregates.findLastIndex(({ closesMs }) => closesMs <= fromMs);
  return aggregates.slice(from + 1).filter(({ id, closesMs }) => closesMs <= toMs && id % ONE_IN === 0);
}
