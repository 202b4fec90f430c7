import { Rng } from '@helios/synthetic-market/rng.ts';
import { mean } from '@helios/synthetic-market/series-statistics.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overfittingOf } from './overfitting.ts';

/** Returns of settings: normal with a deviation of 1 and these means. */
function made(label: string, means: readonly number[], rows: number): Float64Array[] {
  const rng = new Rng(label);
  return means.map((centre) => Float64Array.from({ length: rows }, () => centre + rng.normal()));
}

const worthless = new Array<number>(20).fill(0);

test('among worthless settings the best of one half ranks anywhere in the other', () => {
  const found = Array.from({ length: 60 }, (_, seed) => overfittingOf(made(`noise ${seed}`, worthless, 80), 8));
  expect(mean(found.map((one) => one?.probability ?? Number.NaN))).toBeGreaterThan(0.4);
  expect(mean(found.map((one) => one?.probability ?? Number.NaN))).toBeLessThan(0.6);
  expect(mean(found.map((one) => one?.lossProbability ?? Number.NaN))).toBeGreaterThan(0.4);
});

test('one setting that is better everywhere stays the best', () => {
  const found = overfittingOf(made('edge', [...worthless, 1], 160));
  expect(found?.logits).toHaveLength(12_870);
  expect(found?.probability).toBe(0);
  expect(found?.lossProbability).toBe(0);
  // Rank 21 of 21: ω = 21 / 22.
  expect(found?.logits[0]).toBeCloseTo(Math.log(21), 9);
});

test('settings that are good in one half of the time and bad in the other are the fit to be found', () => {
  // Each setting gains in its own block and loses a little everywhere else: whichever is chosen, its luck is used up.
  const returns = Array.from({ length: 8 }, (_, setting) =>
    Float64Array.from(
      { length: 80 },
      (_value, row) => (Math.floor(row / 10) === setting ? 7 : -1) + (row % 2 === 0 ? 0.1 : -0.1),
    ),
  );
  expect(overfittingOf(returns, 8)?.probability).toBe(1);
  expect(overfittingOf(returns, 8)?.lossProbability).toBe(1);
});

test('by hand: two settings, two blocks', () => {
  // Sharpe of A: 3/√2 in block 1, −1/√2 … in block 2; B the other way round. Whichever is chosen is last in the other block: ω = 1/3.
  const a = [1, 2, -1, 0];
  const b = [-1, 0, 1, 2];
  const found = overfittingOf([a, b], 2);
  expect(found?.logits).toEqual([expect.closeTo(Math.log(0.5), 9), expect.closeTo(Math.log(0.5), 9)]);
  expect(found).toMatchObject({ probability: 1, lossProbability: 1 });
});

test('does not depend on the unit of the returns or on the order of the settings', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.double({ min: 0.001, max: 1_000, noNaN: true }),
      (seed, unit) => {
        const returns = made(`any ${seed}`, [0, 0.1, 0.2, 0, 0], 24);
        const scaled = returns.map((series) => series.map((value) => value * unit)).toReversed();
        expect(overfittingOf(scaled, 6)?.probability).toBe(overfittingOf(returns, 6)?.probability);
      },
    ),
    { numRuns: 30 },
  );
});

test.each([1, 0.01])(
  'is that of an independent calculation in units of %d, also with equal and idle settings',
  (unit) => {
    // Computed by a separate program in Python with numpy, from section 3 of the paper: 2,779 and 2,172 of 12,870 splits.
    const row = (s: number, t: number) => unit * (((s * 37 + t * 101 + s * t * 13 + s * s * t * t * 7) % 97) - 47);
    const settings = Array.from({ length: 9 }, (_, s) => Array.from({ length: 64 }, (_value, t) => row(s, t)));
    const found = overfittingOf([...settings, new Array<number>(64).fill(0), settings[2] ?? []]);
    expect((found?.probability ?? 0) * 12_870).toBeCloseTo(2_779, 6);
    expect((found?.lossProbability ?? 0) * 12_870).toBeCloseTo(2_172, 6);
  },
);

test('is not defined for one setting', () => expect(overfittingOf(made('one', [0], 32))).toBeUndefined());
