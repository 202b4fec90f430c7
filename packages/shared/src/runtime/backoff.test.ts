import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('the wait doubles from its base and stops at its maximum', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6].map((failures) => backoffMs({ baseMs: 50, maxMs: 2_000 }, failures));
  expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 2_000]);
});

test('another factor is used unchanged', () => {
  expect([0, 1, 2, 3].map((failures) => backoffMs({ baseMs: 10, maxMs: 200, factor: 3 }, failures))).toEqual([
    10, 30, 90, 200,
  ]);
});

test('after days of failures the wait is still the maximum', () => {
  expect(backoffMs({ baseMs: 1_000, maxMs: 60_000 }, 1_000_000)).toBe(60_000);
});

test('jitter changes the wait, after the cut to the maximum, by at most its fraction', () => {
  const backoff = { baseMs: 1_000, maxMs: 4_000, jitter: 0.25 };
  expect([0, 0.5, 1].map((chance) => backoffMs(backoff, 1, () => chance))).toEqual([1_500, 2_000, 2_500]);
  expect([0, 1].map((chance) => backoffMs(backoff, 9, () => chance))).toEqual([3_000, 5_000]);
  expect(backoffMs(backoff, 1)).toBe(2_000);
});

test('no failure shortens the wait', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.nat(60),
      (base, more, n) => {
        const backoff = { baseMs: base, maxMs: base + more };
        expect(backoffMs(backoff, n + 1)).toBeGreaterThanOrEqual(backoffMs(backoff, n));
      },
    ),
  );
});
