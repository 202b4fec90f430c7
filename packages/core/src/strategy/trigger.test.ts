import type { Level } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imbalance } from '../book/imbalance.ts';
import { imbalanceStrength } from './confidence.ts';
import { ImbalanceQuantile } from './imbalance-quantile.ts';
import { thresholdInForce, triggerOf } from './trigger.ts';

const level = fc
  .tuple(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }))
  .map(([price, qty]): Level => [String(price), String(qty)]);
const side = fc.array(level, { minLength: 1, maxLength: 20 });
const worth = (levels: readonly Level[]) => levels.reduce((sum, [price, qty]) => sum + Number(price) * Number(qty), 0);

describe('the direction of a trigger', () => {
  test('is never LONG with more value on the asks, and never SHORT with more on the bids', () => {
    fc.assert(
      fc.property(side, side, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (bids, asks, threshold) => {
        const trigger = triggerOf(imbalance({ bids, asks }, 20), threshold);
        if (worth(asks) >= worth(bids)) expect(trigger).not.toBe('LONG');
        if (worth(asks) <= worth(bids)) expect(trigger).not.toBe('SHORT');
        const lopsided = Math.abs(worth(asks) - worth(bids)) > (threshold + 1e-9) * (worth(asks) + worth(bids));
        if (lopsided) expect(trigger).toBe(worth(asks) > worth(bids) ? 'SHORT' : 'LONG');
      }),
    );
  });

  test.each([
    [0.4, 'SHORT'],
    [0.399_999, undefined],
    [-0.4, 'LONG'],
    [-0.399_999, undefined],
    [0, undefined],
    [undefined, undefined],
  ] as const)('NOBI %s at a threshold of 0.4: %s', (nobi, expected) => {
    expect(triggerOf(nobi, 0.4)).toBe(expected);
  });
});

test('a regime scales the threshold, never beyond the range of a book', () => {
  const inForce = (nobi_threshold: number | 'auto', factor: number) =>
    thresholdInForce({ nobi_threshold, nobi_quantile: 0.9 }, factor, imbalances);
  const imbalances = new ImbalanceQuantile();
  expect(inForce(0.4, 1.4)).toBeCloseTo(0.56, 12);
  expect(inForce(0.9, 1.4)).toBe(0.99);
  // Cold: the number that was the default before.
  expect(inForce('auto', 1.4)).toBe(0.4);
  for (let n = 0; n < 2_000; n += 1) imbalances.sample((n % 100) / 100, n * 1_000);
  expect(inForce('auto', 1)).toBeCloseTo(0.9, 1);
  // Half as many imbalances trigger.
  expect(inForce('auto', 2)).toBeCloseTo(0.95, 1);
  expect(inForce('auto', 1.4)).toBeGreaterThan(inForce('auto', 1));
});

test('the strength rises from the threshold to a one-sided book', () => {
  expect(imbalanceStrength(0.4, 0.4)).toBe(0);
  expect(imbalanceStrength(-0.7, 0.4)).toBeCloseTo(0.5, 12);
  expect(imbalanceStrength(-1, 0.4)).toBe(1);
  expect(imbalanceStrength(1, 1)).toBe(0);
});
