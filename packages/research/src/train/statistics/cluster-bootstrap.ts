import { quantileOf } from '@helios/backtest/statistics/moments.ts';
import type { Estimate } from '@helios/backtest/statistics/stationary-bootstrap.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';

const RESAMPLES = 1_000;
/** Intervals of fewer clusters are too narrow to be believed. */
export const MIN_CLUSTERS = 10;
const MAX_UNDEFINED = 0.025;

const DAY_MS = 86_400_000;

/** The UTC day of a time, counted from 1970. */
export const dayOf = (ts: number) => Math.floor(ts / DAY_MS);

/**
 * A statistic of rows with its 95 % interval by the bootstrap of clusters: whole days are drawn again, because rows of one day, of
 * one symbol and of several, depend on each other. The interval is absent for fewer than ten clusters. The same label draws the same.
 * Source: Davison & Hinkley, "Bootstrap methods and their application", 1997, section 3.8.
 * @param clusters of each row
 * @param statistic of the rows, each taken as often as `counts` says; the array is used again
 */
export function clusteredEstimate(
  clusters: readonly number[],
  statistic: (counts: Float64Array) => number | undefined,
  label: string,
): Estimate {
  const names = [...new Set(clusters)];
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const places = clusters.map((cluster) => indexOf.get(cluster) ?? 0);
  const value = finite(statistic(new Float64Array(clusters.length).fill(1)));
  if (value === undefined) return {};
  if (names.length < MIN_CLUSTERS) return { value };
  const rng = new Rng(`clusters:${label}`);
  const draws: number[] = [];
  const [drawn, counts] = [new Float64Array(names.length), new Float64Array(clusters.length)];
  for (let round = 0; round < RESAMPLES; round += 1) {
    drawn.fill(0);
    for (let n = 0; n < names.length; n += 1) {
      const index = rng.below(names.length);
      drawn[index] = (drawn[index] ?? 0) + 1;
    }
    for (let n = 0; n < counts.length; n += 1) counts[n] = drawn[places[n] ?? 0] ?? 0;
    const found = finite(statistic(counts));
    if (found !== undefined) draws.push(found);
  }
  if (draws.length < (1 - MAX_UNDEFINED) * RESAMPLES) return { value };
  draws.sort((a, b) => a - b);
  const [low = value, high = value] = [quantileOf(draws, 0.025), quantileOf(draws, 0.975)];
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : undefined);
