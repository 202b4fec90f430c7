import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OWN_SHAPE } from '../../src/train/rows/collected-rows.ts';
import { compactRow } from '../../src/train/rows/compact-row.ts';
import { hashOfSet, type TrainingSet, trainingSetOf } from '../../src/train/rows/training-set.ts';
import { combinatorialSplits, partsByTime, walkForward } from '../../src/train/split/purged-splits.ts';
import { uniquenessWeights } from '../../src/train/split/uniqueness.ts';
import { madeRows } from './made-rows.ts';
import { madeSet } from './trained.ts';

const EMBARGO_MS = 1_800_000;

/** Rows with spans of our own choice. */
function spans(own: readonly { readonly ts: number; readonly end_ts: number; readonly symbol: string }[]): TrainingSet {
  const rows = madeRows({ count: own.length, seed: 1 });
  return trainingSetOf(
    rows.map((row, n) => compactRow({ ...row, ...own[n] })),
    OWN_SHAPE,
  );
}

test('by hand: the uniqueness of overlapping labels', () => {
  // The first two share half of their time; the third is alone; another symbol does not count.
  const set = spans([
    { ts: 0, end_ts: 20, symbol: 'AUSDT' },
    { ts: 10, end_ts: 30, symbol: 'AUSDT' },
    { ts: 40, end_ts: 60, symbol: 'AUSDT' },
    { ts: 40, end_ts: 60, symbol: 'BUSDT' },
  ]);
  // 0.75, 0.75, 1, 1, scaled to a mean of 1.
  const [a, b, c, d] = uniquenessWeights(set, [0, 1, 2, 3]);
  expect([a, b, c, d]).toEqual([0.75, 0.75, 1, 1].map((weight) => expect.closeTo((weight * 4) / 3.5, 12)));
});

test('no outcome of a training comes within the embargo of its test, whatever the spans are', () => {
  const span = fc.record({ ts: fc.nat(1e6), held: fc.nat(1e5), symbol: fc.constantFrom('AUSDT', 'BUSDT') });
  fc.assert(
    fc.property(fc.array(span, { minLength: 12, maxLength: 60 }), fc.nat(5e4), (made, embargo) => {
      const set = spans(made.map(({ ts, held, symbol }) => ({ ts, end_ts: ts + held, symbol })));
      const clear = (earlier: number, later: number) => (set.endTs[earlier] ?? 0) + embargo < (set.ts[later] ?? 0);
      for (const { training, test: tested } of walkForward(set, 3, embargo)) {
        for (const row of training) for (const other of tested) expect(clear(row, other)).toBe(true);
      }
      for (const { training, test: tested } of combinatorialSplits(set, 4, embargo)) {
        for (const row of training) {
          for (const other of tested)
            expect(clear(row, other) || (set.ts[row] ?? 0) > (set.endTs[other] ?? 0) + embargo).toBe(true);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('each row is tested once at most, and the parts of a training follow each other with the embargo between them', () => {
  const set = madeSet({ count: 600, seed: 2 });
  const tested = walkForward(set, 4, EMBARGO_MS).flatMap(({ test: rows }) => rows);
  expect(new Set(tested).size).toBe(tested.length);
  const parts = partsByTime(set, tested, [0.6, 0.2, 0.2], EMBARGO_MS);
  for (const [n, part] of parts.slice(1).entries()) {
    const before = Math.max(...(parts[n] ?? []).map((row) => set.endTs[row] ?? 0));
    expect(set.ts[part[0] ?? 0]).toBeGreaterThan(before + EMBARGO_MS);
  }
});

test('the order of the rows in their files changes nothing', () => {
  const rows = madeRows({ count: 50, seed: 3, withSequence: true }).map(compactRow);
  expect(hashOfSet(trainingSetOf(rows.toReversed(), OWN_SHAPE))).toBe(hashOfSet(trainingSetOf(rows, OWN_SHAPE)));
});
