import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestDecimal } from './request-decimal.ts';

test.each([
  [0.1 + 0.2, '0.3'],
  [60_000.1, '60000.1'],
  [0.001 * 3, '0.003'],
  [1e-7, '0.0000001'],
  [0.000_012, '0.000012'],
  [1_234_567, '1234567'],
])('%d is written %s', (value, text) => {
  expect(requestDecimal(value)).toBe(text);
});

test('any multiple of a tick is written exactly, without an exponent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 8 }), (count, decimals) => {
      const text = requestDecimal(count * 10 ** -decimals);
      expect(text).toMatch(/^\d+(\.\d+)?$/);
      expect(text).toBe(
        String(Number(`${count}e-${decimals}`)).includes('e') ? text : String(Number(`${count}e-${decimals}`)),
      );
      expect(BigInt(Math.round(Number(text) * 10 ** decimals))).toBe(BigInt(count));
    }),
  );
});
