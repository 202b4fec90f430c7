import { type DistributionShape, distributionShapeOf } from './moments.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { sharpePerReturn } from './trade-figures.ts';

/** Minimum number of returns: skewness and kurtosis of fewer mean nothing. */
const MIN_RETURNS = 10;

/** What the following functions need to know of a series of returns. */
export interface SharpeSample extends DistributionShape {
  /** Number of returns. */
  readonly count: number;
  /** Per return, not annualised. */
  readonly sharpe: number;
}

/** Undefined below ten returns and for equal ones. */
export function sharpeSampleOf(returns: readonly number[]): SharpeSample | undefined {
  const shape = distributionShapeOf(returns);
  const sharpe = sharpePerReturn(returns);
  if (shape === undefined || sharpe === undefined || returns.length < MIN_RETURNS) return undefined;
  return { ...shape, sharpe, count: returns.length };
}

/** Variance of the estimated ratio times n − 1; it is never negative, because kurtosis ≥ 1 + skewness². */
function varianceOf({ sharpe, skewness, kurtosis }: SharpeSample): number {
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
}

/**
 * Probability that the true Sharpe ratio exceeds `benchmark` (per return), given length, skewness and kurtosis of the returns.
 * Undefined if the sample allows no error of the ratio.
 * Source: Bailey & López de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 2012, section 2.
 */
export function probabilisticSharpe(sample: SharpeSample, benchmark = 0): number | undefined {
  const variance = varianceOf(sample);
  if (variance <= 0) return undefined;
  return normalCdf(((sample.sharpe - benchmark) * Math.sqrt(sample.count - 1)) / Math.sqrt(variance));
}

/**
 * Number of returns after which a ratio of this size and shape exceeds 0 with the given probability. Undefined where the ratio is
 * not positive. Source: as above, section 3 (minimum track record length).
 */
export function minTrackRecord(sample: SharpeSample, probability = 0.95): number | undefined {
  const variance = varianceOf(sample);
  if (sample.sharpe <= 0 || variance <= 0) return undefined;
  return Math.ceil(1 + variance * (normalQuantile(probability) / sample.sharpe) ** 2);
}
