import { describe, expect, it } from 'vitest';
import { Damping } from './damping.ts';
import { FadingCount } from './fading-count.ts';
import { NearDuplicates } from './near-duplicates.ts';

const HOUR = 3_600_000;
const TEXT =
  'Track all of your coins with this portfolio template, with live prices and calculations, made by me over many long evenings';

describe('NearDuplicates', () => {
  it('recognises a text after small changes, and no other text', () => {
    const seen = new NearDuplicates(HOUR, 100);
    expect(seen.countCopies(TEXT, 0)).toBe(0);
    expect(seen.countCopies(TEXT.toUpperCase(), 1)).toBe(1);
    expect(seen.countCopies(`${TEXT}!! 87`, 2)).toBe(2);
    expect(seen.countCopies('The merge will come in autumn, says one of the developers, if all goes well', 3)).toBe(0);
    expect(seen.countCopies('🚀', 4)).toBe(0);
    expect(seen.countCopies('🚀', 5)).toBe(1);
    expect(seen.countCopies('', 6)).toBe(0);
  });

  it('forgets after its window', () => {
    const seen = new NearDuplicates(HOUR, 100);
    seen.countCopies(TEXT, 0);
    expect(seen.countCopies(TEXT, HOUR + 1)).toBe(0);
  });

  it('stays within its limit under a flood of different texts', () => {
    const seen = new NearDuplicates(HOUR, 100);
    for (let index = 0; index < 5_000; index += 1) seen.countCopies(`text ${index} says ${index * 7} things`, index);
    expect(seen.size).toBeLessThanOrEqual(101);
  });
});

describe('FadingCount', () => {
  it('halves with time and stays within its limit', () => {
    const count = new FadingCount(HOUR, 2);
    expect([count.add('a', 0), count.add('a', 0), count.add('a', HOUR)]).toEqual([0, 1, 1]);
    count.add('b', HOUR);
    count.add('c', HOUR);
    expect(count.size).toBe(2);
    expect(count.add('a', HOUR)).toBe(0);
  });
});

describe('Damping', () => {
  const damping = () => new Damping(HOUR, 1_000);
  const item = { text: TEXT, author: 'x', thread: 't', ts: 0 };

  it('keeps the full weight of a first item', () => {
    expect(damping().dampen(item)).toBe(1);
  });

  it('gives a thousand copies a weight below two', () => {
    const each = damping();
    let sum = 0;
    for (let index = 0; index < 1_000; index += 1) {
      sum += each.dampen({ ...item, author: `bot${index}`, thread: `t${index}` });
    }
    expect(sum).toBeLessThan(2);
  });

  it('gives one author’s thousand texts a weight below ten', () => {
    const each = damping();
    let sum = 0;
    for (let index = 0; index < 1_000; index += 1) {
      sum += each.dampen({ ...item, text: `thought ${index} on ${index * 13} other things`, thread: `t${index}` });
    }
    expect(sum).toBeLessThan(10);
  });

  it('damps a busy thread, and does not count unknown authors as one author', () => {
    const each = damping();
    const weights = [1, 2, 3, 4].map((n) =>
      each.dampen({ text: `thought ${n} on ${n * 13} things`, author: undefined, thread: 't', ts: 0 }),
    );
    expect(weights).toEqual([1, 1 / Math.SQRT2, 1 / Math.sqrt(3), 0.5].map((weight) => expect.closeTo(weight, 6)));
  });
});
