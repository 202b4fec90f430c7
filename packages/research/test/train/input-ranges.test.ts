import { asInRows } from '@helios/core/features/candidate-features.ts';
import { FeatureRanges } from '@helios/core/model/feature-ranges.ts';
import { PopulationStability } from '@helios/core/model/population-stability.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { expect, test } from 'vitest';
import { DRIFT_DECISIONS, inputRanges, usualDriftShare } from '../../src/train/report/input-ranges.ts';
import { OWN_SHAPE } from '../../src/train/rows/collected-rows.ts';
import { trainingSetOf } from '../../src/train/rows/training-set.ts';

const COUNT = 2_000;

/** A training on these values, given as signal-engine has them before they are recorded: one list for each decision. */
function trainedOn(vectors: readonly Float64Array[]) {
  const rows = vectors.map((vector, n) => ({
    ...{ id: `row-${n}`, symbol: 'AAAUSDT', ts: n * 60_000, endTs: n * 60_000 + 1, netBp: 1, costBp: 1, moveBp: 1 },
    ...{ features: Float32Array.from(asInRows(vector)), sequence: undefined },
  }));
  const set = trainingSetOf(rows, OWN_SHAPE);
  const inputs = inputRanges(set);
  return { inputs, maxShare: usualDriftShare(set, inputs) };
}

/** Share of drifted features after the last of `vectors`, as signal-engine finds it. */
function driftedShare(inputs: ReturnType<typeof inputRanges>, vectors: readonly Float64Array[]): number {
  const stability = new PopulationStability(inputs, DRIFT_DECISIONS);
  for (const vector of vectors) stability.add(asInRows(vector));
  const drifted = inputs.filter(({ psi_limit }, n) => (stability.indexes()[n] ?? 0) > psi_limit);
  return drifted.length / inputs.length;
}

test('the decisions of training neither drift nor leave their range, though they come in thirds and sixths', () => {
  const rng = new Rng('thirds');
  const vectors = Array.from({ length: COUNT }, () =>
    Float64Array.from(OWN_SHAPE.names, (_, n) => rng.below(n % 2 === 0 ? 4 : 7) / (n % 2 === 0 ? 3 : 6)),
  );
  const { inputs } = trainedOn(vectors);
  expect(driftedShare(inputs, vectors.slice(-DRIFT_DECISIONS))).toBe(0);
  const ranges = new FeatureRanges(inputs);
  expect(vectors.map((vector) => ranges.outside(asInRows(vector))).every((outside) => outside === 0)).toBe(true);
});

test('the usual drift knows that values are missing for hours on end', () => {
  const rng = new Rng('missing');
  // Two hundred decisions of each thousand follow a cold start.
  const vectors = Array.from({ length: COUNT }, (_, row) =>
    Float64Array.from(OWN_SHAPE.names, () => (row % 1_000 < DRIFT_DECISIONS ? Number.NaN : rng.normal())),
  );
  const { inputs, maxShare } = trainedOn(vectors);
  for (const from of [0, 1_000]) {
    const drifted = driftedShare(inputs, vectors.slice(from, from + DRIFT_DECISIONS));
    expect(drifted).toBeLessThanOrEqual(maxShare);
  }
});
