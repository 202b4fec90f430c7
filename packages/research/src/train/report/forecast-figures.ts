import type { Estimate } from '@helios/backtest/statistics/stationary-bootstrap.ts';
import { correlation } from '@helios/synthetic-market/series-statistics.ts';
import { type EdgeRows, grossBpOf } from '../recipe/edge-curve.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import { clusteredEstimate, dayOf } from '../statistics/cluster-bootstrap.ts';

/** A tenth of the test rows, by what was expected. */
interface ForecastDecile {
  readonly rows: number;
  /** Mean expected and mean realised figure, basis points. */
  readonly expectedBp: number;
  readonly realised: Estimate;
}

/** How well something was foretold on rows that were not learned. */
export interface ForecastFigures {
  readonly rows: number;
  /** Correlation of expected and realised figures. */
  readonly correlation: number | undefined;
  /** Share of the variance that is explained, against the mean of the test; below 0: worse than that mean. */
  readonly r2: number | undefined;
  readonly deciles: readonly ForecastDecile[];
  /** True if the expected figure of at least eight deciles of ten lies within 20 % of the realised one, or in its interval. */
  readonly isCalibrated: boolean;
}

const DECILES = 10;
const MIN_GOOD = 8;
const TOLERANCE = 0.2;

/** Judges expected moves of test rows. `moves`: one for each of `rows`, basis points. */
export function moveFigures(set: TrainingSet, rows: readonly number[], moves: readonly number[]): ForecastFigures {
  return figuresOf({
    label: 'move',
    days: daysOf(set, rows),
    expected: moves,
    realised: rows.map((row) => set.moveBp[row] ?? 0),
  });
}

/** Correlation of realised moves with the volatility of the last hour, over the rows that know it. */
export function volatilityCorrelationOf(set: TrainingSet, rows: readonly number[]): number | undefined {
  const column = set.names.indexOf('volatility_60m');
  const volatilityOf = (row: number) => set.features[row * set.names.length + column] ?? Number.NaN;
  const known = rows.filter((row) => !Number.isNaN(volatilityOf(row)));
  return correlation(
    known.map(volatilityOf),
    known.map((row) => set.moveBp[row] ?? 0),
  );
}

/** Judges what test rows were expected to earn before fees, basis points. */
export function edgeFigures(set: EdgeRows, rows: readonly number[], edges: readonly number[]): ForecastFigures {
  return figuresOf({
    label: 'edge',
    days: daysOf(set, rows),
    expected: edges,
    realised: rows.map((row) => grossBpOf(set, row)),
  });
}

/** A forecast of test rows, one entry each. */
interface Forecast {
  /** Chooses the draws of the bootstrap. */
  readonly label: string;
  readonly days: readonly number[];
  readonly expected: readonly number[];
  readonly realised: readonly number[];
}

const daysOf = (set: Pick<TrainingSet, 'ts'>, rows: readonly number[]) => rows.map((row) => dayOf(set.ts[row] ?? 0));

function figuresOf(forecast: Forecast): ForecastFigures {
  const { expected, realised } = forecast;
  const order = [...expected.keys()].sort((a, b) => (expected[a] ?? 0) - (expected[b] ?? 0) || a - b);
  const deciles = Array.from({ length: DECILES }, (_, n) =>
    order.slice((order.length * n) / DECILES, (order.length * (n + 1)) / DECILES),
  ).map((places, n) => decileOf(forecast, places, n));
  const good = deciles.filter(isGood).length;
  return {
    rows: expected.length,
    correlation: correlation(expected, realised),
    r2: explained(expected, realised),
    deciles,
    isCalibrated: good >= MIN_GOOD,
  };
}

function decileOf({ label, days, expected, realised }: Forecast, places: readonly number[], n: number): ForecastDecile {
  const own = places.map((place) => realised[place] ?? 0);
  const mean = (counts: Float64Array) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? undefined : own.reduce((sum, value, at) => sum + value * (counts[at] ?? 0), 0) / total;
  };
  return {
    rows: places.length,
    expectedBp: places.reduce((sum, place) => sum + (expected[place] ?? 0), 0) / places.length,
    realised: clusteredEstimate(
      places.map((place) => days[place] ?? 0),
      mean,
      `${label}:${n}`,
    ),
  };
}

function isGood({ expectedBp, realised: { value, low, high } }: ForecastDecile): boolean {
  if (value === undefined) return false;
  const isNear = Math.abs(expectedBp - value) <= TOLERANCE * Math.abs(value);
  return isNear || (low !== undefined && high !== undefined && expectedBp >= low && expectedBp <= high);
}

function explained(expected: readonly number[], realised: readonly number[]): number | undefined {
  const centre = realised.reduce((sum, value) => sum + value, 0) / realised.length;
  const total = realised.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const left = realised.reduce((sum, value, n) => sum + (value - (expected[n] ?? 0)) ** 2, 0);
  return total > 0 ? 1 - left / total : undefined;
}
