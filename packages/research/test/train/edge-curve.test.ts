import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { type EdgeCurve, edgeCurve } from '../../src/train/recipe/edge-curve.ts';
import { edgeFigures } from '../../src/train/report/forecast-figures.ts';
import { valueOnCurve } from '../../src/train/statistics/isotonic.ts';

const NOISE_BP = 40;
const COST_BP = 8;
const ROWS_A_DAY = 72;

/** Rows whose probability rises with a normal number; one deviation of it earns `edgeBp`. */
function made(count: number, edgeBp: number, seed: number) {
  const rng = new Rng(`edge:${seed}`);
  const drawn = Array.from({ length: count }, () => ({ skill: rng.normal(), noise: NOISE_BP * rng.normal() }));
  return {
    netBp: Float64Array.from(drawn, ({ skill, noise }) => edgeBp * skill + noise - COST_BP),
    costBp: new Float64Array(count).fill(COST_BP),
    ts: Float64Array.from(drawn, (_, n) => (n * 86_400_000) / ROWS_A_DAY),
    probabilities: drawn.map(({ skill }) => 1 / (1 + Math.exp(-skill))),
    rows: [...drawn.keys()],
  };
}

type Made = ReturnType<typeof made>;

const curveOf = (set: Made) => edgeCurve(set, set.rows, set.probabilities);
const judge = (curve: EdgeCurve, set: Made, at = (probability: number) => probability) =>
  edgeFigures(
    set,
    set.rows,
    set.probabilities.map((probability) => valueOnCurve(curve, at(probability))),
  );

describe('what candidates earn before fees', () => {
  test('rises with the probability where an edge is planted, and holds on other rows', () => {
    const curve = curveOf(made(3_000, 32, 1)) as EdgeCurve;
    expect(curve.x).toHaveLength(10);
    expect(curve.y).toEqual(curve.y.toSorted((a, b) => a - b));
    // The mean of the highest tenth of normal numbers is 1.755.
    expect(curve.y.at(-1)).toBeGreaterThan(0.85 * 1.755 * 32);
    expect(curve.y.at(-1)).toBeLessThan(1.15 * 1.755 * 32);
    const twoErrors = 2 * (NOISE_BP / Math.sqrt(300));
    for (const [n, low] of curve.low.entries()) {
      expect((curve.y[n] ?? 0) - low).toBeGreaterThan(0.6 * twoErrors);
      expect((curve.y[n] ?? 0) - low).toBeLessThan(1.6 * twoErrors);
    }
    const other = made(3_000, 32, 2);
    expect(judge(curve, other)).toMatchObject({ isCalibrated: true });
    expect(judge(curve, other).correlation).toBeGreaterThan(0.5);
    expect(judge(curve, other, (probability) => 1 - probability)).toMatchObject({ isCalibrated: false });
  });

  test('covers no costs in noise, in 20 of 20 seeds', () => {
    const highest = Array.from({ length: 20 }, (_, seed) => Math.max(...(curveOf(made(1_500, 0, seed))?.low ?? [])));
    expect(Math.max(...highest)).toBeLessThan(COST_BP);
  });

  test('rows of one probability have one result, whatever their time', () => {
    const set = made(3_000, 0, 1);
    // Late rows earn more. A flat calibration knows nothing of it.
    const rising = { ...set, netBp: set.netBp.map((_, n) => n / 100 - COST_BP) };
    const flat = edgeCurve(
      rising,
      rising.rows,
      rising.rows.map(() => 0.4),
    );
    expect(flat?.x).toEqual([0.4]);
    expect(flat?.y[0]).toBeCloseTo(14.995, 6);
    // Three flat pieces, as the ends of an isotonic curve make them.
    const steps = edgeCurve(
      rising,
      rising.rows,
      rising.rows.map((n) => [0.1, 0.4, 0.7][n % 3] ?? 0),
    );
    expect(steps?.x.every((x, n) => x > (steps.x[n - 1] ?? 0))).toBe(true);
    expect(Math.max(...(steps?.y ?? []))).toBeLessThan(15.1);
  });

  test('is unknown for less than ten days', () => {
    expect(curveOf(made(9 * ROWS_A_DAY, 32, 1))).toBeUndefined();
    expect(curveOf(made(11 * ROWS_A_DAY, 32, 1))).toBeDefined();
  });
});
