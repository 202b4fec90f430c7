import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitsOf, unitText } from './unit-text.ts';

const units = fc.integer({ min: 0, max: 999_999_999_999_999 });
const scale = fc.nat(15);

test('a text of units is read back as the same units', () => {
  fc.assert(
    fc.property(units, scale, (count, decimals) => {
      const text = unitText(count, decimals);
      expect(text).toMatch(/^(0|[1-9]\d*)(\.\d+)?$/);
      expect(text.split('.')[1]?.length ?? 0).toBe(decimals);
      expect(Number(text)).toBe(Number(`${count}e-${decimals}`));
      expect(unitsOf(text, decimals)).toBe(count);
    }),
  );
});

test('zeros before the first digit do not count as digits', () => {
  expect(unitsOf('0.000000000000029', 15)).toBe(29);
});

test('a text is the same the second time, and after others with the same remainder', () => {
  const once = [7, 7 + 4_096, 7 + 2 * 4_096, 7 + 2 ** 32, 7, 7].map((count) => unitText(count, 2));
  expect(once).toEqual(['0.07', '41.03', '81.99', '42949673.03', '0.07', '0.07']);
});

test('equal decimals have equal units and unequal ones keep their order, whatever their decimals', () => {
  const written = fc
    .tuple(fc.integer({ min: 0, max: 9_999_999 }), fc.nat(6))
    .map(([count, decimals]) => unitText(count, decimals));
  fc.assert(
    fc.property(written, written, fc.nat(8), (one, other, decimals) => {
      const order = Math.sign(Number(one) - Number(other));
      expect(Math.sign(unitsOf(one, decimals) - unitsOf(other, decimals))).toBe(order);
    }),
  );
});
