import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256OfCodeUnits } from './sha256.ts';

const hex = (words: Uint32Array) => [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
const expected = (text: string) => createHash('sha256').update(Buffer.from(text, 'utf16le').swap16()).digest('hex');

it.each([0, 1, 27, 28, 31, 32, 33, 59, 60, 61, 120])('hashes %d code units as node:crypto does', (length) => {
  const text = 'BTCUSDT-LONG-1732870000000-'.repeat(5).slice(0, length);
  expect(hex(sha256OfCodeUnits(text))).toBe(expected(text));
});

it('hashes any text as node:crypto does, also beyond ASCII', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (text) => {
      expect(hex(sha256OfCodeUnits(text))).toBe(expected(text));
    }),
    { numRuns: 500 },
  );
});
