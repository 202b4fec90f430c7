import { createHash } from 'node:crypto';
import type { CompactRow } from './compact-row.ts';

/** Rows of training as columns, in order of time. Missing numbers are NaN. */
export interface TrainingSet {
  readonly featureSet: string;
  readonly names: readonly string[];
  /** Names of the columns of a sequence, and its number of minutes. */
  readonly columns: readonly string[];
  readonly steps: number;
  readonly count: number;
  /** count × names. */
  readonly features: Float32Array;
  /** count × steps × columns. */
  readonly sequences: Float32Array;
  /** 1: the row has a sequence. */
  readonly hasSequence: Uint8Array;
  readonly symbols: readonly string[];
  /** Index in `symbols`. */
  readonly symbolOf: Uint16Array;
  /** Time of the decision, and of the end of its outcome, epoch ms. */
  readonly ts: Float64Array;
  readonly endTs: Float64Array;
  /** Net outcome of our own order, and its costs, basis points. */
  readonly netBp: Float64Array;
  readonly costBp: Float64Array;
  /** Largest excursion within the horizon, either way, basis points. */
  readonly moveBp: Float64Array;
  /** 1: the order ended net positive. */
  readonly isGain: Uint8Array;
}

/** Shape of the vectors of a feature set. */
export interface FeatureShape {
  readonly featureSet: string;
  readonly names: readonly string[];
  readonly columns: readonly string[];
  readonly steps: number;
}

/** Lays the rows out as columns, sorted by time, then symbol, then id, so that their order in the files changes nothing. */
export function trainingSetOf(rows: readonly CompactRow[], shape: FeatureShape): TrainingSet {
  const sorted = rows.toSorted((a, b) => a.ts - b.ts || textOrder(a.symbol, b.symbol) || textOrder(a.id, b.id));
  const symbols = [...new Set(sorted.map(({ symbol }) => symbol))].sort();
  const place = new Map(symbols.map((symbol, index) => [symbol, index]));
  const size = shape.steps * shape.columns.length;
  const sequences = new Float32Array(sorted.length * size).fill(Number.NaN);
  const features = new Float32Array(sorted.length * shape.names.length);
  for (const [n, row] of sorted.entries()) {
    features.set(row.features, n * shape.names.length);
    if (row.sequence !== undefined) sequences.set(row.sequence, n * size);
  }
  return {
    ...shape,
    ...{ count: sorted.length, features, sequences, symbols },
    hasSequence: Uint8Array.from(sorted, ({ sequence }) => (sequence === undefined ? 0 : 1)),
    symbolOf: Uint16Array.from(sorted, ({ symbol }) => place.get(symbol) ?? 0),
    ts: Float64Array.from(sorted, ({ ts }) => ts),
    endTs: Float64Array.from(sorted, ({ endTs }) => endTs),
    netBp: Float64Array.from(sorted, ({ netBp }) => netBp),
    costBp: Float64Array.from(sorted, ({ costBp }) => costBp),
    moveBp: Float64Array.from(sorted, ({ moveBp }) => moveBp),
    isGain: Uint8Array.from(sorted, ({ netBp }) => (netBp > 0 ? 1 : 0)),
  };
}

/** SHA-256 of everything that a training reads of the rows, hex. */
export function hashOfSet(set: TrainingSet): string {
  const hash = createHash('sha256');
  const { featureSet, names, columns, steps, count, symbols } = set;
  hash.update(JSON.stringify({ featureSet, names, columns, steps, count, symbols }));
  const arrays = [set.features, set.sequences, set.symbolOf, set.ts, set.endTs, set.netBp, set.costBp, set.moveBp];
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

/** The sequence of one row, oldest minute first; a view, not a copy. */
export function sequenceOf({ sequences, steps, columns }: TrainingSet, row: number): Float32Array {
  const size = steps * columns.length;
  return sequences.subarray(row * size, (row + 1) * size);
}

const textOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
