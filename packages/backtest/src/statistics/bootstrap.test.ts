import { Rng } from '@helios/synthetic-market/rng.ts';
import { mean } from '@helios/synthetic-market/series-statistics.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { meanWithError } from './mean-error.ts';
import { pValueOfMean } from './p-value.ts';
import { blockLengthOf, estimatesOf, resamplesOf } from './stationary-bootstrap.ts';
import { expectancyOf, profitFactorOf, sqnOf } from './trade-figures.ts';

/** Normal values with mean `shift`; each keeps `memory` of the one before. */
function series(label: string, count: number, { shift = 0, memory = 0 } = {}): number[] {
  const rng = new Rng(label);
  let last = 0;
  return Array.from({ length: count }, () => {
    last = memory * last + Math.sqrt(1 - memory ** 2) * rng.normal();
    return last + shift;
  });
}

describe('the stationary bootstrap', () => {
  test('keeps neighbours together for the mean block length', () => {
    // 1,000 values: block length 10, so 9 of 10 steps go to the next value.
    const values = Array.from({ length: 1_000 }, (_, index) => index);
    expect(blockLengthOf(values.length)).toBe(10);
    let [steps, next] = [0, 0];
    for (const resample of resamplesOf(values, 'blocks')) {
      expect(resample).toHaveLength(1_000);
      resample.forEach((value, index) => {
        if (index === 0) return;
        steps += 1;
        if (value === ((resample[index - 1] ?? 0) + 1) % 1_000) next += 1;
      });
    }
    expect(next / steps).toBeCloseTo(0.9, 2);
  });

  test('gives the same interval for the same label, and another for another', () => {
    const values = series('same', 100);
    const of = (label: string) => estimatesOf(values, { expectancyOf }, label).expectancyOf;
    expect(of('a')).toEqual(of('a'));
    expect(of('a')).not.toEqual(of('b'));
  });

  test('contains the figure, and follows the unit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 400 }), { minLength: 10, maxLength: 40 }), (values) => {
        const statistics = { expectancyOf, profitFactorOf, sqnOf };
        const estimates = estimatesOf(values, statistics, 'unit');
        const tenfold = estimatesOf(
          values.map((value) => value * 10),
          statistics,
          'unit',
        );
        for (const [name, { value, low, high }] of Object.entries(estimates)) {
          if (value === undefined || low === undefined || high === undefined) continue;
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          if (name === 'expectancyOf') expect(tenfold.expectancyOf.low).toBeCloseTo(10 * low, 6);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('covers the true mean of independent values about 95 times in 100', () => {
    let covered = 0;
    for (let round = 0; round < 200; round += 1) {
      const { low = 1, high = -1 } = estimatesOf(series(`cover ${round}`, 60), { mean }, 'cover').mean;
      if (low <= 0 && high >= 0) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(176);
    expect(covered).toBeLessThanOrEqual(198);
  });

  test('leaves an interval out for fewer than ten values, and where resamples have no loss', () => {
    expect(estimatesOf([1, 2, -1], { expectancyOf }, 'few').expectancyOf).toEqual({ value: 2 / 3 });
    expect(estimatesOf([-1, ...new Array(11).fill(1)], { profitFactorOf }, 'one').profitFactorOf).toEqual({
      value: 11,
    });
    expect(estimatesOf([], { expectancyOf }, 'none').expectancyOf).toEqual({});
  });
});

describe('the p-value of a mean', () => {
  test('is near 0 for a clear gain, near 1 for a clear loss, absent for few or equal values', () => {
    expect(pValueOfMean(series('gain', 100, { shift: 0.6 }), 'p')).toBeLessThan(0.001);
    expect(pValueOfMean(series('gain', 100, { shift: -0.6 }), 'p')).toBeGreaterThan(0.999);
    expect(pValueOfMean([1, 2], 'p')).toBeUndefined();
    expect(pValueOfMean(new Array(20).fill(1), 'p')).toBeUndefined();
  });

  test('is below 5 % about 5 times in 100 if there is nothing', () => {
    let found = 0;
    for (let round = 0; round < 200; round += 1) {
      if ((pValueOfMean(series(`null ${round}`, 60), 'p') ?? 1) < 0.05) found += 1;
    }
    expect(found).toBeGreaterThanOrEqual(3);
    expect(found).toBeLessThanOrEqual(24);
  });
});

describe('the standard error of a mean', () => {
  test('by hand: six values that alternate', () => {
    // ±1: squares 6, sample variance 6/5, over 6 values: error √(1/5). The negative correlation does not lower it.
    const { count, mean: centre, error } = meanWithError([1, -1, 1, -1, 1, -1]);
    expect([count, centre]).toEqual([6, 0]);
    expect(error).toBeCloseTo(Math.sqrt(1 / 5), 12);
    expect(meanWithError([5, 6, 7, 8])).toEqual({ count: 4, mean: 6.5 });
    expect(meanWithError([])).toEqual({ count: 0 });
  });

  test('is that of the resamples, also for values with memory', () => {
    const values = series('memory', 400, { memory: 0.5 });
    const means = [...resamplesOf(values, 'error')].map(() => 0);
    let index = 0;
    for (const resample of resamplesOf(values, 'error')) {
      means[index] = mean(resample) ?? 0;
      index += 1;
    }
    const centre = mean(means) ?? 0;
    const spread = Math.sqrt(means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / means.length);
    const { error = 0 } = meanWithError(values);
    expect(error / spread).toBeGreaterThan(0.95);
    expect(error / spread).toBeLessThan(1.05);
    // Independent values of this spread would have an error of about 0.05.
    expect(error).toBeGreaterThan(0.06);
  });

  test('of sums over overlapping windows is that of windows apart', () => {
    const steps = series('windows', 4_000);
    const sums = steps.slice(20).map((_, n) => steps.slice(n, n + 20).reduce((sum, step) => sum + step, 0));
    const apart = sums.filter((_, n) => n % 20 === 0);
    const { error = 0 } = meanWithError(sums, 20);
    expect(error / (meanWithError(apart).error ?? 0)).toBeGreaterThan(0.85);
    expect(error / (meanWithError(apart).error ?? 0)).toBeLessThan(1.2);
    expect(error).toBeGreaterThan(meanWithError(sums).error ?? 0);
  });
});
