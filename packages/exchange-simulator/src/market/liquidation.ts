import type { TapeAggregate } from './trade-tape.ts';

/** One aggregate trade in this number becomes a liquidation: no source names the real ones. */
const ONE_IN = 250;

/** The aggregate trades after `fromMs` and up to `toMs` of the clock that become liquidations, oldest first. */
export function liquidations(
  aggregates: readonly TapeAggregate[],
  fromMs: number,
  toMs: number,
): readonly TapeAggregate[] {
  const from = aggregates.findLastIndex(({ closesMs }) => closesMs <= fromMs);
  return aggregates.slice(from + 1).filter(({ id, closesMs }) => closesMs <= toMs && id % ONE_IN === 0);
}
