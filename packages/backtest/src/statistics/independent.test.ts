import { expect, test } from 'vitest';
import { maxDrawdownPct, shuffledDrawdowns, variedCosts } from '../checks/varied-results.ts';
import { deflatedSharpe } from './deflated-sharpe.ts';
import { quantileOf } from './moments.ts';
import { probabilisticSharpe, sharpeSampleOf } from './probabilistic-sharpe.ts';
import { estimatesOf } from './stationary-bootstrap.ts';
import { expectancyOf } from './trade-figures.ts';

// The expected figures were computed by a separate program in Python with numpy, from the definitions of the papers, with random
// numbers of its own. Where chance is involved, they agree within what 20,000 draws allow.

/** 120 results with a gain on average; each 17th is three times as large. */
const RESULTS = Array.from(
  { length: 120 },
  (_, t) => ((((t * 61 + t * t * 7) % 83) - 35) / 10) * (t % 17 === 0 ? 3 : 1),
);
const PNLS = RESULTS.map((value) => value * 10);

const quantiles = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.05, 0.5, 0.95].map((share) => quantileOf(sorted, share) ?? Number.NaN);
};

/** Each value lies within this share of the expected one. */
function expectNear(values: readonly number[], expected: readonly number[], share: number): void {
  for (const [n, value] of values.entries()) expect(Math.abs(value / (expected[n] ?? 0) - 1)).toBeLessThan(share);
}

test('the probabilistic and the deflated Sharpe ratio are those of an independent calculation', () => {
  const sample = sharpeSampleOf(RESULTS);
  if (sample === undefined) throw new Error('no sample');
  expect(probabilisticSharpe(sample)).toBeCloseTo(0.9999897070005102, 9);
  expect(deflatedSharpe(sample, { count: 30 })).toBeCloseTo(0.9848344896393192, 9);
});

test('the block bootstrap gives the interval of an independent one', () => {
  const { low = 0, high = 0 } = estimatesOf(RESULTS, { expectancyOf }, 'independent').expectancyOf;
  expectNear([low, high], [0.79664583, 1.7225], 0.05);
});

test('shuffled drawdowns have the percentiles of an independent shuffle', () => {
  expect(maxDrawdownPct(PNLS, 1_000)).toBeCloseTo(10.5, 9);
  const drawdowns = shuffledDrawdowns(PNLS, 1_000, 10_000, 'independent');
  expectNear(quantiles(drawdowns), [5.0999, 8.0245, 14.1299], 0.03);
  expect(drawdowns.filter((pct) => pct > 10.5 + 1e-9).length / drawdowns.length).toBeCloseTo(0.2087, 1);
});

test('varied costs have the percentiles of an independent draw', () => {
  const trades = PNLS.map((realized_pnl) => ({ realized_pnl, fees: 2, slippage: Math.abs(realized_pnl) * 0.05 }));
  expectNear(quantiles(variedCosts(trades, 5_000, 'independent')), [1_458.787, 1_505.046, 1_551.416], 0.002);
});
