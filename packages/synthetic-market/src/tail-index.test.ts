import { expect, it } from 'vitest';
import { Rng } from './rng.ts';
import { tailIndex } from './tail-index.ts';

it('is the exponent of a Pareto distribution, on both sides of zero', () => {
  const rng = new Rng('pareto');
  for (const exponent of [2, 3.5]) {
    const values = Array.from({ length: 50_000 }, (_, at) => (at % 2 ? 1 : -1) * rng.uniform() ** (-1 / exponent));
    expect(tailIndex(values)).toBeGreaterThan(exponent * 0.94);
    expect(tailIndex(values)).toBeLessThan(exponent * 1.06);
  }
});

it('is absent for few, equal or empty values', () => {
  expect(tailIndex([])).toBeUndefined();
  expect(tailIndex([1, 2, 3])).toBeUndefined();
  expect(tailIndex(new Array(1_000).fill(0))).toBeUndefined();
  expect(tailIndex(new Array(1_000).fill(2))).toBeUndefined();
});
