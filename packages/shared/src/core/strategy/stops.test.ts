import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side } from '../../domain/signal.ts';
import { defaultSettings, T0 } from '../../testing/builders.ts';
import type { ExitPlan } from './exit-plan.ts';
import { initialStops } from './initial-stops.ts';
import { decimalsOf, priceBeside } from './price-decimals.ts';
import { signOf } from './side-sign.ts';
import { advanceTrail, type Trail } from './trailing.ts';

const { risk } = defaultSettings();
const sides = fc.constantFrom<Side>('LONG', 'SHORT');

describe('initial stops', () => {
  test('two ATRs away, the target three, on the venue’s decimals', () => {
    expect(initialStops('LONG', 100, { atr: 0.5, stopFactor: 1, spread: 0 }, risk, 2)).toEqual({
      stopLoss: 99,
      takeProfit: 101.5,
    });
    expect(initialStops('SHORT', 100, { atr: 0.5, stopFactor: 1, spread: 0 }, risk, 2)).toEqual({
      stopLoss: 101,
      takeProfit: 98.5,
    });
  });
  test('a regime moves both; the limits keep their ratio', () => {
    expect(initialStops('LONG', 100, { atr: 0.5, stopFactor: 1.2, spread: 0 }, risk, 2)).toEqual({
      stopLoss: 98.8,
      takeProfit: 101.8,
    });
    expect(initialStops('LONG', 100, { atr: 50, stopFactor: 1, spread: 0 }, risk, 2)).toEqual({
      stopLoss: 97,
      takeProfit: 104.5,
    });
    expect(initialStops('LONG', 100, { atr: undefined, stopFactor: 1, spread: 0 }, risk, 3)).toEqual({
      stopLoss: 99.95,
      takeProfit: 100.075,
    });
  });
  test('the spread alone closes nothing', () => {
    const stops = initialStops('LONG', 100, { atr: 0.01, stopFactor: 1, spread: 0.2 }, risk, 2);
    expect(stops).toEqual({ stopLoss: 99.6, takeProfit: 100.6 });
  });
  test('always on their side of the entry, positive, whatever price, ATR and decimals', () => {
    const prices = fc.double({ min: 1e-7, max: 1e6, noNaN: true });
    const atrs = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(sides, prices, atrs, fc.integer({ min: 0, max: 8 }), (side, price, atr, decimals) => {
        const { stopLoss, takeProfit } = initialStops(
          side,
          price,
          { atr, stopFactor: 1, spread: price / 1_000 },
          risk,
          decimals,
        );
        expect(signOf(side) * (stopLoss - price)).toBeLessThan(0);
        expect(signOf(side) * (takeProfit - price)).toBeGreaterThan(0);
        expect(stopLoss).toBeGreaterThan(0);
        expect(takeProfit).toBeGreaterThan(0);
      }),
    );
  });
});

describe('prices beside a price', () => {
  test.each([
    ['28170.10', 2],
    ['5', 0],
    ['0.00001234', 8],
  ])('%s has %i decimals', (text, decimals) => {
    expect(decimalsOf(text)).toBe(decimals);
  });
  test('never nearer than asked', () => {
    expect(priceBeside(100, -0.123, 2)).toBe(99.87);
    expect(priceBeside(100, 0.123, 2)).toBe(100.13);
    expect(priceBeside(100.1, -0.1, 1)).toBe(100);
  });
  test('too coarse decimals are given up', () => {
    expect(priceBeside(0.0012, -0.000001, 4)).toBe(0.0011);
    expect(priceBeside(0.4, -0.1, 0)).toBe(0.3);
  });
});

describe('the trail', () => {
  const plan = (side: Side): ExitPlan => ({
    side,
    entryPrice: 100,
    entryTs: T0,
    stopLoss: side === 'LONG' ? 90 : 110,
    takeProfit: undefined,
    regime: 'UNKNOWN',
  });

  test('arms after one ATR in favour, 1.5 ATRs behind', () => {
    expect(advanceTrail(plan('LONG'), undefined, 100.9, 1, risk)).toEqual({ extreme: 100.9, stop: undefined });
    expect(advanceTrail(plan('LONG'), undefined, 101, 1, risk)).toEqual({ extreme: 101, stop: 99.5 });
    expect(advanceTrail(plan('SHORT'), undefined, 99, 1, risk)).toEqual({ extreme: 99, stop: 100.5 });
  });
  test('moves in steps of a tenth of its distance', () => {
    const armed: Trail = { extreme: 101, stop: 99.5 };
    expect(advanceTrail(plan('LONG'), armed, 101.14, 1, risk)).toEqual({ extreme: 101.14, stop: 99.5 });
    expect(advanceTrail(plan('LONG'), armed, 101.16, 1, risk)).toEqual({ extreme: 101.16, stop: 99.66 });
  });
  test('says the same object where nothing changed', () => {
    const armed: Trail = { extreme: 101, stop: 99.5 };
    expect(advanceTrail(plan('LONG'), armed, 100, 1, risk)).toBe(armed);
    expect(advanceTrail(plan('LONG'), armed, 105, undefined, risk)).toBe(armed);
    expect(advanceTrail(plan('LONG'), undefined, 105, 1, { ...risk, trailing_stop: false })).toBeUndefined();
    expect(advanceTrail({ ...plan('LONG'), stopLoss: undefined }, undefined, 105, 1, risk)).toBeUndefined();
  });
  test('once armed never goes back, whatever prices and ATRs come', () => {
    const step = fc.tuple(fc.double({ min: 50, max: 150, noNaN: true }), fc.double({ min: 0.01, max: 5, noNaN: true }));
    fc.assert(
      fc.property(sides, fc.array(step, { maxLength: 50 }), (side, steps) => {
        let trail: Trail | undefined;
        for (const [price, atr] of steps) {
          const next = advanceTrail(plan(side), trail, price, atr, risk);
          if (trail?.stop !== undefined) {
            expect(signOf(side) * ((next?.stop ?? Number.NaN) - trail.stop)).toBeGreaterThanOrEqual(0);
          }
          trail = next;
        }
      }),
    );
  });
});
