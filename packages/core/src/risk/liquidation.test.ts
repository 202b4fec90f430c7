import type { Side } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLiquidated, liquidationDistancePct, liquidationPrice, maintenanceMargin } from './liquidation.ts';

/** Continuous brackets: the `amount` of each removes the jump from the one before. */
const TIERS = [
  { notionalCap: 50_000, rate: 0.004, amount: 0, maxLeverage: 125 },
  { notionalCap: 600_000, rate: 0.005, amount: 50, maxLeverage: 100 },
  { notionalCap: 3_000_000, rate: 0.01, amount: 3_050, maxLeverage: 50 },
];
const sign = { LONG: 1, SHORT: -1 } as const;

describe('the liquidation price of an isolated position', () => {
  test('of a LONG of 1 at 10,000 with a margin of 2,000 equals the figure computed by hand', () => {
    // 2,000 + (P − 10,000) = 0.004 P, so P = 8,000 / 0.996
    const price = liquidationPrice({ side: 'LONG', quantity: 1, entryPrice: 10_000, collateral: 2_000 }, TIERS);
    expect(price).toBeCloseTo(8_000 / 0.996, 9);
  });
  test('of a SHORT equals the figure computed by hand: P = 12,000 / 1.004', () => {
    const price = liquidationPrice({ side: 'SHORT', quantity: 1, entryPrice: 10_000, collateral: 2_000 }, TIERS);
    expect(price).toBeCloseTo(12_000 / 1.004, 9);
  });
  test('uses the amount of the second bracket', () => {
    // 20,000 + 10 (P − 10,000) = 0.005 × 10 P − 50
    const price = liquidationPrice({ side: 'LONG', quantity: 10, entryPrice: 10_000, collateral: 20_000 }, TIERS);
    expect(price).toBeCloseTo((100_000 - 20_000 - 50) / (10 * 0.995), 9);
  });
  test('does not exist for a LONG that cannot lose all of its collateral', () => {
    expect(liquidationPrice({ side: 'LONG', quantity: 1, entryPrice: 100, collateral: 101 }, TIERS)).toBeUndefined();
  });
  test('is unknown without brackets', () => {
    expect(liquidationPrice({ side: 'LONG', quantity: 1, entryPrice: 100, collateral: 10 }, [])).toBeUndefined();
  });
});

const positions = fc.record({
  side: fc.constantFrom<Side>('LONG', 'SHORT'),
  quantity: fc.double({ min: 0.001, max: 500, noNaN: true }),
  entryPrice: fc.double({ min: 0.01, max: 50_000, noNaN: true }),
  leverage: fc.integer({ min: 1, max: 40 }),
});

test('is the price at which the remaining collateral equals the maintenance margin; before it more remains, beyond it less', () => {
  fc.assert(
    fc.property(positions, ({ side, quantity, entryPrice, leverage }) => {
      const collateral = (quantity * entryPrice) / leverage;
      const price = liquidationPrice({ side, quantity, entryPrice, collateral }, TIERS);
      const left = (at: number) =>
        collateral + sign[side] * quantity * (at - entryPrice) - maintenanceMargin(quantity * at, TIERS);
      if (price === undefined) {
        // Even at a price of zero the margin is not used up.
        expect(side).toBe('LONG');
        expect(left(0)).toBeGreaterThanOrEqual(-1e-9 * collateral);
        return;
      }
      const scale = quantity * Math.max(price, entryPrice);
      expect(Math.abs(left(price))).toBeLessThan(1e-9 * scale);
      expect(left(price * (1 + sign[side] * 0.001))).toBeGreaterThan(0);
      expect(left(price * (1 - sign[side] * 0.001))).toBeLessThan(0);
      expect(sign[side] * (entryPrice - price)).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('is nearer with more leverage', () => {
  fc.assert(
    fc.property(positions, ({ side, quantity, entryPrice, leverage }) => {
      const distance = (times: number) => {
        const collateral = (quantity * entryPrice) / times;
        const price = liquidationPrice({ side, quantity, entryPrice, collateral }, TIERS);
        return liquidationDistancePct(side, entryPrice, price) ?? Number.POSITIVE_INFINITY;
      };
      expect(distance(leverage + 1)).toBeLessThan(distance(leverage));
    }),
  );
});

test('brackets are continuous: a cent more of value never needs less margin', () => {
  for (const { notionalCap } of TIERS)
    expect(maintenanceMargin(notionalCap + 0.01, TIERS)).toBeGreaterThan(maintenanceMargin(notionalCap, TIERS));
});

test('a mark price at or beyond it liquidates, by side', () => {
  expect([99, 100, 101].map((mark) => isLiquidated('LONG', mark, 100))).toEqual([true, true, false]);
  expect([99, 100, 101].map((mark) => isLiquidated('SHORT', mark, 100))).toEqual([false, true, true]);
  expect(isLiquidated('LONG', 1, undefined)).toBe(false);
});
