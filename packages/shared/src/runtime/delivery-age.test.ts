import { expect, test } from 'vitest';
import { deliveryAgeOf } from './delivery-age.ts';

test.each([
  ['a second ago', '1700000000000-0', 1_700_000_001_000, 1_000],
  ['two clocks that differ a little', '1700000000000-3', 1_699_999_999_000, 0],
  ['appended before the clock was set back', '1700000000000-3', 1_699_996_400_000, undefined],
])('the age of an entry, %s', (_, id, nowMs, ageMs) => {
  expect(deliveryAgeOf(id, nowMs)).toBe(ageMs);
});
