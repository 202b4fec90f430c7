import { Rng } from '@helios/synthetic-market/rng.ts';
import type { TreeParameters } from './boosting.ts';

/** What decides a training besides its rows. */
export interface TrainingParameters {
  readonly seed: number;
  /** Tree shapes to try on the validation rows of each fold. */
  readonly trees: readonly TreeParameters[];
  readonly maxRounds: number;
  readonly patience: number;
  readonly lstmUnits: number;
  readonly lstmEpochs: number;
  /** Parts of the training in which the LSTM answers rows that it did not learn. */
  readonly stackingFolds: number;
  readonly embargoMs: number;
}

/** Shallow, slow and strongly regularised: a signal at minutes is weak. */
const USUAL_TREES: TreeParameters = {
  ...{ max_depth: 3, eta: 0.03, min_child_weight: 20, subsample: 0.7, colsample_bytree: 0.5, lambda: 10 },
};

/** The usual shape, then random ones; the same seed gives the same. */
export function treesToTry(count: number, seed: number): TreeParameters[] {
  const rng = new Rng(`trees:${seed}`);
  const one = (): TreeParameters => ({
    max_depth: 2 + rng.below(4),
    eta: rounded(0.01 * 10 ** rng.between(0, 1)),
    min_child_weight: rounded(5 * 10 ** rng.between(0, 1.3)),
    subsample: rounded(rng.between(0.5, 1)),
    colsample_bytree: rounded(rng.between(0.3, 1)),
    lambda: rounded(10 ** rng.between(0, 2)),
  });
  return [USUAL_TREES, ...Array.from({ length: Math.max(0, count - 1) }, one)];
}

const rounded = (value: number) => Number(value.toPrecision(3));
