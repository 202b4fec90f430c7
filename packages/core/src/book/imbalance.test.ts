import type { Level } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imbalance } from './imbalance.ts';

const level = fc.tuple(
  fc.integer({ min: 1, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2)),
  fc.integer({ min: 1, max: 1_000_000 }).map((steps) => (steps / 1_000).toFixed(3)),
);
const side = fc.array(level, { minLength: 1, maxLength: 20 });
const depth = fc.integer({ min: 1, max: 20 });

describe('imbalance', () => {
  test('is positive for more asks than bids, and negative for more bids than asks', () => {
    expect(imbalance({ bids: [['100', '1']], asks: [['100', '3']] }, 10)).toBe(0.5);
    expect(imbalance({ bids: [['100', '3']], asks: [['100', '1']] }, 10)).toBe(-0.5);
    const factor = fc.integer({ min: 2, max: 50 });
    fc.assert(
      fc.property(side, factor, depth, (levels, times, n) => {
        const more = levels.map(([p, q]): Level => [p, (Number(q) * times).toFixed(3)]);
        expect(imbalance({ bids: levels, asks: more }, n)).toBeGreaterThan(0);
        expect(imbalance({ bids: more, asks: levels }, n)).toBeLessThan(0);
      }),
    );
  });

  test('stays within −1 and 1, and swapping the sides negates it', () => {
    fc.assert(
      fc.property(side, side, depth, (bids, asks, n) => {
        const value = imbalance({ bids, asks }, n);
        expect(value).toBeDefined();
        expect(Math.abs(value ?? 2)).toBeLessThanOrEqual(1);
        expect(imbalance({ bids: asks, asks: bids }, n)).toBe(value === 0 ? 0 : -(value ?? 0));
      }),
    );
  });

  test('moves towards a side to which quantity is added', () => {
    fc.assert(
      fc.property(side, side, level, (bids, asks, extra) => {
        const before = imbalance({ bids, asks }, 21) ?? 0;
        expect(imbalance({ bids, asks: [...asks, extra] }, 21)).toBeGreaterThanOrEqual(before);
        expect(imbalance({ bids: [...bids, extra], asks }, 21)).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('reads no more levels than requested', () => {
    const asks: Level[] = [
      ['101', '1'],
      ['102', '1000'],
    ];
    expect(imbalance({ bids: [['101', '1']], asks }, 1)).toBe(0);
    expect(imbalance({ bids: [['101', '1']], asks }, 2)).toBeGreaterThan(0.9);
  });

  test('is undefined for an empty side', () => {
    expect(imbalance({ bids: [], asks: [['1', '1']] }, 10)).toBeUndefined();
    expect(imbalance({ bids: [['1', '1']], asks: [] }, 10)).toBeUndefined();
    expect(imbalance({ bids: [], asks: [] }, 10)).toBeUndefined();
  });
});
