import { Booster } from '../../xgboost/booster.ts';
import { trainBooster } from '../../xgboost/train-booster.ts';
import { TrainingMatrix } from '../../xgboost/training-matrix.ts';
import type { XgboostLibrary } from '../../xgboost/xgboost-library.ts';
import { throwIfStopped } from '../stop.ts';
import type { Boosting, BoostRows, BoostTask, LoadedTrees, TrainedTrees } from './boosting.ts';

const METRICS = { 'binary:logistic': 'logloss', 'reg:squarederror': 'rmse' } as const;

/** Boosted trees by libxgboost. */
export class XgboostBoosting implements Boosting {
  readonly #library: XgboostLibrary;

  constructor(library: XgboostLibrary) {
    this.#library = library;
  }

  async train(task: BoostTask): Promise<TrainedTrees> {
    // Lets Ctrl-C in: a training of trees is one block of work.
    await new Promise(setImmediate);
    throwIfStopped(task.signal);
    const training = this.#matrix(task.rows, task.names);
    const evaluation = this.#matrix(task.validation, task.names);
    try {
      const { booster, rounds, metric } = trainBooster(this.#library, {
        ...{ training, evaluation, rounds: task.maxRounds, patience: task.patience, seed: task.seed },
        parameters: { ...task.trees, objective: task.objective, eval_metric: METRICS[task.objective] },
      });
      const json = booster.save().toString();
      booster.free();
      return { json, rounds, loss: metric ?? Number.POSITIVE_INFINITY };
    } finally {
      training.free();
      evaluation.free();
    }
  }

  load(json: string): LoadedTrees {
    const library = this.#library;
    const booster = Booster.load(library, Buffer.from(json));
    const { learner } = JSON.parse(json) as { learner: { feature_names: string[] } };
    return {
      margins(features, width) {
        if (features.length === 0) return new Float32Array();
        const data = { values: features, rows: features.length / width, columnNames: learner.feature_names };
        const matrix = new TrainingMatrix(library, data);
        try {
          return booster.predict(matrix, 'MARGIN');
        } finally {
          matrix.free();
        }
      },
      free: () => booster.free(),
    };
  }

  #matrix({ features, width, labels, weights }: BoostRows, names: readonly string[]): TrainingMatrix {
    return new TrainingMatrix(this.#library, {
      ...{ values: features, rows: features.length / width, columnNames: names, labels, weights },
    });
  }
}
