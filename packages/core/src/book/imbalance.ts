import type { Level } from '@helios/shared/domain/market-data.ts';
import { parseDecimal } from '../price/parse-decimal.ts';

/**
 * Normalised order-book imbalance, −1..1: (ask − bid) / (ask + bid). Each side is the sum of price × quantity over its best
 * `depth` levels. Positive means that asks dominate; on recorded books the price then tends to fall. Undefined if a side is empty
 * or its value is 0.
 */
export function imbalance(bids: readonly Level[], asks: readonly Level[], depth: number): number | undefined {
  const bid = notional(bids, depth);
  const ask = notional(asks, depth);
  if (!(bid > 0 && ask > 0)) return undefined;
  return (ask - bid) / (ask + bid);
}

/** Quote value of the best `depth` levels of one side. */
export function notional(levels: readonly Level[], depth: number): number {
  let sum = 0;
  const count = Math.min(depth, levels.length);
  for (let i = 0; i < count; i += 1) {
    const level = levels[i];
    if (level !== undefined) sum += parseDecimal(level[0]) * parseDecimal(level[1]);
  }
  return sum;
}
