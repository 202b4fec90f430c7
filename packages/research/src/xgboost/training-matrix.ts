import type { Handle, Out, XgboostLibrary } from './xgboost-library.ts';

/** Rows for training or prediction. */
export interface MatrixData {
  /** Row by row, NaN for missing. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columnNames: readonly string[];
  /** One per row; absent for prediction. */
  readonly labels?: Float32Array | undefined;
  /** One per row; equal weights without. */
  readonly weights?: Float32Array | undefined;
}

/** A matrix in the memory of libxgboost. Call `free`, or use `using`. */
export class TrainingMatrix implements Disposable {
  readonly handle: Handle;
  readonly rows: number;
  readonly columnNames: readonly string[];
  readonly #library: XgboostLibrary;
  #isFree = false;

  /** @throws Error if sizes do not fit, or libxgboost refuses the values */
  constructor(library: XgboostLibrary, { values, rows, columnNames, labels, weights }: MatrixData) {
    const columns = columnNames.length;
    if (rows === 0 || columns === 0) throw new Error(`A matrix needs rows and columns; it has ${rows} × ${columns}.`);
    if (values.length !== rows * columns)
      throw new Error(`A matrix of ${rows} × ${columns} needs ${rows * columns} values, not ${values.length}.`);
    for (const each of [labels, weights])
      if (each !== undefined && each.length !== rows)
        throw new Error(`Labels and weights need one number per row: ${rows}, not ${each.length}.`);
    this.#library = library;
    this.rows = rows;
    this.columnNames = columnNames;
    const out: Out = [null];
    library.call('XGDMatrixCreateFromMat', values, rows, columns, Number.NaN, out);
    this.handle = out[0];
    library.call('XGDMatrixSetStrFeatureInfo', this.handle, 'feature_name', columnNames, columns);
    if (labels) library.call('XGDMatrixSetFloatInfo', this.handle, 'label', labels, rows);
    if (weights) library.call('XGDMatrixSetFloatInfo', this.handle, 'weight', weights, rows);
  }

  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    this.#library.call('XGDMatrixFree', this.handle);
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
