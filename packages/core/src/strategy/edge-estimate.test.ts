import { T0 } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { EdgeEstimates, OpenMoves } from './edge-estimate.ts';

const HALF_HOUR_MS = 1_800_000;

/** Estimates after moves of these basis points, one after the other, on one symbol. */
function learnt(movesBp: readonly number[], horizonMs = HALF_HOUR_MS): EdgeEstimates {
  const edges = new EdgeEstimates();
  const open = new OpenMoves(edges);
  movesBp.forEach((moveBp, n) => {
    const ts = T0 + n * 2 * horizonMs;
    open.observe(ts, 100, 'SHORT', 'EXHAUSTION', horizonMs);
    open.settle(ts + horizonMs, 100 * (1 - moveBp / 10_000));
  });
  return edges;
}

const equal = (count: number, moveBp: number) => Array.from({ length: count }, () => moveBp);

describe('the measured edge', () => {
  test('is unknown before thirty moves, and belongs to one reason', () => {
    expect(learnt(equal(30, 10)).of('EXHAUSTION')).toBeUndefined();
    const edges = learnt(equal(31, 10));
    expect(edges.of('EXHAUSTION')?.moves).toBe(30);
    expect(edges.of('TREND')).toBeUndefined();
  });

  test('is the mean in the direction of the trigger, shrunk to 0, with its standard error', () => {
    // The last move is still open for others of its time. Mean 10, deviations ±10: s = 10 × √(60/59).
    const moves = Array.from({ length: 61 }, (_, n) => (n % 2 === 0 ? 20 : 0));
    const edge = learnt(moves).of('EXHAUSTION');
    const error = (10 * Math.sqrt(60 / 59)) / Math.sqrt(60);
    expect(edge?.meanBp).toBeCloseTo((60 * 10) / 80, 9);
    expect(edge?.errorBp).toBeCloseTo(error, 6);
    expect(edge?.lowerBp).toBeCloseTo(7.5 - 2 * error, 6);
  });

  test('never promises more than the newest third earned: a slow loss is too small to be a lost edge for long', () => {
    const noise = (n: number) => 50 * (n % 2 === 0 ? 1 : -1);
    const edge = learnt(Array.from({ length: 301 }, (_, n) => (n < 200 ? 30 : 8) + noise(n))).of('EXHAUSTION');
    expect(edge?.moves).toBe(300);
    expect((edge?.meanBp ?? 0) - 2 * (edge?.errorBp ?? 0)).toBeGreaterThan(12);
    expect(edge?.newestBp).toBeCloseTo(8, 9);
    expect(edge?.lowerBp).toBe(edge?.newestBp);
  });

  test('survives a restart: what was kept and what is learnt afterwards is one memory, oldest first', () => {
    const moves = Array.from({ length: 800 }, (_, n) => n % 37);
    const before = learnt(moves);
    const after = new EdgeEstimates();
    // A restart ends the time of the newest move, so it counts at once.
    const counted = learnt([...moves, 0]);
    after.restore('EXHAUSTION', [...before.movesOf('EXHAUSTION')], undefined, T0);
    expect(after.of('EXHAUSTION')).toEqual(counted.of('EXHAUSTION'));
    expect([...after.movesOf('EXHAUSTION')].at(-1)).toBeCloseTo(799 % 37, 9);
    after.restore('EXHAUSTION', [1, 2, 3], undefined, T0);
    expect(after.countOf('EXHAUSTION')).toBe(750);
    const restored = [...after.movesOf('EXHAUSTION')];
    for (const [n, move] of [500, 600].entries()) after.learn('EXHAUSTION', move, T0 + n * HALF_HOUR_MS, HALF_HOUR_MS);
    expect([...after.movesOf('EXHAUSTION')]).toEqual([...restored.slice(1), 500, 600]);
  });

  test('counts coins that move together once', () => {
    const edges = new EdgeEstimates();
    const coins = Array.from({ length: 5 }, () => new OpenMoves(edges));
    for (let n = 0; n <= 40; n += 1) {
      const ts = T0 + n * 2 * HALF_HOUR_MS;
      for (const [coin, open] of coins.entries()) open.observe(ts + coin * 1_000, 100, 'LONG', 'TREND', HALF_HOUR_MS);
      for (const [coin, open] of coins.entries()) open.settle(ts + HALF_HOUR_MS + 5_000, 100 + coin / 10);
    }
    expect(edges.of('TREND')?.moves).toBe(40);
    expect(edges.of('TREND')?.meanBp).toBeCloseTo((20 * 40) / 60, 6);
  });

  test('takes no second trigger while one is measured, and none whose end had no book', () => {
    const edges = new EdgeEstimates();
    const open = new OpenMoves(edges);
    for (let n = 0; n < 100; n += 1) open.observe(T0 + n * 1_000, 100, 'LONG', 'TREND', HALF_HOUR_MS);
    open.settle(T0 + HALF_HOUR_MS, 101);
    expect(open.endsBy(Number.POSITIVE_INFINITY)).toBe(false);
    for (let n = 1; n < 100; n += 1) {
      open.observe(T0 + n * 3 * HALF_HOUR_MS, 100, 'LONG', 'TREND', HALF_HOUR_MS);
      open.settle(T0 + n * 3 * HALF_HOUR_MS + 1.3 * HALF_HOUR_MS, 200);
    }
    expect(edges.of('TREND')).toBeUndefined();
  });

  test('noise earns no cost: the lower bound of random moves passes 8 bp in no series of a hundred', () => {
    const rng = new Rng('edge');
    for (let series = 0; series < 100; series += 1) {
      const edges = learnt(Array.from({ length: 300 }, () => 60 * rng.normal()));
      expect(edges.of('EXHAUSTION')?.lowerBp).toBeLessThan(8);
    }
  });

  test('forgets: after 750 moves of another market only they count', () => {
    const edge = learnt([...equal(200, 50), ...equal(751, -5)]).of('EXHAUSTION');
    expect(edge?.meanBp).toBeCloseTo((-5 * 750) / 770, 6);
  });
});
