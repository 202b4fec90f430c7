import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCalm, type Present } from './calm.ts';
import { CalmGroup } from './calm-group.ts';

const side = fc.constantFrom('LONG', 'SHORT');
const price = fc.integer({ min: 90, max: 110 });
const limits = fc.record({
  side,
  above: fc.integer({ min: -10, max: 0 }),
  best: fc.integer({ min: 0, max: 10 }),
  below: fc.integer({ min: 0, max: 10 }),
  atr: fc.constantFrom(1, 2),
  hourRange: fc.constantFrom(1, 2),
  sinceMs: fc.integer({ min: 0, max: 5 }),
  untilMs: fc.integer({ min: 3, max: 10 }),
});

test('a calm group has only calm positions, and a position alone is calm as in its group', () => {
  const range = fc.constantFrom(1, 2);
  const present = fc.record({ nowMs: fc.integer({ min: 0, max: 10 }), price, atr: range, hourRange: range });
  const reversals = fc.option(side, { nil: undefined });
  fc.assert(
    fc.property(fc.array(limits, { maxLength: 5 }), present, reversals, (made, { price, ...rest }, reversal) => {
      const now: Present = { ...rest, price: { price, source: 'book', ageMs: 0 }, tightening: 1 };
      const group = new CalmGroup();
      const members = made.filter((each) => group.add(each.side, calmAround(each)));
      const areCalm = members.map((each) => {
        const isReversed = reversal !== undefined && reversal !== each.side;
        return !isReversed && isCalm(calmAround(each), each.side, now);
      });
      if (group.isCalm(reversal, () => now)) expect(areCalm).not.toContain(false);
      else expect(areCalm).toContain(false);
    }),
  );
});

/** Limits around a price of 100; prices of a SHORT are negated. */
function calmAround({ side, above, best, below, ...rest }: Made) {
  const middle = side === 'LONG' ? 100 : -100;
  return { above: middle + above, best: middle + best, below: middle + below, tightening: 1, ...rest };
}

type Made = typeof limits extends fc.Arbitrary<infer Value> ? Value : never;
