import { deviation, excessKurtosis, mean } from '@helios/synthetic-market/series-statistics.ts';

/** A spread below this share of the largest value is rounding, not risk. */
const ROUNDING = 1e-12;

/** Sample standard deviation (divisor n − 1); undefined for fewer than two values and for equal ones. */
export function spreadOf(values: readonly number[]): number | undefined {
  const spread = deviation(values);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return spread === undefined || spread <= largest * ROUNDING ? undefined : spread;
}

/** Shape of a distribution, by population moments; a normal one has 0 and 3. */
export interface DistributionShape {
  readonly skewness: number;
  readonly kurtosis: number;
}

/** Third and fourth standardised moment (divisor n); undefined for fewer than four values and for equal ones. */
export function distributionShapeOf(values: readonly number[]): DistributionShape | undefined {
  const centre = mean(values);
  const excess = excessKurtosis(values);
  if (centre === undefined || excess === undefined || spreadOf(values) === undefined) return undefined;
  let [squares, cubes] = [0, 0];
  for (const value of values) {
    squares += (value - centre) ** 2;
    cubes += (value - centre) ** 3;
  }
  return { skewness: (cubes / squares ** 1.5) * Math.sqrt(values.length), kurtosis: excess + 3 };
}

/** Quantile of sorted values by linear interpolation (Hyndman & Fan's type 7, as numpy); undefined without values. */
export function quantileOf(sorted: readonly number[], share: number): number | undefined {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low === undefined || high === undefined ? undefined : low + (place - Math.floor(place)) * (high - low);
}
