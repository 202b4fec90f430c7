import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldsOf } from './folds.ts';
import { scoreOf } from './objective.ts';
import { tradesIn } from './window-trades.ts';

const HOUR = 3_600_000;

test('by hand: four folds of 24 hours, one hour apart', () => {
  // Six parts of four hours; the first two are training only.
  const folds = foldsOf({ fromTs: 0, toTs: 24 * HOUR }, 4, HOUR);
  expect(folds.map(({ test: { fromTs, toTs } }) => [fromTs / HOUR, toTs / HOUR])).toEqual([
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 24],
  ]);
  expect(folds.map(({ training }) => [training.fromTs, training.toTs / HOUR])).toEqual([
    [0, 7],
    [0, 11],
    [0, 15],
    [0, 19],
  ]);
});

test('no trade of a training ends in or after its test, however long it was held', () => {
  const trade = fc.tuple(fc.nat(1_000), fc.nat(400));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(100), fc.array(trade), (count, embargo, trades) => {
      const columns = {
        entryTs: trades.map(([entry]) => entry),
        exitTs: trades.map(([entry, held]) => entry + held),
        netBp: trades.map((_, n) => n),
        net: trades.map(() => 1),
      };
      const folds = foldsOf({ fromTs: 0, toTs: 1_000 }, count, embargo);
      expect(folds.at(-1)?.test.toTs).toBe(1_000);
      for (const [
        n,
        {
          training,
          test: { fromTs },
        },
      ] of folds.entries()) {
        expect(training.toTs).toBeLessThanOrEqual(Math.max(0, fromTs - embargo));
        expect(fromTs).toBe(folds[n - 1]?.test.toTs ?? fromTs);
        for (const exitTs of tradesIn(columns, training, fromTs).exitTs) expect(exitTs).toBeLessThan(fromTs);
      }
      // Each trade is tested once at most.
      const tested = folds.flatMap((fold) => tradesIn(columns, fold.test).netBp);
      expect(new Set(tested).size).toBe(tested.length);
    }),
  );
});

test('the bound counts few trades and uneven ones little', () => {
  const results = (netBp: readonly number[]) => ({ netBp, net: netBp, exitTs: netBp.map(() => 0) });
  const around = (count: number, spread: number) =>
    Array.from({ length: count }, (_, n) => 10 + (n % 2 === 0 ? spread : -spread));
  const bound = (count: number, spread: number) => scoreOf(results(around(count, spread)), 'bound', 10) ?? Number.NaN;
  // Independent: 10 − 1.645 × 20 × √(100/99) / √100.
  expect(bound(100, 20)).toBeCloseTo(10 - 3.29 * Math.sqrt(100 / 99), 9);
  expect(bound(400, 20)).toBeGreaterThan(bound(100, 20));
  expect(bound(100, 5)).toBeGreaterThan(bound(100, 20));
  expect(scoreOf(results(around(9, 1)), 'bound', 10)).toBeUndefined();
  expect(scoreOf(results([1, 2, 3, 4, 5]), 'net', 5)).toBe(15);
});
