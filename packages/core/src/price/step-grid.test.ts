import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilToStep, floorToStep, isWorthLess, quantityFor } from './step-grid.ts';

describe('exact decimals', () => {
  it.each([
    // In doubles 0.3 / 0.1 is 2.9999999999999996 and 0.7 / 0.1 is 6.999999999999999.
    [0.3, '0.1', 0.3],
    [0.7, '0.1', 0.7],
    [0.0159, '0.001', 0.015],
    [0.00099, '0.001', 0],
    [123_456.789, '1', 123_456],
    [1.2e-8, '0.000000001', 1.2e-8],
    [1e21, '1000', 1e21],
    [25, '0.5', 25],
  ])('floorToStep(%d, %s) is %d', (quantity, step, floored) => {
    expect(floorToStep(quantity, step)).toBe(floored);
  });

  it('rounding moves no multiple of a step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 0, max: 8 }), (count, decimals) => {
        const step = decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
        const multiple = Number(`${count}e-${decimals}`);
        expect(floorToStep(multiple, step)).toBe(multiple);
        expect(ceilToStep(multiple, step)).toBe(multiple);
      }),
    );
  });

  it.each([
    [1_000, 64_000.1, '0.001', 0.015],
    [1_000, 0.1, '1', 10_000],
    [1_000, 0.58, '0.1', 1_724.1],
    [1_000, 1.2e-8, '1', 83_333_333_333],
  ])('%d at %d buys, in steps of %s, %d', (notional, price, step, quantity) => {
    expect(quantityFor(notional, price, step)).toBe(quantity);
  });

  it.each([
    [0.3, '0.1', 0.3],
    [0.30001, '0.1', 0.4],
    [0.0151, '0.001', 0.016],
    [0.00001, '0.001', 0.001],
    [25.1, '0.5', 25.5],
  ])('ceilToStep(%d, %s) is %d', (quantity, step, raised) => {
    expect(ceilToStep(quantity, step)).toBe(raised);
  });

  it('compares a value with a limit exactly to the last digit', () => {
    expect(isWorthLess(0.1, 50, '5')).toBe(false);
    expect(isWorthLess(0.1, 49, '5')).toBe(true);
    // 3 × 0.1 is 0.30000000000000004 in doubles.
    expect(isWorthLess(0.1, 3, '0.3')).toBe(false);
  });
});
