import { readBoostedTrees } from '@helios/core/model/read-boosted-trees.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { Booster, type BoosterParameters } from '../../src/xgboost/booster.ts';
import { trainBooster } from '../../src/xgboost/train-booster.ts';
import { type MatrixData, TrainingMatrix } from '../../src/xgboost/training-matrix.ts';
import { type XgboostLibrary, xgboostLibrary } from '../../src/xgboost/xgboost-library.ts';
import { findXgboost } from './find-xgboost.ts';

const COLUMNS = ['a', 'b', 'c', 'd'];
const found = findXgboost();
/** Tests that use it are skipped without it. */
const library = found as XgboostLibrary;

const open: { free(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.free();
});

/** Frees it after the test. */
function kept<T extends { free(): void }>(each: T): T {
  open.push(each);
  return each;
}

/** Rows with missing values; the label is positive and grows with the first column. */
function rowsOf(
  seed: string,
  rows: number,
  labelOf = (signal: number): number => Number(signal > 0.5),
): Required<MatrixData> {
  const rng = new Rng(seed);
  const values = Float32Array.from({ length: rows * COLUMNS.length }, () =>
    rng.uniform() < 0.1 ? Number.NaN : 2 * rng.uniform() - 1,
  );
  const labels = Float32Array.from({ length: rows }, (_, row) => labelOf((values[row * 4] || 0) + rng.uniform()));
  const weights = Float32Array.from(labels, () => 0.5 + rng.uniform());
  return { values, rows, columnNames: COLUMNS, labels, weights };
}

function train(parameters: BoosterParameters, data: MatrixData, rounds = 15): Booster {
  const training = kept(new TrainingMatrix(library, data));
  const evaluation = kept(new TrainingMatrix(library, data));
  const options = { training, evaluation, rounds, patience: 5, seed: 7 };
  return trainBooster(library, { ...options, parameters: { max_depth: 5, eta: 0.3, ...parameters } }).booster;
}

const classOf = (signal: number) => Math.min(2, Math.max(0, Math.floor(signal + 1)));
const CASES: readonly [string, BoosterParameters, ((signal: number) => number)?][] = [
  ['a probability', { objective: 'binary:logistic', base_score: 0.3, eval_metric: 'logloss' }],
  ['a regression', { objective: 'reg:squarederror' }, (signal) => 100 * signal],
  ['a size', { objective: 'reg:gamma', eval_metric: 'gamma-nloglik' }, (signal) => Math.exp(signal)],
  ['classes', { objective: 'multi:softprob', num_class: 3 }, classOf],
  ['dart', { booster: 'dart', rate_drop: 0.3, objective: 'binary:logistic' }],
  ['a forest', { num_parallel_tree: 3, subsample: 0.7, objective: 'binary:logistic' }],
];

