import { Rng } from '@helios/synthetic-market/rng.ts';
import { quantileOf } from './moments.ts';

/** A figure with its 95 % interval. Both are absent where they are not defined. */
export interface Estimate {
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
}

type Statistic = (values: readonly number[]) => number | undefined;

const RESAMPLES = 2_000;
/** Bounds the work for long series; fewer resamples make an interval coarser. */
const MAX_DRAWS = 2e7;
const MIN_RESAMPLES = 200;
/** Intervals of fewer values are too narrow to be believed. */
export const MIN_VALUES = 10;
/** Greatest share of resamples in which a statistic may be undefined. */
const MAX_UNDEFINED = 0.025;

/** Mean block length of n values: n^(1/3), the order that Politis & Romano (1994) find to be best. */
export function blockLengthOf(n: number): number {
  return Math.max(1, Math.round(n ** (1 / 3)));
}

/**
 * Resamples of a series by the stationary bootstrap: blocks of geometric length from a circle, so that neighbours which depend on
 * each other stay together. The same label always gives the same resamples; the yielded array is used again.
 * Source: Politis & Romano, "The stationary bootstrap", Journal of the American Statistical Association 1994.
 */
export function* resamplesOf(values: readonly number[], label: string): Generator<readonly number[]> {
  const n = values.length;
  const rng = new Rng(label);
  const restart = 1 / blockLengthOf(n);
  const resample = new Array<number>(n).fill(0);
  const count = Math.max(MIN_RESAMPLES, Math.min(RESAMPLES, Math.floor(MAX_DRAWS / n)));
  for (let round = 0; round < count; round += 1) {
    let at = rng.below(n);
    for (let index = 0; index < n; index += 1) {
      resample[index] = values[at] ?? 0;
      at = rng.uniform() < restart ? rng.below(n) : (at + 1) % n;
    }
    yield resample;
  }
}

/**
 * Statistics of a series with 95 % percentile intervals of their resamples, widened to contain the figure itself. An interval is
 * absent for fewer than ten values, and where more than 2.5 % of the resamples leave the statistic undefined.
 */
export function estimatesOf<Name extends string>(
  values: readonly number[],
  statistics: Readonly<Record<Name, Statistic>>,
  label: string,
): Readonly<Record<Name, Estimate>> {
  const names = Object.keys(statistics) as Name[];
  const draws = new Map<Name, number[]>(names.map((name) => [name, []]));
  let rounds = 0;
  if (values.length >= MIN_VALUES) {
    for (const resample of resamplesOf(values, label)) {
      rounds += 1;
      for (const [name, drawn] of draws) {
        const value = finite(statistics[name](resample));
        if (value !== undefined) drawn.push(value);
      }
    }
  }
  const entries = names.map((name) => [name, estimate(statistics[name](values), draws.get(name) ?? [], rounds)]);
  return Object.fromEntries(entries) as Record<Name, Estimate>;
}

function estimate(figure: number | undefined, draws: number[], rounds: number): Estimate {
  const value = finite(figure);
  if (value === undefined) return {};
  if (rounds === 0 || draws.length < (1 - MAX_UNDEFINED) * rounds) return { value };
  draws.sort((a, b) => a - b);
  const [low = value, high = value] = [quantileOf(draws, 0.025), quantileOf(draws, 0.975)];
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : undefined);
