import { sequenceOf, type TrainingSet } from '../rows/training-set.ts';

/** Mean and standard deviation of each column of the sequences. */
export interface SequenceScale {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** Columns that are missing in all rows, or constant: their input was 0 throughout, so their weights are those of chance. */
  readonly silent: readonly boolean[];
}

/** A scaled number is cut here: one odd minute must not saturate the gates. */
export const MAX_SCALED = 5;

/** The scale of the sequences of `rows`; missing numbers do not count. Take the rows of the training alone. */
export function sequenceScaleOf(set: TrainingSet, rows: readonly number[]): SequenceScale {
  const width = set.columns.length;
  const [counts, sums, squares] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  for (const row of rows) {
    for (const [n, value] of sequenceOf(set, row).entries()) {
      if (Number.isNaN(value)) continue;
      const column = n % width;
      counts[column] = (counts[column] ?? 0) + 1;
      sums[column] = (sums[column] ?? 0) + value;
      squares[column] = (squares[column] ?? 0) + value * value;
    }
  }
  const means = Array.from(sums, (sum, column) => sum / Math.max(1, counts[column] ?? 0));
  const variances = means.map(
    (mean, column) => (squares[column] ?? 0) / Math.max(1, counts[column] ?? 0) - mean * mean,
  );
  const silent = variances.map((variance) => !(variance > 1e-12));
  // A constant column says nothing: it becomes 0.
  const deviations = variances.map((variance, column) => (silent[column] === true ? 1 : Math.sqrt(variance)));
  return { means, deviations, silent };
}

/**
 * Scaled sequences of `rows` for the LSTM: for each minute, oldest first, rows × (columns + 1), where the last column is 1. Missing
 * numbers are 0, the mean.
 */
export function scaledMinutes(
  set: TrainingSet,
  rows: readonly number[],
  { means, deviations }: SequenceScale,
): Float32Array[] {
  const width = set.columns.length;
  const minutes = Array.from({ length: set.steps }, () => new Float32Array(rows.length * (width + 1)).fill(1));
  for (const [place, row] of rows.entries()) {
    const sequence = sequenceOf(set, row);
    for (const [step, minute] of minutes.entries()) {
      for (let column = 0; column < width; column += 1) {
        const value = sequence[step * width + column] ?? Number.NaN;
        const scaled = (value - (means[column] ?? 0)) / (deviations[column] ?? 1);
        const cut = Math.min(MAX_SCALED, Math.max(-MAX_SCALED, scaled));
        minute[place * (width + 1) + column] = Number.isNaN(scaled) ? 0 : cut;
      }
    }
  }
  return minutes;
}
