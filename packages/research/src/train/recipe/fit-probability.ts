import type { TrainingSet } from '../rows/training-set.ts';
import { uniquenessWeights } from '../split/uniqueness.ts';
import { type Boosting, type BoostRows, marginsOf, type TrainedTrees, type TreeParameters } from './boosting.ts';
import { calibrationOf, type ProbabilityCalibration, probabilityAt } from './calibration.ts';
import { type EdgeCurve, edgeCurve } from './edge-curve.ts';
import type { FoldParts } from './fold-parts.ts';
import type { TrainingParameters } from './parameters.ts';
import { type ModelVariant, treeFeatures, treeInputs } from './variants.ts';

/** What a fit of a fold reads. */
export interface FitInput {
  readonly set: TrainingSet;
  readonly parts: FoldParts;
  /** Outputs of the LSTM, by row of the set. */
  readonly outputs: Float32Array | undefined;
  readonly variant: ModelVariant;
  readonly parameters: TrainingParameters;
  readonly signal: AbortSignal;
}

/** Trees that say how likely an order ends with a gain. */
export interface FittedProbability {
  readonly json: string;
  readonly rounds: number;
  readonly trees: TreeParameters;
  readonly calibration: ProbabilityCalibration;
  /** The probability from which on a trade pays on average. */
  readonly breakEven: number;
  /** What candidates earned on the rows of the calibration; undefined for too few days. */
  readonly edge: EdgeCurve | undefined;
}

/** Trains the trees of each shape that is to be tried, takes the one with the least loss on the validation, and calibrates it. */
export async function fitProbability(boosting: Boosting, input: FitInput): Promise<FittedProbability> {
  const { set, parts, parameters } = input;
  const [rows, validation] = [gainRows(input, parts.fit), gainRows(input, parts.validation)];
  let best: { readonly found: TrainedTrees; readonly trees: TreeParameters } | undefined;
  for (const trees of parameters.trees) {
    const found = await boosting.train({
      ...{ objective: 'binary:logistic', trees, names: treeFeatures(set, input.outputs), rows, validation },
      ...{
        maxRounds: parameters.maxRounds,
        patience: parameters.patience,
        seed: parameters.seed,
        signal: input.signal,
      },
    });
    if (best === undefined || found.loss < best.found.loss) best = { found, trees };
  }
  if (best === undefined) throw new Error('No shape of trees to try');
  const { json, rounds } = best.found;
  const { features, width } = treeInputs(set, parts.calibration, input.outputs, input.variant);
  const labels = parts.calibration.map((row) => set.isGain[row] ?? 0);
  const margins = marginsOf(boosting, json, features, width);
  const calibration = calibrationOf(margins, labels);
  const probabilities = Float64Array.from(margins, (margin) => probabilityAt(calibration, margin));
  return {
    ...{ json, rounds, trees: best.trees, calibration, breakEven: breakEvenOf(set, parts.fit) },
    edge: edgeCurve(set, parts.calibration, probabilities),
  };
}

/** Calibrated probabilities of `rows`. */
export function probabilitiesOf(
  boosting: Boosting,
  { json, calibration }: Pick<FittedProbability, 'json' | 'calibration'>,
  { set, outputs, variant }: Pick<FitInput, 'set' | 'outputs' | 'variant'>,
  rows: readonly number[],
): Float64Array {
  const { features, width } = treeInputs(set, rows, outputs, variant);
  return Float64Array.from(marginsOf(boosting, json, features, width), (margin) => probabilityAt(calibration, margin));
}

/**
 * The probability at which gains and losses cancel out: p × mean gain = (1 − p) × mean loss. An order that never filled is a loss
 * of 0.
 */
export function breakEvenOf(set: TrainingSet, rows: readonly number[]): number {
  let [gained, gains, lost, losses] = [0, 0, 0, 0];
  for (const row of rows) {
    const net = set.netBp[row] ?? 0;
    if (net > 0) [gained, gains] = [gained + net, gains + 1];
    else [lost, losses] = [lost - net, losses + 1];
  }
  const [gain, loss] = [gained / Math.max(1, gains), lost / Math.max(1, losses)];
  return gain + loss > 0 ? loss / (gain + loss) : 1;
}

function gainRows({ set, outputs, variant }: FitInput, rows: readonly number[]): BoostRows {
  return {
    ...treeInputs(set, rows, outputs, variant),
    labels: Float32Array.from(rows, (row) => set.isGain[row] ?? 0),
    weights: Float32Array.from(uniquenessWeights(set, rows)),
  };
}
