import type { TrainingSet } from '../rows/training-set.ts';

/**
 * Weight of each of `rows`: the average uniqueness of its label, scaled to a mean of 1. Labels of one symbol whose outcomes overlap
 * in time tell the same story; at each instant a label counts one over the number of labels that run then.
 * Source: López de Prado, "Advances in financial machine learning", 2018, sections 4.3 and 4.4.
 */
export function uniquenessWeights(set: TrainingSet, rows: readonly number[]): Float64Array {
  const weights = new Float64Array(rows.length);
  const places = Map.groupBy(rows.keys(), (place) => set.symbolOf[rows[place] ?? 0] ?? 0);
  for (const own of places.values()) weighSymbol(set, rows, own, weights);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (weight * rows.length) / sum);
}

function weighSymbol(set: TrainingSet, rows: readonly number[], places: readonly number[], into: Float64Array): void {
  const spanOf = (place: number) => {
    const row = rows[place] ?? 0;
    const from = set.ts[row] ?? 0;
    // An outcome of no length still occupies its instant.
    return { from, to: Math.max(from + 1, set.endTs[row] ?? 0) };
  };
  const bounds = Float64Array.from(new Set(places.flatMap((place) => Object.values(spanOf(place))))).sort();
  const indexOf = new Map(Array.from(bounds, (ts, index) => [ts, index]));
  const starts = new Int32Array(bounds.length);
  for (const place of places) {
    const { from, to } = spanOf(place);
    starts[indexOf.get(from) ?? 0] = (starts[indexOf.get(from) ?? 0] ?? 0) + 1;
    starts[indexOf.get(to) ?? 0] = (starts[indexOf.get(to) ?? 0] ?? 0) - 1;
  }
  // Integral of 1 / concurrency up to each bound.
  const integral = new Float64Array(bounds.length);
  let running = 0;
  for (let n = 0; n + 1 < bounds.length; n += 1) {
    running += starts[n] ?? 0;
    const length = (bounds[n + 1] ?? 0) - (bounds[n] ?? 0);
    integral[n + 1] = (integral[n] ?? 0) + (running > 0 ? length / running : 0);
  }
  for (const place of places) {
    const { from, to } = spanOf(place);
    into[place] = ((integral[indexOf.get(to) ?? 0] ?? 0) - (integral[indexOf.get(from) ?? 0] ?? 0)) / (to - from);
  }
}
