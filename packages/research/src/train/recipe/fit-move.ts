import { uniquenessWeights } from '../split/uniqueness.ts';
import { isotonicCurve, type RisingCurve, valueOnCurve } from '../statistics/isotonic.ts';
import { type Boosting, type BoostRows, marginsOf } from './boosting.ts';
import type { FitInput } from './fit-probability.ts';
import { FULL, treeFeatures, treeInputs } from './variants.ts';

/** Trees that say how far the price moves within the horizon. Their margin is ln(1 + bp); `table` makes basis points of it. */
export interface FittedMove {
  readonly json: string;
  readonly rounds: number;
  readonly table: RisingCurve;
}

/** Groups of the calibration of the size of a move. */
const DECILES = 10;

/** Trains trees on the logarithm of the largest excursion, and calibrates them by decile on rows that they did not learn. */
export async function fitMove(boosting: Boosting, input: Omit<FitInput, 'variant'>): Promise<FittedMove> {
  const { set, parts, parameters, outputs } = input;
  const [trees] = parameters.trees;
  if (trees === undefined) throw new Error('No shape of trees to try');
  const { json, rounds } = await boosting.train({
    ...{ objective: 'reg:squarederror', trees, names: treeFeatures(set, outputs) },
    ...{ rows: moveRows(input, parts.fit), validation: moveRows(input, parts.validation) },
    ...{ maxRounds: parameters.maxRounds, patience: parameters.patience, seed: parameters.seed, signal: input.signal },
  });
  const { features, width } = treeInputs(set, parts.calibration, outputs, FULL);
  const margins = marginsOf(boosting, json, features, width);
  return {
    json,
    rounds,
    table: decileTable(
      margins,
      parts.calibration.map((row) => set.moveBp[row] ?? 0),
    ),
  };
}

/** Expected moves of `rows`, basis points. */
export function movesOf(
  boosting: Boosting,
  { json, table }: FittedMove,
  { set, outputs }: Pick<FitInput, 'set' | 'outputs'>,
  rows: readonly number[],
): Float64Array {
  const { features, width } = treeInputs(set, rows, outputs, FULL);
  return Float64Array.from(marginsOf(boosting, json, features, width), (margin) => valueOnCurve(table, margin));
}

/** Mean margin and mean move of each tenth of the rows, made to rise. */
export function decileTable(margins: ArrayLike<number>, moves: ArrayLike<number>): RisingCurve {
  const order = Uint32Array.from({ length: margins.length }, (_, n) => n).sort(
    (a, b) => (margins[a] ?? 0) - (margins[b] ?? 0) || a - b,
  );
  const [x, y, sizes]: [number[], number[], number[]] = [[], [], []];
  const groups = Math.min(DECILES, order.length);
  for (let group = 0; group < groups; group += 1) {
    const own = order.subarray((order.length * group) / groups, (order.length * (group + 1)) / groups);
    x.push(own.reduce((sum, place) => sum + (margins[place] ?? 0), 0) / own.length);
    y.push(own.reduce((sum, place) => sum + (moves[place] ?? 0), 0) / own.length);
    sizes.push(own.length);
  }
  return isotonicCurve(x, y, sizes);
}

function moveRows({ set, outputs }: Pick<FitInput, 'set' | 'outputs'>, rows: readonly number[]): BoostRows {
  return {
    ...treeInputs(set, rows, outputs, FULL),
    labels: Float32Array.from(rows, (row) => Math.log1p(set.moveBp[row] ?? 0)),
    weights: Float32Array.from(uniquenessWeights(set, rows)),
  };
}
