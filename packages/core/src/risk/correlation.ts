/** A close of one interval. */
export interface ClosePoint {
  readonly open_ts: number;
  readonly close: number;
}

/** Fewer common returns say nothing about how coins move together. */
const MIN_RETURNS = 30;

/**
 * Pearson correlation of the returns of two coins over the intervals that both have. `undefined` if these are too few, or if one of
 * the coins did not move.
 */
export function correlationOf(a: readonly ClosePoint[], b: readonly ClosePoint[]): number | undefined {
  const returnsOfB = returnsByTime(b);
  const pairs = [...returnsByTime(a)].flatMap(([ts, x]) => {
    const y = returnsOfB.get(ts);
    return y === undefined ? [] : [[x, y] as const];
  });
  if (pairs.length < MIN_RETURNS) return undefined;
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / pairs.length;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : undefined;
}

/** Logarithmic return from each interval to the next, by the time of the latter. Gaps and invalid prices give none. */
function returnsByTime(points: readonly ClosePoint[]): ReadonlyMap<number, number> {
  const sorted = points.filter(({ close }) => close > 0).toSorted((x, y) => x.open_ts - y.open_ts);
  const step = Math.min(...sorted.slice(1).map(({ open_ts }, i) => open_ts - (sorted[i]?.open_ts ?? 0)));
  const returns = new Map<number, number>();
  for (const [i, { open_ts, close }] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && open_ts - before.open_ts === step) returns.set(open_ts, Math.log(close / before.close));
  }
  return returns;
}
