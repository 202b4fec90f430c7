import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseVenueJson } from './venue-json.ts';

it('F39 keeps every digit of an id above 2^53, and leaves other values alone', () => {
  const text =
    '{"orderId":9007199300000000001,"price":"1.10","t":1795975330160,"at":[9007199254740993],"c":"12345678901234567"}';
  expect(parseVenueJson(text)).toEqual({
    orderId: '9007199300000000001',
    price: '1.10',
    t: 1795975330160,
    at: ['9007199254740993'],
    c: '12345678901234567',
  });
});

it('reads any id exactly, as a number or as text', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 70n }), (id) => {
      const { id: read } = parseVenueJson(`{"id":${id}}`) as { id: number | string };
      expect(String(read)).toBe(String(id));
    }),
  );
});

it.each(['', '{', '[1,]', 'NaN', '<html>12345678901234567</html>'])('throws for %j', (text) => {
  expect(() => parseVenueJson(text)).toThrow(SyntaxError);
});
