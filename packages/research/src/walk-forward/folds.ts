/** A stretch of market time, epoch ms; the end is not part of it. */
export interface MarketWindow {
  readonly fromTs: number;
  readonly toTs: number;
}

/** A choice of settings: searched on `training`, judged on `test`. */
export interface Fold {
  readonly training: MarketWindow;
  readonly test: MarketWindow;
}

/**
 * Folds of a walk-forward: the test windows follow each other and have one length, and each training holds everything before its test.
 * Between both lies the embargo, ms: a trade of the training then ends before the test begins, as long as none is held longer.
 * The first training is half as long as all tests together. Source: López de Prado, "Advances in financial machine learning", 2018,
 * chapters 7 and 12.
 */
export function foldsOf({ fromTs, toTs }: MarketWindow, count: number, embargoMs: number): Fold[] {
  const parts = count + Math.ceil(count / 2);
  const bound = (part: number) => Math.round(fromTs + ((toTs - fromTs) * part) / parts);
  return Array.from({ length: count }, (_, n) => {
    const test = { fromTs: bound(parts - count + n), toTs: bound(parts - count + n + 1) };
    return { training: { fromTs, toTs: Math.max(fromTs, test.fromTs - embargoMs) }, test };
  });
}
