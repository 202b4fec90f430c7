/** A share below this counts as this: an empty bin would make the index infinite. */
const MIN_SHARE = 1e-4;

/**
 * Population stability index of two distributions over the same bins: Σ (a − b) ln(a / b). Source: Siddiqi, "Credit risk
 * scorecards", 2006; above 0.25 it calls a population changed.
 */
export function stabilityIndex(expected: readonly number[], found: readonly number[]): number {
  return expected.reduce((sum, share, bin) => {
    const [a, b] = [Math.max(MIN_SHARE, share), Math.max(MIN_SHARE, found[bin] ?? 0)];
    return sum + (b - a) * Math.log(b / a);
  }, 0);
}