describe.skipIf(!found)('a model that libxgboost trains', () => {
  test.each(CASES)('predicts the same here: %s', (_, parameters, labelOf) => {
    const booster = kept(train(parameters, rowsOf('training', 800, labelOf)));
    const json = booster.save();
    const trees = readBoostedTrees('xgb_model.json', json.toString());
    expect(trees.columnNames).toEqual(COLUMNS);
    const others = rowsOf('others', 3_000);
    const matrix = kept(new TrainingMatrix(library, others));
    const loaded = kept(Booster.load(library, json));
    for (const output of ['PREDICTION', 'MARGIN'] as const) {
      const theirs = loaded.predict(matrix, output);
      const out = new Float32Array(trees.outputCount);
      const scale = Math.max(...theirs.map(Math.abs));
      for (let row = 0; row < others.rows; row += 1) {
        const values = others.values.subarray(4 * row, 4 * row + 4);
        if (output === 'MARGIN') trees.margins(values, out);
        else trees.predict(values, out);
        const wanted = theirs.subarray(row * out.length, (row + 1) * out.length);
        for (const [index, number] of out.entries())
          expect(Math.abs(number - (wanted[index] ?? Number.NaN)) / Math.max(1, scale)).toBeLessThan(1e-6);
      }
    }
  });

  test('is the same, byte for byte, for the same seed', () => {
    const parameters = { objective: 'binary:logistic', subsample: 0.5, colsample_bytree: 0.5 };
    const [first, second] = [train(parameters, rowsOf('a', 500)), train(parameters, rowsOf('a', 500))];
    expect(first.save().equals(second.save())).toBe(true);
    first.free();
    second.free();
  });

  test('ends at its best round', () => {
    const training = kept(new TrainingMatrix(library, rowsOf('training', 300)));
    const evaluation = kept(new TrainingMatrix(library, rowsOf('evaluation', 300)));
    const metrics: (number | undefined)[] = [];
    const onRound = (_: number, metric: number | undefined) => metrics.push(metric) > 0;
    const parameters = { objective: 'binary:logistic', eval_metric: 'logloss', max_depth: 6 };
    const found = trainBooster(library, {
      training,
      evaluation,
      parameters,
      rounds: 300,
      patience: 10,
      seed: 1,
      onRound,
    });
    expect(found.rounds).toBeLessThan(300);
    expect(metrics).toHaveLength(found.rounds + 10);
    expect(found.metric).toBe(Math.min(...metrics.map((metric) => metric ?? Number.NaN)));
    expect(readBoostedTrees('model', found.booster.save().toString()).treeCount).toBe(found.rounds);
    found.booster.free();
  });
});

test.skipIf(!found)('weights count', () => {
  const data = rowsOf('weights', 400);
  const weights = data.labels.map((label) => (label === 1 ? 9 : 1));
  const even = kept(train({ objective: 'binary:logistic' }, { ...data, weights: undefined }, 5));
  const heavy = kept(train({ objective: 'binary:logistic' }, { ...data, weights }, 5));
  const matrix = kept(new TrainingMatrix(library, data));
  const mean = (booster: Booster) => booster.predict(matrix).reduce((sum, p) => sum + p / data.rows, 0);
  expect(mean(heavy)).toBeGreaterThan(mean(even) + 0.05);
});

describe.skipIf(!found)('bad input', () => {
  test.each<[string, Partial<MatrixData>, RegExp]>([
    ['no rows', { rows: 0, values: new Float32Array() }, /needs rows and columns/],
    ['too few values', { rows: 3, values: new Float32Array(4) }, /3 × 4 needs 12 values, not 4/],
    ['too few labels', { labels: new Float32Array(2) }, /one number per row: 5, not 2/],
    ['labels that are no numbers', { labels: new Float32Array(5).fill(Number.NaN) }, /libxgboost refuses .*NaN/i],
  ])('is refused with a reason: %s', (_, change, reason) => {
    expect(() => new TrainingMatrix(library, { ...rowsOf('bad', 5), ...change })).toThrow(reason);
  });

  test('a damaged model is refused', () => {
    expect(() => Booster.load(library, Buffer.from('{"learner": {'))).toThrow(/libxgboost refuses/);
  });

  test('an unknown objective is refused', () => {
    expect(() => train({ objective: 'binary:magic' }, rowsOf('bad', 5))).toThrow(/Unknown objective/);
  });
});

test('a missing library names the command that installs it', () => {
  const named = { HELIOS_XGBOOST: '/nowhere/libxgboost.so' };
  expect(() => xgboostLibrary(named, 'linux')).toThrow(/apt-get install -y libxgboost0/);
  expect(() => xgboostLibrary(named, 'darwin')).toThrow(/brew install xgboost/);
  expect(() => xgboostLibrary(named, 'win32')).toThrow(/Linux or macOS/);
});

test.skipIf(process.platform !== 'linux')('another library is no crash either', () => {
  const named = { HELIOS_XGBOOST: 'libm.so.6' };
  expect(() => xgboostLibrary(named, 'linux')).toThrow(
    /cannot be loaded\. Tried: libm\.so\.6\. The last answer: Cannot find function/,
  );
});
