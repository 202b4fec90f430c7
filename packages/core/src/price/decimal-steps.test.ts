import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DecimalSteps } from './decimal-steps.ts';

it.each([
  ['0.10', 639_439, '63943.90'],
  ['0.00001', 12_345, '0.12345'],
  ['0.001', 7, '0.007'],
  ['0.001', 0, '0.000'],
  ['1', 1_250, '1250'],
  ['0.5', 3, '1.5'],
])('%s × %i is %s', (unit, count, text) => {
  expect(new DecimalSteps(unit).text(count)).toBe(text);
});

it('gives the same text as toFixed, and converts it back', () => {
  fc.assert(
    fc.property(fc.constantFrom('0.10', '0.01', '0.001', '0.00001', '1'), fc.nat(1e8), (unit, count) => {
      const steps = new DecimalSteps(unit);
      const decimals = unit.split('.')[1]?.length ?? 0;
      expect(steps.text(count)).toBe((count * Number(unit)).toFixed(decimals));
      expect(steps.count(Number(steps.text(count)))).toBe(count);
    }),
  );
});
