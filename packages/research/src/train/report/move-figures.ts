import type { Estimate } from '@helios/backtest/statistics/stationary-bootstrap.ts';
import { correlation } from '@helios/synthetic-market/series-statistics.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import { clusteredEstimate, dayOf } from '../statistics/cluster-bootstrap.ts';

/** A tenth of the test rows, by expected move. */
export interface MoveDecile {
  readonly rows: number;
  /** Mean expected and mean realised move, basis points. */
  readonly expectedBp: number;
  readonly realised: Estimate;
}

/** How well the size of the move was foretold on rows that were not learned. */
export interface MoveFigures {
  readonly rows: number;
  /** Correlation of expected and realised move. */
  readonly correlation: number | undefined;
  /** Share of the variance that is explained, against the mean of the test; below 0: worse than that mean. */
  readonly r2: number | undefined;
  readonly deciles: readonly MoveDecile[];
  /** True if the expected move of at least eight deciles of ten lies within 20 % of the realised one, or in its interval. */
  readonly isCalibrated: boolean;
}

const DECILES = 10;
const MIN_GOOD = 8;
const TOLERANCE = 0.2;

/** Judges expected moves of test rows. `moves`: one for each of `rows`, basis points. */
export function moveFigures(set: TrainingSet, rows: readonly number[], moves: readonly number[]): MoveFigures {
  const realised = rows.map((row) => set.moveBp[row] ?? 0);
  const order = [...rows.keys()].sort((a, b) => (moves[a] ?? 0) - (moves[b] ?? 0) || a - b);
  const deciles = Array.from({ length: DECILES }, (_, n) =>
    order.slice((order.length * n) / DECILES, (order.length * (n + 1)) / DECILES),
  ).map((places, n) => decileOf(set, places, rows, moves, n));
  const good = deciles.filter(isGood).length;
  return {
    rows: rows.length,
    correlation: correlation(moves, realised),
    r2: explained(moves, realised),
    deciles,
    isCalibrated: good >= MIN_GOOD,
  };
}

function decileOf(
  set: TrainingSet,
  places: readonly number[],
  rows: readonly number[],
  moves: readonly number[],
  n: number,
): MoveDecile {
  const own = places.map((place) => set.moveBp[rows[place] ?? 0] ?? 0);
  const days = places.map((place) => dayOf(set.ts[rows[place] ?? 0] ?? 0));
  const mean = (counts: Float64Array) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? undefined : own.reduce((sum, value, at) => sum + value * (counts[at] ?? 0), 0) / total;
  };
  return {
    rows: places.length,
    expectedBp: places.reduce((sum, place) => sum + (moves[place] ?? 0), 0) / places.length,
    realised: clusteredEstimate(days, mean, `move:${n}`),
  };
}

function isGood({ expectedBp, realised: { value, low, high } }: MoveDecile): boolean {
  if (value === undefined) return false;
  const isNear = Math.abs(expectedBp - value) <= TOLERANCE * value;
  return isNear || (low !== undefined && high !== undefined && expectedBp >= low && expectedBp <= high);
}

function explained(moves: readonly number[], realised: readonly number[]): number | undefined {
  const centre = realised.reduce((sum, value) => sum + value, 0) / realised.length;
  const total = realised.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const left = realised.reduce((sum, value, n) => sum + (value - (moves[n] ?? 0)) ** 2, 0);
  return total > 0 ? 1 - left / total : undefined;
}
