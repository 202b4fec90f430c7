import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestHint, nearestName } from './nearest-name.mjs';

describe('editDistance', () => {
  it.each([
    ['same', 'SAME', 0],
    ['', 'abc', 3],
    ['treshold', 'threshold', 1],
    ['treshhold', 'threshold', 2],
    ['emafast', 'ema_fast', 1],
    ['fast_ema', 'ema_fast', 8],
    ['mdoe', 'mode', 1],
    ['kitten', 'sitting', 3],
  ])('%s → %s', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, and zero only for equal words', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abc_'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('counts one typing mistake as one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'abcdefg'), minLength: 2, maxLength: 12 }),
        fc.nat(),
        (word, at) => {
          const cut = at % word.length;
          expect(editDistance(word, word.slice(0, cut) + word.slice(cut + 1))).toBe(1);
          expect(editDistance(word, `${word.slice(0, cut)}_${word.slice(cut)}`)).toBe(1);
        },
      ),
    );
  });
});

describe('nearestName', () => {
  it('returns the nearest, the first of equals, and undefined without candidates', () => {
    expect(nearestName('mod', ['model', 'mode', 'modi'])).toEqual({ name: 'mode', distance: 1 });
    expect(nearestName('mod', [])).toBeUndefined();
  });

  it('finds what a comparison with every candidate finds, up to the greatest distance that counts', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdD_😀'), maxLength: 8 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 12 }), fc.integer({ min: 0, max: 8 }), (name, all, limit) => {
        const distances = all.map((candidate) => editDistance(name, candidate));
        const best = Math.min(...distances);
        const nearest = all.length === 0 ? undefined : { name: all[distances.indexOf(best)], distance: best };
        expect(nearestName(name, all)).toEqual(nearest);
        if (best <= limit) expect(nearestName(name, all, limit)).toEqual(nearest);
        else expect(nearestName(name, all, limit)?.distance ?? best).toBeGreaterThan(limit);
      }),
    );
  });
});

describe('nearestHint', () => {
  it.each([
    ['folow', ' The nearest is --follow.'],
    ['bogus', ''],
    ['', ''],
  ])('%s%s', (typed, hint) => {
    expect(nearestHint(typed, ['follow', 'help', 'level'], (name) => `--${name}`)).toBe(hint);
  });
});
