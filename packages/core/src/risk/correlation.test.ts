import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correlationOf } from './correlation.ts';

const MINUTE = 60_000;
const points = (closes: readonly number[], from = 0) =>
  closes.map((close, i) => ({ open_ts: (from + i) * MINUTE, close }));
const walk = Array.from({ length: 60 }, (_, i) => 100 + 5 * Math.sin(i * i));

test('is 1 with itself at any scale and order, and −1 with its inverse', () => {
  expect(correlationOf(points(walk), points(walk.map((price) => price * 3)).toReversed())).toBeCloseTo(1, 12);
  expect(correlationOf(points(walk), points(walk.map((price) => 1 / price)))).toBeCloseTo(-1, 12);
});

test('is unknown with too few common intervals, or without a move', () => {
  expect(correlationOf(points(walk), points(walk, 31))).toBeUndefined();
  expect(correlationOf(points(walk), points(walk.map(() => 7)))).toBeUndefined();
  expect(correlationOf([], [])).toBeUndefined();
});

test('ignores a return over a gap', () => {
  const gap = points(walk).filter((_, i) => i < 30 || i > 32);
  expect(correlationOf(gap, points(walk))).toBeCloseTo(1, 12);
});

test('is symmetric and within −1 … 1', () => {
  const closes = fc.array(fc.double({ min: 1, max: 1_000, noNaN: true }), { minLength: 40, maxLength: 60 });
  fc.assert(
    fc.property(closes, closes, (a, b) => {
      const found = correlationOf(points(a), points(b));
      expect(found).toBe(correlationOf(points(b), points(a)));
      if (found !== undefined) expect(Math.abs(found)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});
