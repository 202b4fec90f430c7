import { Rng } from '@helios/synthetic-market/rng.ts';
import type { Scalar } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { LstmGraph } from '../../src/train/lstm/lstm-graph.ts';
import { startingWeights } from '../../src/train/lstm/lstm-weights.ts';
import { loadTensorFlow } from '../../src/train/lstm/tensor-flow.ts';

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
