/**
 * For each value, the share of the other values below it; equal values count half. 0 is the smallest, 1 the largest; 0.5 if all
 * are equal or there is only one. A larger value never has a lower rank.
 */
export function percentileRanks(values: readonly number[]): readonly number[] {
  const others = values.length - 1;
  if (others <= 0) return values.map(() => 0.5);
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => {
    const below = countBelow(sorted, value, false);
    const equal = countBelow(sorted, value, true) - below - 1;
    return (below + equal / 2) / others;
  });
}

/** Number of ascending values below `limit`, or at or below it. */
function countBelow(sorted: readonly number[], limit: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle] ?? 0;
    if (value < limit || (orEqual && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
