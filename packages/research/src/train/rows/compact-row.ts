import type { TrainingRow } from '@helios/shared/domain/training-row.ts';

/** A training row with its numbers in one array: a quarter of the memory. Missing numbers are NaN. */
export interface CompactRow {
  readonly id: string;
  readonly symbol: string;
  readonly ts: number;
  readonly endTs: number;
  readonly netBp: number;
  readonly costBp: number;
  /** Largest excursion within the horizon, either way, basis points. */
  readonly moveBp: number;
  readonly features: Float32Array;
  readonly sequence: Float32Array | undefined;
}

/** Keeps what a training reads of a row. */
export function compactRow(row: TrainingRow): CompactRow {
  return {
    ...{ id: row.id, symbol: row.symbol, ts: row.ts, endTs: row.end_ts },
    ...{ netBp: row.net_bp, costBp: row.cost_bp, moveBp: Math.max(row.best_bp, -row.worst_bp) },
    features: Float32Array.from(row.features, numberOf),
    sequence: row.sequence && Float32Array.from(row.sequence.flat(), numberOf),
  };
}

const numberOf = (value: number | null) => value ?? Number.NaN;
