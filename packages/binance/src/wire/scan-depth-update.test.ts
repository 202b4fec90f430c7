import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedText } from '../../test/damaged-text.ts';
import { parseFrame } from '../parse-frame.ts';
import { scanDepthUpdate } from './scan-depth-update.ts';

const decimal = fc.stringMatching(/^\d{1,6}(\.\d{1,5})?$/);
const price = decimal.filter((text) => Number(text) > 0);
const levels = fc.array(fc.tuple(price, decimal), { maxLength: 6 });
const whole = fc.integer({ min: 0, max: 999_999_999_999_999 });
const text = fc
  .record({
    E: whole,
    T: whole,
    s: fc.stringMatching(/^[A-Z0-9_]{2,12}$/),
    U: whole,
    u: whole,
    pu: whole,
    b: levels,
    a: levels,
  })
  .chain(({ E, T, s, U, u, pu, b, a }) =>
    fc
      .constantFrom('@depth', '@depth@100ms', '@depth@0ms')
      .map((stream) =>
        JSON.stringify({ stream: s.toLowerCase() + stream, data: { e: 'depthUpdate', E, T, s, U, u, pu, b, a } }),
      ),
  );

/** A leading blank is valid JSON, but not the venue's layout. */
const readAsJson = (venueText: string) => parseFrame(` ${venueText}`);

test('the venue’s layout gives the same result as JSON', () => {
  fc.assert(
    fc.property(text, (venueText) => {
      const scanned = scanDepthUpdate(venueText);
      expect(scanned?.kind).toBe('DEPTH_UPDATE');
      expect(scanned).toStrictEqual(readAsJson(venueText));
    }),
  );
});

test('a damaged text never gives another result than its JSON', () => {
  fc.assert(
    fc.property(damagedText(text), (damaged) => {
      const scanned = scanDepthUpdate(damaged);
      if (scanned !== undefined) expect(scanned).toStrictEqual(readAsJson(damaged));
    }),
    { numRuns: 3_000 },
  );
});

describe('left to JSON', () => {
  const sound =
    '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":3,"T":2,"s":"BTCUSDT","U":5,"u":6,"pu":4,"b":[["100.1","2"]],"a":[["100.2","0"]]}}';

  test('does not happen for a valid text', () => {
    expect(scanDepthUpdate(sound)).toMatchObject({ lastUpdateId: 6, bids: [['100.1', '2']], asks: [['100.2', '0']] });
  });

  test.each([
    ['another kind of book', ['@depth@100ms', '@depth20@100ms']],
    ['an id with a leading zero', ['"u":6', '"u":06']],
    ['an id above 2^53', ['"u":6', '"u":9007199254740993']],
    ['a price of zero', ['100.1', '0.0']],
    ['a price that ends in a point', ['100.1', '100.']],
    ['a price that begins with a point', ['100.1', '.1']],
    ['an exponent', ['100.1', '1e2']],
    ['a third part of a level', ['"100.1","2"', '"100.1","2","3"']],
    ['an extra comma', ['"2"]],', '"2"],],']],
    ['another field', ['"pu":4,', '"pu":4,"st":1,']],
    ['an escape', ['BTCUSDT', '\\u0042TCUSDT']],
    ['a bare event', [/^.*"data":|}$/g, '']],
    ['something behind', [/$/, ' ']],
    ['a long quantity, which would keep the whole text in memory', ['"2"', '"2.00000000000"']],
  ] as const)('%s', (_what, [from, to]) => {
    const other = sound.replaceAll(from instanceof RegExp ? new RegExp(from, 'g') : from, to);
    expect(other).not.toBe(sound);
    expect(scanDepthUpdate(other)).toBeUndefined();
    expect(parseFrame(other).kind).toBe(readAsJson(other).kind);
  });
});
