import { type Link, transformMargins } from './objective.ts';

/** Trees in one array per field; a node's number counts through all trees. */
export interface PackedTrees {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Output that each tree adds to. */
  readonly groups: Int32Array;
  /** Column of a split, −1 for a leaf. */
  readonly columns: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Threshold of a split, value of a leaf. */
  readonly values: Float32Array;
  /** 1: missing values go left. */
  readonly defaultLeft: Uint8Array;
  /** First word of the categories that go right, −1 for a numerical split. */
  readonly categoryStart: Int32Array;
  readonly categoryLength: Int32Array;
  readonly categoryWords: Uint32Array;
}

/** XGBoost counts larger and negative categories as invalid (common/categorical.h). */
const MAX_CATEGORY = 16_777_216;

/** Evaluates an XGBoost ensemble as libxgboost does: float32 comparisons and sums, missing values by the default direction. */
export class TreeEnsemble {
  /** Number of columns in a row. */
  readonly columnCount: number;
  /** Names of the columns; empty if the file has none. */
  readonly columnNames: readonly string[];
  readonly link: Link;
  readonly objective: string;
  /** Number of outputs: classes of a multiclass model, else 1. */
  readonly outputCount: number;
  readonly #trees: PackedTrees;
  readonly #baseMargins: Float32Array;

  constructor(
    trees: PackedTrees,
    about: Pick<TreeEnsemble, 'columnCount' | 'columnNames' | 'link' | 'objective'> & { baseMargins: Float32Array },
  ) {
    this.#trees = trees;
    this.columnCount = about.columnCount;
    this.columnNames = about.columnNames;
    this.link = about.link;
    this.objective = about.objective;
    this.#baseMargins = about.baseMargins;
    this.outputCount = about.baseMargins.length;
  }

  get treeCount(): number {
    return this.#trees.roots.length;
  }

  get nodeCount(): number {
    return this.#trees.columns.length;
  }

  /** Writes the raw margins of a row, NaN for missing, into `out` of `outputCount` numbers. */
  margins(row: Float32Array, out: Float32Array): void {
    const { roots, groups, values } = this.#trees;
    out.set(this.#baseMargins);
    for (let tree = 0; tree < roots.length; tree += 1) {
      const group = groups[tree] ?? 0;
      // A Float32Array rounds each sum to float32, as libxgboost does.
      out[group] = (out[group] ?? 0) + (values[this.#leafOf(roots[tree] ?? 0, row)] ?? 0);
    }
  }

  /** Writes the predictions of a row after the link of the objective. */
  predict(row: Float32Array, out: Float32Array): void {
    this.margins(row, out);
    transformMargins(out, this.link);
  }

  #leafOf(root: number, row: Float32Array): number {
    const { columns, left, right, values, defaultLeft, categoryStart } = this.#trees;
    let node = root;
    for (let column = columns[node] ?? -1; column >= 0; column = columns[node] ?? -1) {
      const value = row[column] ?? Number.NaN;
      let goesLeft: boolean;
      if (Number.isNaN(value)) goesLeft = defaultLeft[node] === 1;
      else if ((categoryStart[node] ?? -1) >= 0) goesLeft = !this.#isChosen(node, value);
      else goesLeft = value < (values[node] ?? 0);
      node = (goesLeft ? left[node] : right[node]) ?? 0;
    }
    return node;
  }

  /** True if the split sends the category to the right. Invalid and unknown categories go left. */
  #isChosen(node: number, value: number): boolean {
    if (value < 0 || value >= MAX_CATEGORY) return false;
    const category = Math.trunc(value);
    const word = category >>> 5;
    const { categoryStart, categoryLength, categoryWords } = this.#trees;
    if (word >= (categoryLength[node] ?? 0)) return false;
    return (((categoryWords[(categoryStart[node] ?? 0) + word] ?? 0) >>> (category & 31)) & 1) === 1;
  }
}
