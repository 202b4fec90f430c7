/** Rows of a booster: `features` is count × width, NaN is missing. */
export interface BoostRows {
  readonly features: Float32Array;
  readonly width: number;
  readonly labels: Float32Array;
  readonly weights?: Float32Array;
}

/** Shape of the trees, in the words of XGBoost. */
export interface TreeParameters {
  readonly max_depth: number;
  readonly eta: number;
  readonly min_child_weight: number;
  readonly subsample: number;
  readonly colsample_bytree: number;
  readonly lambda: number;
}

/** One training of boosted trees. */
export interface BoostTask {
  readonly objective: 'binary:logistic' | 'reg:squarederror';
  readonly trees: TreeParameters;
  readonly names: readonly string[];
  readonly rows: BoostRows;
  /** Rows that decide when to stop. */
  readonly validation: BoostRows;
  readonly maxRounds: number;
  /** Rounds without a better validation before the end. */
  readonly patience: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Trained trees, cut after their best round. */
export interface TrainedTrees {
  /** As XGBoost's `save_model` writes JSON. */
  readonly json: string;
  readonly rounds: number;
  /** Log loss or root mean square error of the validation at the best round. */
  readonly loss: number;
}

/** Trees in memory. Call `free`. */
export interface LoadedTrees {
  /** Outputs before the link function, one for each row. */
  margins(features: Float32Array, width: number): Float32Array;
  free(): void;
}

/** A library that boosts trees. */
export interface Boosting {
  /** Rejects with TrainingStopped after Ctrl-C. */
  train(task: BoostTask): Promise<TrainedTrees>;
  load(json: string): LoadedTrees;
}

/** Outputs of trees before the link function. */
export function marginsOf(boosting: Boosting, json: string, features: Float32Array, width: number): Float32Array {
  const trees = boosting.load(json);
  try {
    return trees.margins(features, width);
  } finally {
    trees.free();
  }
}
