import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calmarOf } from './calmar.ts';
import { distributionShapeOf, quantileOf } from './moments.ts';
import { expectancyOf, profitFactorOf, sharpePerReturn, sqnOf, winRatePctOf } from './trade-figures.ts';

const results = fc.array(
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => Math.round(x * 100) / 100),
  {
    minLength: 12,
    maxLength: 60,
  },
);

describe('figures of trades, computed by hand', () => {
  // Results +6, −2, +4, −4: sum 4, mean 1. Gains 10, losses 6. Squares about the mean 25 + 9 + 9 + 25 = 68.
  const PNLS = [6, -2, 4, -4];

  test('expectancy 4/4, profit factor 10/6, win rate 2 of 4', () => {
    expect(expectancyOf(PNLS)).toBe(1);
    expect(profitFactorOf(PNLS)).toBeCloseTo(10 / 6, 12);
    expect(winRatePctOf(PNLS)).toBe(50);
  });

  test('SQN √4 × 1 / √(68/3)', () => {
    expect(sqnOf(PNLS)).toBeCloseTo(2 / Math.sqrt(68 / 3), 12);
    expect(sharpePerReturn(PNLS)).toBeCloseTo(1 / Math.sqrt(68 / 3), 12);
  });

  test('skewness and kurtosis as scipy.stats.skew and kurtosis(fisher=False)', () => {
    const shape = distributionShapeOf([1.2, -0.5, 0.3, 2.0, -1.1, 0.4]);
    expect(shape?.skewness).toBeCloseTo(0.12743072055590896, 12);
    expect(shape?.kurtosis).toBeCloseTo(1.9432781805118526, 12);
  });

  test('quantiles between two values', () => {
    // Place 0.25 × 3 = 0.75 between 10 and 20.
    expect(quantileOf([10, 20, 30, 40], 0.25)).toBe(17.5);
    expect(quantileOf([], 0.5)).toBeUndefined();
  });

  test('are undefined where there is nothing to divide by', () => {
    expect([expectancyOf([]), winRatePctOf([]), profitFactorOf([]), sqnOf([])]).toEqual(new Array(4).fill(undefined));
    expect([profitFactorOf([3]), sqnOf([3]), sqnOf([3, 3]), sqnOf([0.1, 0.1, 0.1])]).toEqual(
      new Array(4).fill(undefined),
    );
    expect(profitFactorOf([-3, 0])).toBe(0);
  });

  test('do not depend on the unit of money, nor on the order of the trades', () => {
    fc.assert(
      fc.property(results, fc.double({ min: 0.01, max: 100, noNaN: true }), (pnls, scale) => {
        const scaled = pnls.map((pnl) => pnl * scale);
        for (const figure of [profitFactorOf, winRatePctOf, sqnOf]) {
          const value = figure(pnls);
          for (const other of [figure(scaled), figure(pnls.toReversed())]) {
            if (value === undefined) expect(other).toBeUndefined();
            else expect(other).toBeCloseTo(value, 6);
          }
        }
      }),
    );
  });
});

describe('the Calmar ratio', () => {
  test('is growth a year over drawdown, by hand', () => {
    // +10 %, −5 %, then eight idle days: 1.1 × 0.95 = 1.045 after 10 days; the drawdown is 5 %.
    const daily = [0.1, -0.05, ...new Array(8).fill(0)];
    expect(calmarOf(daily)).toBeCloseTo((1.045 ** 36.5 - 1) / 0.05, 8);
  });

  test('is undefined below ten days, without a drawdown, and after ruin', () => {
    expect(calmarOf([0.1, -0.05, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
    expect(calmarOf(new Array(10).fill(0.01))).toBeUndefined();
    expect(calmarOf([...new Array(10).fill(0.01), -1])).toBeUndefined();
  });
});
