import { describe, expect, it } from 'vitest';
import { Rng } from './rng.ts';
import { correlation, deviation, mean } from './series-statistics.ts';

const draw = (count: number, one: () => number): number[] => Array.from({ length: count }, one);

describe('Rng', () => {
  it('gives the same numbers for one label, and others for a similar label', () => {
    const first = draw(
      100,
      (() => {
        const rng = new Rng('1:2');
        return () => rng.uniform();
      })(),
    );
    const again = draw(
      100,
      (() => {
        const rng = new Rng('1:2');
        return () => rng.uniform();
      })(),
    );
    const other = draw(
      100,
      (() => {
        const rng = new Rng('1:3');
        return () => rng.uniform();
      })(),
    );
    expect(again).toEqual(first);
    expect(Math.abs(correlation(first, other) ?? 1)).toBeLessThan(0.3);
  });

  it('has the moments of its distributions', () => {
    const rng = new Rng('moments');
    const uniform = draw(50_000, () => rng.uniform());
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    expect(Math.min(...uniform.slice(0, 10_000))).toBeGreaterThan(0);
    const normal = draw(50_000, () => rng.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(deviation(normal)).toBeCloseTo(1, 1);
    expect(mean(draw(50_000, () => rng.exponential()))).toBeCloseTo(1, 1);
    expect(mean(draw(50_000, () => rng.logNormal(0.5)))).toBeCloseTo(1, 1);
    const counts = draw(50_000, () => rng.poisson(2.5));
    expect(mean(counts)).toBeCloseTo(2.5, 1);
    expect((deviation(counts) ?? 0) ** 2).toBeCloseTo(2.5, 0);
  });
});
