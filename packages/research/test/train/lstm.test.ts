import { Lstm } from '@helios/core/model/lstm.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import type { Scalar } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { LstmGraph } from '../../src/train/lstm/lstm-graph.ts';
import { startingWeights } from '../../src/train/lstm/lstm-weights.ts';
import { sequenceScaleOf } from '../../src/train/lstm/sequence-scale.ts';
import { loadTensorFlow } from '../../src/train/lstm/tensor-flow.ts';
import { askLstm } from '../../src/train/lstm/train-lstm.ts';
import { lstmFile } from '../../src/train/report/model-files.ts';
import { sequenceOf } from '../../src/train/rows/training-set.ts';
import { madeSet } from './trained.ts';

test('the gradient of each weight is that of finite differences', async () => {
  const tf = await loadTensorFlow();
  const [rows, steps, columns, units] = [3, 4, 2, 3];
  const rng = new Rng('gradient');
  const minutes = Array.from({ length: steps }, () =>
    Float32Array.from({ length: rows * (columns + 1) }, (_, n) => (n % (columns + 1) === columns ? 1 : rng.normal())),
  );
  const slopes = Float32Array.from({ length: rows }, () => rng.normal());
  const graph = new LstmGraph(tf, startingWeights(columns, units, rng));
  const value = () => tf.sum(tf.mul(graph.logits(minutes, rows), tf.tensor1d(slopes)));
  const { grads } = tf.variableGrads(() => value() as Scalar, [...graph.variables]);
  for (const variable of graph.variables) {
    const known = variable.dataSync().slice();
    const found = grads[variable.name]?.dataSync() ?? new Float32Array();
    expect(found.length).toBe(known.length);
    for (const [n, own] of known.entries()) {
      const at = (shift: number) => {
        const moved = known.slice();
        moved[n] = own + shift;
        variable.assign(tf.tensor(moved, variable.shape));
        return value().dataSync()[0] ?? Number.NaN;
      };
      const slope = (at(1e-2) - at(-1e-2)) / 2e-2;
      expect(found[n]).toBeCloseTo(slope, 2);
    }
    variable.assign(tf.tensor(known, variable.shape));
  }
  graph.dispose();
});

test('inference reads the weights and answers within 1e-5 of TensorFlow.js', async () => {
  const set = madeSet({ count: 60, seed: 9, withSequence: true });
  set.sequences[7] = Number.NaN;
  set.sequences[11] = 1e6;
  const rows = Array.from({ length: set.count }, (_, row) => row);
  const scale = sequenceScaleOf(set, rows.slice(1));
  const numbers = startingWeights(set.columns.length, 8, new Rng('weights'));
  const found = await askLstm(numbers, set, rows, scale);
  const lstm = new Lstm('lstm.json', lstmFile(set, { numbers, scale }));
  const width = set.columns.length;
  for (const row of rows) {
    const own = sequenceOf(set, row);
    const sequence = Array.from({ length: set.steps }, (_, n) =>
      Float64Array.from(own.subarray(n * width, (n + 1) * width)),
    );
    expect(Math.abs(lstm.evaluate(sequence) - (found[row] ?? Number.NaN))).toBeLessThan(1e-5);
  }
});
