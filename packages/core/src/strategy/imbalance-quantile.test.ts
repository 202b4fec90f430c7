import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImbalanceQuantile } from './imbalance-quantile.ts';

const HOUR_MS = 3_600_000;

/** Feeds one sample a second; returns the time after the last one. */
function feed(quantile: ImbalanceQuantile, values: readonly number[], fromMs = 0): number {
  values.forEach((value, n) => {
    quantile.sample(value, fromMs + n * 1_000);
  });
  return fromMs + values.length * 1_000;
}

describe('the quantile of recent imbalances', () => {
  test('is unknown before two minutes of samples', () => {
    const quantile = new ImbalanceQuantile();
    feed(
      quantile,
      Array.from({ length: 119 }, () => 0.5),
    );
    expect(quantile.at(0.9)).toBeUndefined();
    quantile.sample(0.5, 119_000);
    expect(quantile.at(0.9)).toBeCloseTo(0.505, 9);
  });

  test('takes both signs alike, and one sample per second', () => {
    const quantile = new ImbalanceQuantile();
    for (let n = 0; n < 1_000; n += 1) {
      quantile.sample(n % 10 === 0 ? -0.8 : 0.1, n * 1_000);
      for (let ms = 1; ms < 1_000; ms += 100) quantile.sample(0.99, n * 1_000 + ms);
    }
    expect(quantile.at(0.85)).toBeCloseTo(0.105, 9);
    expect(quantile.at(0.95)).toBeCloseTo(0.805, 9);
  });

  test('lies within one bin of the sorted samples of one hour', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 120, maxLength: 600 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (samples, share) => {
        const quantile = new ImbalanceQuantile();
        feed(quantile, samples);
        const found = quantile.at(share) ?? Number.NaN;
        const below = samples.filter((value) => Math.abs(value) <= found).length / samples.length;
        const belowLess = samples.filter((value) => Math.abs(value) < found - 0.005).length / samples.length;
        // Weights differ by 3 % within ten minutes; an imbalance of 1 lies on the last edge.
        expect(below).toBeGreaterThan(share - 0.03);
        expect(belowLess).toBeLessThan(share + 0.03);
      }),
    );
  });

  test('forgets: after a day the market of today counts', () => {
    const quantile = new ImbalanceQuantile();
    const before = feed(
      quantile,
      Array.from({ length: 3_600 }, () => 0.9),
    );
    feed(
      quantile,
      Array.from({ length: 3_600 }, () => 0.2),
      before + 24 * HOUR_MS,
    );
    expect(quantile.at(0.9)).toBeCloseTo(0.205, 9);
  });

  test('goes on for months, and after the clock was set back', () => {
    const quantile = new ImbalanceQuantile();
    for (let day = 0; day < 200; day += 1)
      feed(
        quantile,
        Array.from({ length: 50 }, (_, n) => n / 50),
        day * 24 * HOUR_MS,
      );
    quantile.setClockBack(1_000_000);
    feed(
      quantile,
      Array.from({ length: 200 }, (_, n) => (n % 50) / 50),
      200 * 24 * HOUR_MS,
    );
    expect(quantile.at(0.5)).toBeGreaterThan(0.4);
    expect(quantile.at(0.5)).toBeLessThan(0.6);
  });
});
