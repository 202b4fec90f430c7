import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBoostedTrees } from '../../src/model/read-boosted-trees.ts';
import { type MadeNode, xgbJson } from './made-model.ts';

const COLUMNS = ['a', 'b', 'c'];
const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });
const value = fc.oneof(number, fc.constant(Number.NaN), fc.constantFrom(0, -0, 0.1, 1, 2, 31, 32, 63, 64, 1e9, -1));

const node = fc.letrec<{ node: MadeNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ leaf: number }),
    fc.record({
      column: fc.nat(COLUMNS.length - 1),
      threshold: number,
      missingLeft: fc.boolean(),
      left: tie('node'),
      right: tie('node'),
    }),
    fc.record({
      column: fc.nat(COLUMNS.length - 1),
      threshold: number,
      missingLeft: fc.boolean(),
      categories: fc.uniqueArray(fc.nat(70), { maxLength: 5 }),
      left: tie('node'),
      right: tie('node'),
    }),
  ),
})).node;

/** The rules of XGBoost, one node at a time. */
function leafOf(at: MadeNode, row: readonly number[]): number {
  if ('leaf' in at) return at.leaf;
  const found = Math.fround(row[at.column] ?? Number.NaN);
  const isRight = at.categories
    ? found >= 0 && at.categories.includes(Math.trunc(found))
    : found >= Math.fround(at.threshold);
  const goesLeft = Number.isNaN(found) ? (at.missingLeft ?? false) : !isRight;
  return leafOf(goesLeft ? at.left : at.right, row);
}

test('every row reaches the leaf that the rules name, and sums are float32', () => {
  fc.assert(
    fc.property(
      fc.array(node, { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 }),
      (trees, rows) => {
        const model = readBoostedTrees(
          'model',
          JSON.stringify(xgbJson(trees, COLUMNS, { objective: 'reg:squarederror' })),
        );
        const out = new Float32Array(1);
        for (const row of rows) {
          model.margins(Float32Array.from(row), out);
          const sum = trees.reduce((total, tree) => Math.fround(total + Math.fround(leafOf(tree, row))), 0.5);
          expect(out[0]).toBe(sum);
        }
      },
    ),
  );
});

test('a value that only differs from the threshold as a double does not go left', () => {
  const split: MadeNode = { column: 0, threshold: 0.1, left: { leaf: 1 }, right: { leaf: 2 } };
  const model = readBoostedTrees('model', JSON.stringify(xgbJson([split], ['a'], { objective: 'reg:squarederror' })));
  const out = new Float32Array(1);
  model.margins(Float32Array.from([0.1 - 1e-12]), out);
  expect(out[0]).toBe(2.5);
});

test('only the rounds up to the best one count', () => {
  const trees: MadeNode[] = [1, 2, 4].map((leaf) => ({ leaf }));
  const options = { objective: 'reg:squarederror', baseScore: '[0E0]', attributes: { best_iteration: '1' } };
  const model = readBoostedTrees('model', JSON.stringify(xgbJson(trees, ['a'], options)));
  const out = new Float32Array(1);
  model.margins(new Float32Array(1), out);
  expect([model.treeCount, out[0]]).toEqual([2, 3]);
});

describe('a damaged file is refused with its place', () => {
  const plain = () => xgbJson([{ column: 0, threshold: 0, left: { leaf: 1 }, right: { leaf: 2 } }], ['a']);
  type Made = ReturnType<typeof plain>;
  const tree = (model: Made) => model.learner.gradient_booster.model.trees[0] as Record<string, unknown>;
  const CASES: readonly [string, (model: Made) => unknown, RegExp][] = [
    ['a cycle', (model) => (tree(model)['left_children'] = [1, 1, -1]), /reaches node 1 twice|has no node/],
    ['a child outside', (model) => (tree(model)['right_children'] = [9, -1, -1]), /has no node 9/],
    ['a short list', (model) => (tree(model)['split_indices'] = [0]), /different lengths/],
    ['a column outside', (model) => (tree(model)['split_indices'] = [7, 0, 0]), /column 7/],
    ['no number', (model) => (tree(model)['split_conditions'] = [0, null, 2]), /element 1 is null/],
    [
      'a leaf beyond float32',
      (model) => (tree(model)['split_conditions'] = [0, 1e300, 2]),
      /leaf that no float32 holds/,
    ],
    [
      'too many trees',
      ({ learner: { gradient_booster } }) => {
        const { trees, tree_info } = gradient_booster.model;
        for (let n = 0; n < 10_000; n += 1) {
          trees.push(trees[0] as (typeof trees)[0]);
          tree_info.push(0);
        }
      },
      /are 10001 trees; at most 10000 are allowed. Train with fewer rounds/,
    ],
    ['an old version', (model) => (model.version = [1, 5, 2]), /save it again/],
    ['another booster', (model) => (model.learner.gradient_booster.name = 'gblinear'), /gblinear is not supported/],
    ['another objective', (model) => (model.learner.objective.name = 'binary:magic'), /binary:magic is not supported/],
    ['no base score', (model) => (model.learner.learner_model_param.base_score = 'x'), /base_score x fits neither/],
    ['names that do not fit', (model) => (model.learner.feature_names = ['a', 'b']), /2 names for 1 columns/],
    ['another group', (model) => (model.learner.gradient_booster.model.tree_info = [3]), /numbers from 0 to 0/],
  ];
  test.each(CASES)('%s', (_, damage, message) => {
    const model = plain();
    damage(model);
    expect(() => readBoostedTrees('xgb_model.json', JSON.stringify(model))).toThrow(message);
  });

  test('a truncated file, and any other JSON', () => {
    const text = JSON.stringify(plain());
    expect(() => readBoostedTrees('xgb_model.json', text.slice(0, -40))).toThrow(/no complete JSON/);
    for (const other of ['{}', '[]', '7', 'null', '{"learner":{}}', '{"version":[2,0,0],"learner":{}}'])
      expect(() => readBoostedTrees('xgb_model.json', other)).toThrow(/^xgb_model\.json/);
  });
});
