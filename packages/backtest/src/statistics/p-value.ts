import { mean } from '@helios/synthetic-market/series-statistics.ts';
import { spreadOf } from './moments.ts';
import { MIN_VALUES, resamplesOf } from './stationary-bootstrap.ts';

/**
 * Probability of a mean at least this high if the true mean were 0, one-sided: the share of resamples of the centred series whose
 * mean reaches it, counted as (1 + hits) / (1 + resamples) (Davison & Hinkley 1997). Undefined below ten values and for equal ones.
 */
export function pValueOfMean(values: readonly number[], label: string): number | undefined {
  const observed = mean(values);
  if (observed === undefined || values.length < MIN_VALUES || spreadOf(values) === undefined) return undefined;
  let [hits, rounds] = [0, 0];
  for (const resample of resamplesOf(values, label)) {
    rounds += 1;
    if ((mean(resample) ?? 0) - observed >= observed) hits += 1;
  }
  return (1 + hits) / (1 + rounds);
}
