import koffi from 'koffi';
import type { TrainingMatrix } from './training-matrix.ts';
import type { Handle, Out, XgboostLibrary } from './xgboost-library.ts';

/** Parameters of XGBoost by their own names, for example `max_depth`. */
export type BoosterParameters = Readonly<Record<string, string | number>>;

/** An ensemble in the memory of libxgboost. Call `free`, or use `using`. */
export class Booster implements Disposable {
  readonly #library: XgboostLibrary;
  readonly #handle: Handle;
  #isFree = false;

  private constructor(library: XgboostLibrary, handle: Handle) {
    this.#library = library;
    this.#handle = handle;
  }

  /** An empty ensemble. @throws Error for an unknown value of a parameter */
  static create(library: XgboostLibrary, matrices: readonly TrainingMatrix[], parameters: BoosterParameters): Booster {
    const out: Out = [null];
    const handles = matrices.map(({ handle }) => handle);
    library.call('XGBoosterCreate', handles, handles.length, out);
    const booster = new Booster(library, out[0]);
    for (const [name, value] of Object.entries(parameters))
      library.call('XGBoosterSetParam', booster.#handle, name, String(value));
    return booster;
  }

  /** Loads a model's JSON. @throws Error if XGBoost cannot read it */
  static load(library: XgboostLibrary, json: Uint8Array): Booster {
    const booster = Booster.create(library, [], {});
    library.call('XGBoosterLoadModelFromBuffer', booster.#handle, json, json.length);
    return booster;
  }

  /** Adds the trees of one round. */
  update(round: number, matrix: TrainingMatrix): void {
    this.#library.call('XGBoosterUpdateOneIter', this.#handle, round, matrix.handle);
  }

  /** The last metric of `eval_metric` on a matrix. */
  evaluate(round: number, matrix: TrainingMatrix): number {
    const out: Out<string> = [null];
    this.#library.call('XGBoosterEvalOneIter', this.#handle, round, [matrix.handle], ['evaluation'], 1, out);
    const text = out[0] ?? '';
    const value = Number(text.slice(text.lastIndexOf(':') + 1));
    if (Number.isNaN(value)) throw new Error(`libxgboost gives no number as metric: “${text}”.`);
    return value;
  }

  /** Predictions row by row, with one number per class; `MARGIN` leaves out the link of the objective. */
  predict(matrix: TrainingMatrix, output: 'PREDICTION' | 'MARGIN' = 'PREDICTION'): Float32Array {
    const options = {
      type: output === 'MARGIN' ? 1 : 0,
      training: false,
      iteration_begin: 0,
      iteration_end: 0,
      strict_shape: true,
    };
    const [shape, dimensions, values]: [Out, Out<number>, Out] = [[null], [null], [null]];
    const config = JSON.stringify(options);
    this.#library.call('XGBoosterPredictFromDMatrix', this.#handle, matrix.handle, config, shape, dimensions, values);
    const sizes = koffi.decode(shape[0], 'uint64_t', Number(dimensions[0])) as readonly (number | bigint)[];
    const length = sizes.reduce((product: number, size) => product * Number(size), 1);
    // The memory belongs to libxgboost and is used again, so it is copied.
    return Float32Array.from(koffi.decode(values[0], 'float', length) as ArrayLike<number>);
  }

  /** The model as `save_model` writes it to a file that ends with `.json`. */
  save(): Buffer {
    const [length, data]: [Out<number>, Out] = [[null], [null]];
    this.#library.call('XGBoosterSaveModelToBuffer', this.#handle, '{"format":"json"}', length, data);
    return Buffer.from(koffi.decode(data[0], 'uint8_t', Number(length[0])) as Uint8Array);
  }

  /** A copy of the first `rounds` rounds. XGBoost loses the names of the columns in it, so they are given again. */
  firstRounds(rounds: number, columnNames: readonly string[]): Booster {
    const out: Out = [null];
    this.#library.call('XGBoosterSlice', this.#handle, 0, rounds, 1, out);
    const booster = new Booster(this.#library, out[0]);
    const { length } = columnNames;
    this.#library.call('XGBoosterSetStrFeatureInfo', booster.#handle, 'feature_name', columnNames, length);
    return booster;
  }

  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    this.#library.call('XGBoosterFree', this.#handle);
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
