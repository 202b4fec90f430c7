import { quantileOf } from '@helios/backtest/statistics/moments.ts';
import { knownInputs } from '@helios/core/model/known-inputs.ts';
import { binOfFeature, stabilityIndex } from '@helios/core/model/population-stability.ts';
import type { InputRange } from '@helios/shared/domain/model-manifest.ts';
import type { TrainingSet } from '../rows/training-set.ts';

/** Decisions that are compared with training. */
export const DRIFT_DECISIONS = 200;
/** Inner bounds of ten bins. */
const BINS = 10;
/** Windows of training in which a limit may be exceeded. */
const USUAL_SHARE = 0.99;
/** A population is called changed above this, however steady training was. */
const MIN_LIMIT = 0.25;

/** Distributions of the features in training, in their order, with the drift that training itself shows from window to window. */
export function inputRanges(set: TrainingSet): InputRange[] {
  return set.names.map((name, column) => rangeOf(name, columnOf(set, column)));
}

/**
 * The largest share of features that exceed their limit in a window of training, and half as much again: drift is what training
 * never saw.
 */
export function usualDriftShare(set: TrainingSet, inputs: readonly InputRange[]): number {
  const ranges = knownInputs(inputs);
  // Once: there are hundreds of windows.
  const columns = ranges.map(({ name }) => columnOf(set, set.names.indexOf(name)));
  const exceeding = windowsOf(set.count).map(([from, to]) => {
    const drifted = ranges.filter((range, column) => {
      const values = (columns[column] ?? new Float32Array()).subarray(from, to);
      return driftOf(values, range) > range.psi_limit;
    });
    return drifted.length / Math.max(1, ranges.length);
  });
  return Math.min(1, Math.max(0.2, 1.5 * Math.max(0, ...exceeding)));
}

function rangeOf(name: string, values: Float32Array): InputRange {
  const present = Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const bounds = Array.from({ length: BINS - 1 }, (_, n) => quantileOf(present, (n + 1) / BINS) ?? 0);
  const edges = [...new Set(bounds)].filter((edge) => present.length > 0 && edge > (present[0] ?? 0));
  const shares = sharesOf(Float32Array.from(present), edges);
  const missing = 1 - present.length / values.length;
  const found = windowsOf(values.length)
    .map(([from, to]) => driftOf(values.subarray(from, to), { edges, shares, missing }))
    .sort((a, b) => a - b);
  return {
    ...{ name, min: present[0] ?? 0, max: present.at(-1) ?? 0, edges, shares, missing },
    psi_limit: Math.max(MIN_LIMIT, quantileOf(found, USUAL_SHARE) ?? 0),
  };
}

/** Windows of training, half of each overlapping the next. */
function windowsOf(count: number): [number, number][] {
  const windows: [number, number][] = [];
  for (let from = 0; from + DRIFT_DECISIONS <= count; from += DRIFT_DECISIONS / 2) {
    windows.push([from, from + DRIFT_DECISIONS]);
  }
  return windows;
}

/** Shares of present values in the bins. Without values, all bins are equal. */
function sharesOf(present: Float32Array, edges: readonly number[]): number[] {
  const counts = countsIn(present, { edges }).slice(0, -1);
  return Array.from(counts, (count) => (present.length === 0 ? 1 / counts.length : count / present.length));
}

/** How far values have drifted from a distribution, by the rule of signal-engine: missing ones are a bin of their own. */
function driftOf(values: Float32Array, range: Pick<InputRange, 'edges' | 'shares' | 'missing'>): number {
  return stabilityIndex(range, countsIn(values, range), values.length);
}

function countsIn(values: Float32Array, range: { readonly edges: readonly number[] }): Uint32Array {
  const counts = new Uint32Array(range.edges.length + 2);
  for (const value of values) {
    const bin = binOfFeature(value, range);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function columnOf({ features, names, count }: TrainingSet, column: number): Float32Array {
  return Float32Array.from({ length: count }, (_, row) => features[row * names.length + column] ?? Number.NaN);
}
