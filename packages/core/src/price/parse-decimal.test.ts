import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDecimal } from './parse-decimal.ts';

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: max });

test('equals Number for every decimal, short or long', () => {
  fc.assert(
    fc.property(digits(22), fc.option(digits(12)), (whole, fraction) => {
      const text = fraction === null ? whole : `${whole}.${fraction}`;
      expect(parseDecimal(text)).toBe(Number(text));
    }),
  );
});

test('rejects everything but plain digits with one point between them', () => {
  for (const text of [
    '',
    '.',
    '.5',
    '5.',
    '1.2.3',
    '-1',
    '+1',
    '1e5',
    '0x10',
    ' 1',
    '1 ',
    '1,5',
    'NaN',
    'Infinity',
    '１',
  ]) {
    expect(parseDecimal(text), text).toBeNaN();
  }
});
