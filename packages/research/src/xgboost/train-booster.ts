import { Booster, type BoosterParameters } from './booster.ts';
import type { TrainingMatrix } from './training-matrix.ts';
import type { XgboostLibrary } from './xgboost-library.ts';

/** Threads change the order of float sums, so their number is fixed. Two threads wait for each other on a busy machine. */
const THREADS = 1;

export interface BoosterTraining {
  readonly training: TrainingMatrix;
  /** Training stops when this matrix no longer improves; without it all rounds are made. */
  readonly evaluation?: TrainingMatrix | undefined;
  readonly parameters: BoosterParameters;
  readonly rounds: number;
  /** Rounds without a better metric before training stops. */
  readonly patience: number;
  readonly seed: number;
  /** True if a larger metric is better, as for `auc`. */
  readonly isLargerBetter?: boolean | undefined;
  /** Sees each round and its metric; false stops the training at once. */
  readonly onRound?: ((round: number, metric: number | undefined) => boolean) | undefined;
}

/** A trained ensemble, cut after its best round. */
export interface TrainedBooster {
  readonly booster: Booster;
  readonly rounds: number;
  /** The metric of the evaluation at the best round. */
  readonly metric: number | undefined;
}

/** Trains an ensemble. The same rows, parameters and seed give the same bytes on one build of libxgboost. */
export function trainBooster(library: XgboostLibrary, options: BoosterTraining): TrainedBooster {
  const { training, evaluation, rounds, patience, seed, onRound } = options;
  const parameters = { tree_method: 'hist', verbosity: 0, ...options.parameters, nthread: THREADS, seed };
  const sign = options.isLargerBetter ? -1 : 1;
  const whole = Booster.create(library, evaluation ? [training, evaluation] : [training], parameters);
  try {
    let best = { rounds: 0, metric: undefined as number | undefined };
    for (let round = 0; round < rounds; round += 1) {
      whole.update(round, training);
      const metric = evaluation && whole.evaluate(round, evaluation);
      if (metric === undefined || best.metric === undefined || sign * metric < sign * best.metric)
        best = { rounds: round + 1, metric };
      if (onRound?.(round, metric) === false || round + 1 - best.rounds >= patience) break;
    }
    return { booster: whole.firstRounds(best.rounds, training.columnNames), ...best };
  } finally {
    whole.free();
  }
}
