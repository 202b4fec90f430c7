import { mean } from '@helios/synthetic-market/series-statistics.ts';
import { blockLengthOf } from './stationary-bootstrap.ts';

/** The error of fewer values is itself luck. */
const MIN_FOR_ERROR = 5;

/** A mean with its standard error; the error is absent for fewer than five values. */
export interface MeanWithError {
  readonly count: number;
  readonly mean?: number;
  readonly error?: number;
}

/** Autocovariances with a smaller weight change nothing. */
const MIN_WEIGHT = 1e-3;

/**
 * Mean and standard error of a series in order of time whose neighbours may depend on each other. The variance is the larger of two:
 * - that of the stationary bootstrap in closed form: c(0) + 2 Σ b(k) c(k), with autocovariances c and
 *   b(k) = (1 − k/n)(1 − p)^k + (k/n)(1 − p)^(n − k), p = 1 / block length (Politis & Romano 1994, lemma 1);
 * - that of independent values times `overlap`, the usual number of values that share a stretch of time: the variance of sums over
 *   overlapping windows (Hansen & Hodrick 1980).
 */
export function meanWithError(values: readonly number[], overlap = 1): MeanWithError {
  const n = values.length;
  const centre = mean(values);
  if (centre === undefined) return { count: 0 };
  if (n < MIN_FOR_ERROR) return { count: n, mean: centre };
  const deviations = values.map((value) => value - centre);
  const covariance = (lag: number) =>
    deviations.reduce((sum, value, index) => sum + value * (deviations[index + lag] ?? 0), 0) / n;
  const keep = 1 - 1 / blockLengthOf(n);
  const own = covariance(0);
  let variance = own;
  for (let lag = 1; lag < n; lag += 1) {
    const weight = (1 - lag / n) * keep ** lag + (lag / n) * keep ** (n - lag);
    if (weight >= MIN_WEIGHT) variance += 2 * weight * covariance(lag);
  }
  const independent = own * (n / (n - 1)) * Math.max(1, overlap);
  return { count: n, mean: centre, error: Math.sqrt(Math.max(variance, independent) / n) };
}
