import { Rng } from '@helios/synthetic-market/rng.ts';
import { expect, test } from 'vitest';
import { aucOf, brierOf, logLossOf } from '../../src/train/statistics/classification.ts';
import { clusteredEstimate } from '../../src/train/statistics/cluster-bootstrap.ts';
import { isotonicCurve, valueOnCurve } from '../../src/train/statistics/isotonic.ts';
import { plattProbability, plattScaleOf } from '../../src/train/statistics/platt.ts';

test('by hand: AUC with a tie, log loss and Brier score', () => {
  const judged = { scores: [0.1, 0.4, 0.4, 0.8], labels: [0, 0, 1, 1] };
  // Of four pairs three are right and one is a tie.
  expect(aucOf(judged)).toBeCloseTo(3.5 / 4, 12);
  // The tied gain counts twice: six pairs, 4 right and two ties.
  expect(aucOf(judged, [1, 1, 2, 1])).toBeCloseTo(5 / 6, 12);
  expect(aucOf({ scores: [1, 2], labels: [1, 1] })).toBeUndefined();
  expect(logLossOf(judged)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(0.4) + Math.log(0.8)) / 4, 12);
  expect(brierOf(judged)).toBeCloseTo((0.01 + 0.16 + 0.36 + 0.04) / 4, 12);
});

test('by hand: pooled violators, and the curve between its points', () => {
  const curve = isotonicCurve([1, 2, 3, 4], [0.1, 0.5, 0.3, 0.9]);
  expect(curve).toEqual({ x: [1, 2.5, 4], y: [0.1, 0.4, 0.9] });
  expect([0, 1.75, 9].map((at) => valueOnCurve(curve, at))).toEqual([0.1, expect.closeTo(0.25, 12), 0.9]);
});

test('a calibration finds the curve that made the labels', () => {
  const rng = new Rng('platt');
  const logits = Array.from({ length: 20_000 }, () => 2 * rng.normal());
  const labels = logits.map((logit) => (rng.uniform() < 1 / (1 + Math.exp(-(0.5 * logit - 1))) ? 1 : 0));
  const scale = plattScaleOf(logits, labels);
  expect(scale.a).toBeCloseTo(-0.5, 1);
  expect(scale.b).toBeCloseTo(1, 1);
  // Margins that are all equal give the share of gains.
  expect(plattProbability(plattScaleOf([0, 0, 0, 0], [1, 0, 0, 0]), 0)).toBeCloseTo((2 / 3 + 3 * 0.2) / 4, 2);
});

test('days that move together widen the interval', () => {
  const rng = new Rng('days');
  const days = Array.from({ length: 400 }, (_, n) => Math.floor(n / 20));
  const shared = Array.from({ length: 20 }, () => rng.normal());
  const values = days.map((day) => (shared[day] ?? 0) + 0.1 * rng.normal());
  const mean = (counts: Float64Array) =>
    values.reduce((sum, value, n) => sum + value * (counts[n] ?? 0), 0) / counts.reduce((sum, count) => sum + count, 0);
  const width = (clusters: readonly number[]) => {
    const { low = 0, high = 0 } = clusteredEstimate(clusters, mean, 'test');
    return high - low;
  };
  // Twenty independent values instead of four hundred: √20 as wide.
  expect(width(days) / width([...days.keys()])).toBeGreaterThan(3);
  expect(
    clusteredEstimate(
      days.map(() => 1),
      mean,
      'test',
    ).low,
  ).toBeUndefined();
});
