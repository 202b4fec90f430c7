import { DailyReturns, returnRatios } from '@helios/core/portfolio/daily-returns.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deflatedSharpe, expectedMaxSharpe } from './deflated-sharpe.ts';
import { minTrackRecord, probabilisticSharpe, sharpeSampleOf } from './probabilistic-sharpe.ts';

const DAY_MS = 86_400_000;
const returns = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 12, maxLength: 60 });

describe('the probabilistic Sharpe ratio', () => {
  test('is the example of the paper: 24 months, 0.458 a month, skewness −2.448, kurtosis 10.164', () => {
    // Normal returns: 0.458 × √23 / √(1 + 0.5 × 0.458²) = 2.0902, Φ = 0.982. The paper prints 0.982 and 0.913.
    const monthly = { sharpe: 0.458, count: 24 };
    expect(probabilisticSharpe({ ...monthly, skewness: 0, kurtosis: 3 })).toBeCloseTo(0.982, 3);
    expect(probabilisticSharpe({ ...monthly, skewness: -2.448, kurtosis: 10.164 })).toBeCloseTo(0.913361083860933, 9);
  });

  test('reaches 95 % at the minimum track record, and not one return before', () => {
    const sample = { sharpe: 0.1, skewness: -0.5, kurtosis: 5, count: 0 };
    const count = minTrackRecord(sample) ?? 0;
    expect(probabilisticSharpe({ ...sample, count })).toBeGreaterThanOrEqual(0.95);
    expect(probabilisticSharpe({ ...sample, count: count - 1 })).toBeLessThan(0.95);
    expect(minTrackRecord({ ...sample, sharpe: -0.1 })).toBeUndefined();
  });

  test('is absent below ten returns and for equal ones', () => {
    expect(sharpeSampleOf([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeUndefined();
    expect(sharpeSampleOf(new Array(20).fill(1))).toBeUndefined();
  });

  test('is a probability, does not depend on the unit, and mirrors with the sign', () => {
    fc.assert(
      fc.property(returns, (values) => {
        const [sample, scaled, mirrored] = [1, 7, -1].map((by) => sharpeSampleOf(values.map((value) => value * by)));
        if (sample === undefined || scaled === undefined || mirrored === undefined) return;
        const probability = probabilisticSharpe(sample) ?? Number.NaN;
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        expect(probabilisticSharpe(scaled)).toBeCloseTo(probability, 9);
        expect(probabilisticSharpe(mirrored)).toBeCloseTo(1 - probability, 9);
      }),
    );
  });
});

describe('the deflated Sharpe ratio', () => {
  test('is the example of the paper: best of 100 trials, 2.5 a year over 1,250 days', () => {
    // Variance of the trials 1/2 a year, so 1/500 a day; the paper prints 0.1132 and 0.9004.
    const deviation = Math.sqrt(1 / 500);
    expect(expectedMaxSharpe(100, deviation)).toBeCloseTo(0.11317200186513214, 9);
    const sample = { sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10, count: 1_250 };
    // Two ratios ± deviation / √2 apart have that sample deviation.
    const sharpes = [deviation / Math.SQRT2, -deviation / Math.SQRT2];
    expect(deflatedSharpe(sample, { count: 100, sharpes })).toBeCloseTo(0.9003968344493903, 9);
  });

  test('equals the probabilistic one for a single trial, and falls with the number of trials', () => {
    const sample = { sharpe: 0.1, skewness: 0, kurtosis: 3, count: 400 };
    const after = [1, 2, 10, 100, 1_000].map((count) => deflatedSharpe(sample, { count }) ?? Number.NaN);
    expect(after[0]).toBe(probabilisticSharpe(sample));
    expect(after).toEqual(after.toSorted((a, b) => b - a));
    expect(new Set(after).size).toBe(5);
  });

  test('does not take two alike results for a hundred trials', () => {
    const sample = { sharpe: 0.1, skewness: 0, kurtosis: 3, count: 400 };
    const alike = [0.1, 0.1001];
    expect(deflatedSharpe(sample, { count: 100, sharpes: alike })).toBe(deflatedSharpe(sample, { count: 100 }));
    expect(deflatedSharpe(sample, { count: 2, sharpes: alike })).toBeGreaterThan(0.97);
  });
});

describe('Sharpe and Sortino of daily returns', () => {
  test('by hand: nine idle days and one of +1 %', () => {
    // Mean 0.001; squares 9 × 0.001² + 0.009² = 0.00009, over 9: spread √0.00001. No day below zero: no Sortino.
    const { sharpe, sortino } = returnRatios({ active: [0.01], idleDays: 9 }, 0);
    expect(sharpe).toBeCloseTo((0.001 / Math.sqrt(0.00001)) * Math.sqrt(365), 9);
    expect(sortino).toBeUndefined();
  });

  test('by hand: +2 % and −1 % among ten days', () => {
    // Mean 0.001; squares of the losses 0.0001, over 10: downside deviation √0.00001.
    const { sortino } = returnRatios({ active: [0.02, -0.01], idleDays: 8 }, 0);
    expect(sortino).toBeCloseTo((0.001 / Math.sqrt(0.00001)) * Math.sqrt(365), 9);
  });

  test('need ten days, and a series has every day in order', () => {
    expect(returnRatios({ active: [0.01, 0.02], idleDays: 7 }, 0).sharpe).toBeUndefined();
    const daily = new DailyReturns(0);
    daily.add(100, 110, 0);
    daily.add(110, 99, 3 * DAY_MS);
    expect(daily.series(5 * DAY_MS)).toEqual([0.1, 0, 0, -0.1, 0, 0]);
    expect(new DailyReturns(0).series(5)).toEqual([]);
  });

  test('a series is empty once a day starts with nothing', () => {
    const daily = new DailyReturns(0);
    daily.add(100, 0, 0);
    daily.add(0, 10, DAY_MS);
    expect(daily.series(DAY_MS)).toEqual([]);
    expect(daily.ratios(20 * DAY_MS).sharpe).toBeUndefined();
  });

  test('the ratios of the series are those of the fleet', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -9, max: 9 })), { maxLength: 30 }),
        (trades) => {
          const daily = new DailyReturns(3);
          let [equity, day] = [1_000, 0];
          for (const [wait, pnl] of trades) {
            day += wait;
            daily.add(equity, equity + pnl, day * DAY_MS);
            equity += pnl;
          }
          const now = (day + 2) * DAY_MS;
          const mine = returnRatios({ active: daily.series(now), idleDays: 0 }, 3 / 36_500);
          const fleet = daily.ratios(now);
          for (const name of ['sharpe', 'sortino'] as const) {
            if (fleet[name] === undefined) expect(mine[name]).toBeUndefined();
            else expect(mine[name]).toBeCloseTo(fleet[name], 6);
          }
        },
      ),
    );
  });
});
