import { defaultSettings } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kellyOf } from './kelly.ts';

const risk = defaultSettings().risk;
/** Trades of a value of 100 with these net results, oldest first. */
const tradesOf = (...results: number[]) =>
  results.map((realized_pnl, i) => ({ realized_pnl, quantity: 1, entry_price: 100, exit_ts: i }));
const many = (count: number, result: number) => Array.from({ length: count }, () => result);

test('without trades the prior decides: 0.45 − 0.55/1.5', () => {
  const kelly = kellyOf([], risk);
  expect(kelly).toMatchObject({ winRate: 0.45, trades: 0 });
  expect(kelly.payoff).toBeCloseTo(1.5, 12);
  expect(kelly.fraction).toBeCloseTo(0.45 - 0.55 / 1.5, 12);
});

test('trades and prior count together, as computed by hand', () => {
  // 6 winners of 2 %, 4 losers of 1 %; the prior adds 13.5 winners of 1.5 % and 16.5 losers of 1 %.
  const kelly = kellyOf(tradesOf(...many(6, 2), ...many(4, -1)), risk);
  expect(kelly.winRate).toBeCloseTo(19.5 / 40, 12);
  expect(kelly.payoff).toBeCloseTo((6 * 0.02 + 13.5 * 0.015) / 19.5 / 0.01, 10);
  expect(kelly.raw).toBeCloseTo(19.5 / 40 - 20.5 / 40 / kelly.payoff, 12);
});

test('with many trades the prior fades', () => {
  const params = { ...risk, kelly_trades: 10_000, kelly_prior_trades: 1 };
  const kelly = kellyOf(tradesOf(...many(3_000, 2), ...many(2_000, -1)), params);
  expect(kelly.raw).toBeCloseTo(0.6 - 0.4 / 2, 3);
});

test('only the newest trades count, in any order', () => {
  const params = { ...risk, kelly_trades: 10 };
  const trades = tradesOf(...many(50, -5), ...many(10, 1));
  expect(kellyOf(trades, params)).toEqual(kellyOf(trades.toReversed(), params));
  expect(kellyOf(trades, params).winRate).toBeCloseTo((10 + 13.5) / 40, 12);
});

describe('Kelly never stops trading for ever', () => {
  test('a long run of losses gives the floor', () => {
    const kelly = kellyOf(tradesOf(...many(100, -3)), risk);
    expect(kelly.raw).toBeLessThan(0);
    expect(kelly.fraction).toBe(risk.kelly_floor);
  });
  test('the fraction is between the floor and 1 for any trades', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { maxLength: 200 }), (results) => {
        const { fraction, winRate } = kellyOf(tradesOf(...results), risk);
        expect(fraction).toBeGreaterThanOrEqual(risk.kelly_floor);
        expect(fraction).toBeLessThanOrEqual(1);
        expect(winRate).toBeGreaterThan(0);
        expect(winRate).toBeLessThan(1);
      }),
    );
  });
});

test('turning a loser into a winner of the same size never lowers Kelly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 39 }), (won, lost) => {
      const before = kellyOf(tradesOf(...many(won, 1), ...many(lost, -1)), risk).raw;
      const after = kellyOf(tradesOf(...many(won + 1, 1), ...many(lost - 1, -1)), risk).raw;
      // Without a loser, the loss of a prior loser follows from the winners.
      if (lost > 1) expect(after).toBeGreaterThan(before);
    }),
  );
});
