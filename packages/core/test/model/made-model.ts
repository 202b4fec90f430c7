import { createHash } from 'node:crypto';
import { FEATURE_NAMES, FEATURE_SET, SEQUENCE } from '@helios/shared/domain/features.ts';
import type { ModelFile } from '@helios/shared/domain/model-folder.ts';
import type { ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { T0 } from '@helios/shared/testing/builders.ts';

/** A split at `threshold` of a column, or a leaf with a value. */
export type MadeNode =
  | { readonly leaf: number }
  | {
      readonly column: number;
      readonly threshold: number;
      readonly missingLeft?: boolean;
      /** Categories that go right; the threshold then means nothing. */
      readonly categories?: readonly number[];
      readonly left: MadeNode;
      readonly right: MadeNode;
    };

/** The fields of a tree as XGBoost writes them. */
export function treeJson(root: MadeNode) {
  const rows: { left: number; right: number; column: number; value: number; missingLeft: number; type: number }[] = [];
  const categories = {
    categories: [] as number[],
    nodes: [] as number[],
    segments: [] as number[],
    sizes: [] as number[],
  };
  const add = (node: MadeNode): number => {
    const index = rows.length;
    const row = { left: -1, right: -1, column: 0, value: 0, missingLeft: 0, type: 0 };
    rows.push(row);
    if ('leaf' in node) {
      row.value = node.leaf;
      return index;
    }
    Object.assign(row, { column: node.column, value: node.threshold, missingLeft: Number(node.missingLeft ?? false) });
    if (node.categories) {
      row.type = 1;
      categories.nodes.push(index);
      categories.segments.push(categories.categories.length);
      categories.sizes.push(node.categories.length);
      categories.categories.push(...node.categories);
    }
    row.left = add(node.left);
    row.right = add(node.right);
    return index;
  };
  add(root);
  return {
    tree_param: { num_nodes: String(rows.length), size_leaf_vector: '1' },
    left_children: rows.map(({ left }) => left),
    right_children: rows.map(({ right }) => right),
    split_indices: rows.map(({ column }) => column),
    split_conditions: rows.map(({ value }) => value),
    default_left: rows.map(({ missingLeft }) => missingLeft),
    split_type: rows.map(({ type }) => type),
    ...{ categories: categories.categories, categories_nodes: categories.nodes },
    ...{ categories_segments: categories.segments, categories_sizes: categories.sizes },
  };
}

/** A model's JSON as XGBoost writes it. */
export function xgbJson(
  trees: readonly MadeNode[],
  names: readonly string[],
  { objective = 'binary:logistic', version = [1, 7, 4], baseScore = '5E-1', attributes = {} } = {},
) {
  return {
    version,
    learner: {
      attributes,
      feature_names: names,
      feature_types: [],
      learner_model_param: {
        base_score: baseScore,
        num_class: '0',
        num_feature: String(names.length),
        num_target: '1',
      },
      objective: { name: objective },
      gradient_booster: {
        name: 'gbtree',
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: String(trees.length) },
          tree_info: trees.map(() => 0),
          trees: trees.map(treeJson),
        },
      },
    },
  };
}

/** Features that the made model reads; the second one decides. */
export const MADE_NAMES = ['spread_bp', 'queue_imbalance'];
/** Margins of −2 and 2 at a queue imbalance of 0: probabilities 0.12 and 0.88. */
export const MADE_TREES: readonly MadeNode[] = [
  { column: 1, threshold: 0, missingLeft: true, left: { leaf: -2 }, right: { leaf: 2 } },
];

export function fileOf(name: string, content: unknown): ModelFile {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { name, size: text.length, sha256: createHash('sha256').update(text).digest('hex'), text };
}

/** A whole folder of ours; `change` edits the manifest before it is written. */
export function madeFolder(change: Partial<ModelManifest> = {}, extra: readonly ModelFile[] = []): ModelFile[] {
  const trees = fileOf('xgb_model.json', xgbJson(MADE_TREES, MADE_NAMES));
  const input = { edges: [-0.5, 0, 0.5], shares: [0.25, 0.25, 0.25, 0.25], missing: 0.01, psi_limit: 0.2 };
  const manifest: ModelManifest = {
    ...{ schema: 1, name: 'made-1', feature_set: FEATURE_SET, feature_names: MADE_NAMES },
    files: { xgb_model: { name: trees.name, sha256: trees.sha256 ?? '' } },
    ...{ trained_ts: T0 - 86_400_000, expires_ts: T0 + 86_400_000 },
    speaks: { probability: 'ALL', move: 'ALL', why: 'made for tests' },
    inputs: MADE_NAMES.map((name) => ({ ...input, name, min: -1, max: 1 })),
    drift: { decisions: 50, max_share: 0.5, base_rate: 0.4 },
    ...{ max_out_of_range: 0.5, metrics: {} },
    ...change,
  };
  return [trees, fileOf('manifest.json', manifest), ...extra];
}

/** A vector with these features; the others are missing. */
export function featuresOf(values: Readonly<Record<string, number>>): Float64Array {
  return Float64Array.from(FEATURE_NAMES, (name) => values[name] ?? Number.NaN);
}

/** An LSTM of one unit, in the shape of `SEQUENCE`. */
export function lstmJson(change: object = {}) {
  const { length } = SEQUENCE.columns;
  return {
    ...{ schema: 1, columns: SEQUENCE.columns, steps: SEQUENCE.rows, units: 1 },
    ...{ means: Array(length).fill(0), deviations: Array(length).fill(1), max_scaled: 5 },
    ...{ kernel: Array(4 * length).fill(0.3), recurrent: [0.1, 0.2, 0.3, 0.4], bias: [0, 1, 0, 0] },
    ...{ output: [2], output_bias: -0.5 },
    ...change,
  };
}
