import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CommonStep } from './common-step.ts';
import { unitText } from './unit-text.ts';

function stepOf(...texts: string[]): string | undefined {
  const common = new CommonStep();
  for (const text of texts) common.add(text);
  return common.step;
}

test('finds the coarsest step for any number of written decimals', () => {
  expect(stepOf('28145.10', '28145.20', '28144.90')).toBe('0.1');
  expect(stepOf('3424.98', '3424.99')).toBe('0.01');
  expect(stepOf('5', '10')).toBe('5');
  expect(stepOf('100', '0.5')).toBe('0.5');
  expect(stepOf('2', '3', '1.25')).toBe('0.25');
  expect(stepOf('0.01730', '0.01729')).toBe('0.00001');
  expect(stepOf('1.0', '2.000')).toBe('1');
  expect(stepOf('10', '20')).toBe('10');
  expect(stepOf()).toBeUndefined();
  expect(stepOf('0.000')).toBeUndefined();
});

test('every number added is a multiple of the step', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 8 }),
      (all, decimals) => {
        const step = Number(stepOf(...all.map((n) => (n / 10 ** decimals).toFixed(decimals))));
        const unit = Math.round(step * 10 ** decimals);
        expect(unit).toBeGreaterThan(0);
        for (const n of all) expect(n % unit).toBe(0);
      },
    ),
  );
});

test('units give the same step as their texts', () => {
  const value = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.nat(6));
  fc.assert(
    fc.property(fc.array(value), (all) => {
      const common = new CommonStep();
      for (const [units, scale] of all) common.addUnits(units, scale);
      expect(common.step).toBe(stepOf(...all.map(([units, scale]) => unitText(units, scale))));
    }),
  );
});
