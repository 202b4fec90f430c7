import type { JsonFields } from './json-fields.ts';
import type { PackedTrees } from './tree-ensemble.ts';

const NUMBERS = ['left_children', 'right_children', 'split_indices', 'split_conditions', 'default_left'] as const;

/** More nodes take longer than a decision may, and more memory than a process has. */
const MAX_NODES = 4_000_000;
/** Each decision walks through all trees: so many take a millisecond. */
const MAX_TREES = 10_000;

interface Tree {
  readonly fields: JsonFields;
  readonly arrays: Readonly<Record<(typeof NUMBERS)[number], Float64Array>>;
  readonly splitTypes: Float64Array | undefined;
}

/** A tree of the file, the output it adds to, and the weight of its leaves. */
export interface WeightedTree {
  readonly fields: JsonFields;
  readonly group: number;
  /** 1, except in dart. */
  readonly weight: number;
}

/** Packs trees of XGBoost's JSON. @throws ModelRefusal for trees that are damaged */
export function packTrees(weighted: readonly WeightedTree[], columnCount: number): PackedTrees {
  const [first] = weighted;
  if (weighted.length > MAX_TREES && first)
    throw first.fields.refusal(
      `and its sisters are ${weighted.length} trees; at most ${MAX_TREES} are allowed. Train with fewer rounds`,
    );
  const trees = weighted.map(({ fields }) => readTree(fields));
  const nodeCount = trees.reduce((sum, { arrays }) => sum + arrays.left_children.length, 0);
  if (nodeCount > MAX_NODES && first)
    throw first.fields.refusal(`and its sisters have ${nodeCount} nodes; at most ${MAX_NODES} are allowed`);
  const packer = new TreePacker(nodeCount, columnCount);
  for (const [index, tree] of trees.entries()) packer.add(tree, weighted[index]?.weight ?? 1);
  return packer.packed(Int32Array.from(weighted, ({ group }) => group));
}

function readTree(fields: JsonFields): Tree {
  const parameters = fields.object('tree_param');
  if (parameters.has('size_leaf_vector') && parameters.number('size_leaf_vector') > 1)
    throw fields.refusal('has leaves with several values (multi_strategy = multi_output_tree), which is not supported');
  const arrays = Object.fromEntries(NUMBERS.map((key) => [key, fields.numbers(key)])) as Tree['arrays'];
  const size = arrays.left_children.length;
  const splitTypes = fields.has('split_type') ? fields.numbers('split_type') : undefined;
  const lengths = [...Object.values(arrays), ...(splitTypes ? [splitTypes] : [])].map(({ length }) => length);
  if (size === 0 || lengths.some((length) => length !== size))
    throw fields.refusal(`has lists of different lengths (${lengths.join(', ')}): the file is damaged`);
  return { fields, arrays, splitTypes };
}

class TreePacker {
  readonly #roots: number[] = [];
  readonly #columns: Int32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #values: Float32Array;
  readonly #defaultLeft: Uint8Array;
  readonly #categoryStart: Int32Array;
  readonly #categoryLength: Int32Array;
  readonly #words: number[] = [];
  readonly #columnCount: number;
  #size = 0;

  constructor(nodeCount: number, columnCount: number) {
    this.#columnCount = columnCount;
    this.#columns = new Int32Array(nodeCount).fill(-1);
    this.#left = new Int32Array(nodeCount);
    this.#right = new Int32Array(nodeCount);
    this.#values = new Float32Array(nodeCount);
    this.#defaultLeft = new Uint8Array(nodeCount);
    this.#categoryStart = new Int32Array(nodeCount).fill(-1);
    this.#categoryLength = new Int32Array(nodeCount);
  }

  /** Adds the nodes that the root reaches; pruned nodes stay empty. */
  add(tree: Tree, weight: number): void {
    const root = this.#size;
    const { left_children: left, right_children: right } = tree.arrays;
    const seen = new Uint8Array(left.length);
    const open = [0];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen[node] !== 0) throw tree.fields.refusal(`reaches node ${node} twice: the file is damaged`);
      seen[node] = 1;
      if ((left[node] ?? -1) === -1) {
        const value = Math.fround(weight) * Math.fround(tree.arrays.split_conditions[node] ?? 0);
        if (!Number.isFinite(Math.fround(value)))
          throw tree.fields.refusal(`has a leaf that no float32 holds (node ${node}): the file is damaged`);
        this.#values[root + node] = value;
        continue;
      }
      for (const child of [left[node] ?? -1, right[node] ?? -1]) {
        if (!Number.isInteger(child) || child < 1 || child >= left.length)
          throw tree.fields.refusal(`has no node ${child}, which node ${node} names: the file is damaged`);
        open.push(child);
      }
      this.#addSplit(tree, root, node);
    }
    this.#addCategories(tree, root);
    this.#roots.push(root);
    this.#size += left.length;
  }

  packed(groups: Int32Array): PackedTrees {
    return {
      roots: Int32Array.from(this.#roots),
      groups,
      columns: this.#columns,
      left: this.#left,
      right: this.#right,
      values: this.#values,
      defaultLeft: this.#defaultLeft,
      categoryStart: this.#categoryStart,
      categoryLength: this.#categoryLength,
      categoryWords: Uint32Array.from(this.#words),
    };
  }

  #addSplit({ fields, arrays, splitTypes }: Tree, root: number, node: number): void {
    const column = arrays.split_indices[node] ?? -1;
    if (!Number.isInteger(column) || column < 0 || column >= this.#columnCount)
      throw fields.refusal(`splits on column ${column}, but the model has ${this.#columnCount}: the file is damaged`);
    const at = root + node;
    this.#columns[at] = column;
    this.#left[at] = root + (arrays.left_children[node] ?? 0);
    this.#right[at] = root + (arrays.right_children[node] ?? 0);
    this.#values[at] = arrays.split_conditions[node] ?? 0;
    this.#defaultLeft[at] = Number(arrays.default_left[node] === 1);
    // An empty set of categories sends every known category to the left.
    if (splitTypes?.[node] === 1) this.#categoryStart[at] = this.#words.length;
  }

  #addCategories({ fields, splitTypes }: Tree, root: number): void {
    if (!splitTypes?.includes(1)) return;
    const [all, nodes, segments, sizes] = [
      'categories',
      'categories_nodes',
      'categories_segments',
      'categories_sizes',
    ].map((key) => fields.numbers(key));
    if (!all || !nodes || !segments || !sizes) return;
    for (const [index, node] of nodes.entries()) {
      const start = segments[index] ?? 0;
      const chosen = all.subarray(start, start + (sizes[index] ?? 0));
      if (node >= splitTypes.length || chosen.length !== sizes[index])
        throw fields.refusal('has categories that do not fit its nodes: the file is damaged');
      this.#choose(root + node, chosen, fields);
    }
  }

  #choose(at: number, categories: Float64Array, fields: JsonFields): void {
    const start = this.#words.length;
    for (const category of categories) {
      if (!Number.isInteger(category) || category < 0 || category > 1_000_000)
        throw fields.refusal(`has the category ${category}; categories are whole numbers up to 1,000,000`);
      const word = start + (category >>> 5);
      while (this.#words.length <= word) this.#words.push(0);
      this.#words[word] = ((this.#words[word] ?? 0) | (1 << (category & 31))) >>> 0;
    }
    this.#categoryStart[at] = start;
    this.#categoryLength[at] = this.#words.length - start;
  }
}
