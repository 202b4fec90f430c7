import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';

/** Computed with scipy 1.17.1: `scipy.stats.norm.cdf` and `ppf`. */
const CDF = [
  [-8, 6.220960574271819e-16],
  [-5, 2.866515718791946e-7],
  [-3, 0.0013498980316300957],
  [-1.96, 0.024997895148220428],
  [-0.5, 0.3085375387259869],
  [0, 0.5],
  [0.3, 0.6179114221889526],
  [1, 0.8413447460685429],
  [1.6448536269514722, 0.95],
  [4, 0.9999683287581669],
  [6, 0.9999999990134123],
] as const;

const QUANTILES = [
  [1e-10, -6.361340902404056],
  [0.0001, -3.71901648545568],
  [0.025, -1.9599639845400538],
  [0.5, 0],
  [0.9, 1.2815515655446008],
  [0.999, 3.090232306167813],
] as const;

describe('the normal distribution', () => {
  test.each(CDF)('has the distribution function of %d', (x, p) => {
    expect(Math.abs(normalCdf(x) - p)).toBeLessThan(1e-13);
  });

  test.each(QUANTILES)('has the quantile of %d', (p, x) => {
    expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-9);
  });

  test('has infinite quantiles at 0 and 1, and no more than 1 far out', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1]);
  });

  test('inverts and mirrors', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (x) => {
        expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 8);
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 13);
      }),
    );
  });
});
