import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedText } from '../../test/damaged-text.ts';
import { plainMessage } from '../../test/plain-message.ts';
import { parseFrame, type VenueMessage } from '../parse-frame.ts';
import { scanMessage } from './scan-message.ts';

const whole = fc.integer({ min: 0, max: 999_999_999_999_999 });
const symbol = fc.stringMatching(/^[A-Z0-9_]{2,12}$/);
const fixed = (decimals: number, min: number): fc.Arbitrary<string> =>
  fc.integer({ min, max: 99_999_999 }).map((units) => (units / 10 ** decimals).toFixed(decimals));
const decimal = fc.nat(8).chain((decimals) => fixed(decimals, 0));
const positive = fc.nat(8).chain((decimals) => fixed(decimals, 1));
const levels = fc.tuple(fc.nat(5), fc.nat(5)).chain(([price, qty]) => {
  const side = fc.array(fc.tuple(fixed(price, 1), fixed(qty, 0)), { maxLength: 6 });
  return fc.record({ b: side, a: side });
});
const merged = fc.constantFrom<object>({}, { st: 1 }, { st: 1, ps: 'BTCUSDT' });
const base = { E: whole, T: whole, s: symbol };
const events = fc.oneof(
  fc.tuple(fc.constant('depthUpdate'), fc.record({ ...base, U: whole, u: whole, pu: whole }), levels),
  fc.tuple(
    fc.constant('bookTicker'),
    fc.record({ u: whole, ...base, b: decimal, B: decimal, a: decimal, A: decimal }),
    fc.constant({}),
  ),
  fc.tuple(
    fc.constant('trade'),
    fc.record({ ...base, t: whole, p: positive, q: positive, m: fc.boolean() }),
    fc.constantFrom({}, { X: 'MARKET' }),
  ),
  fc.tuple(
    fc.constant('aggTrade'),
    fc.record({ ...base, a: whole, p: positive, q: positive, m: fc.boolean() }),
    fc.constantFrom({}, { nq: '1.5', f: 7, l: 9 }),
  ),
  fc.tuple(
    fc.constant('markPriceUpdate'),
    fc.record({
      ...base,
      p: positive,
      i: positive,
      r: fc.tuple(fc.constantFrom('', '-'), decimal).map((rate) => rate.join('')),
    }),
    fc.constantFrom({}, { P: '1.5', ap: '1' }),
  ),
);
const STREAMS: Readonly<Record<string, readonly string[]>> = {
  depthUpdate: ['@depth', '@depth@100ms', '@depth@0ms'],
  bookTicker: ['@bookTicker'],
  trade: ['@trade'],
  aggTrade: ['@aggTrade'],
  markPriceUpdate: ['@markPrice', '@markPrice@1s'],
};
/** Texts as the venue may write them: the fields in any order, but bids before asks, wrapped or bare. */
const texts = fc
  .tuple(events, merged, fc.nat(2), fc.boolean(), fc.infiniteStream(fc.nat()))
  .map(([[e, fields, others], tail, stream, isWrapped, order]) => {
    const { a, ...rest } = { ...fields, ...others, ...tail } as Record<string, unknown>;
    const shuffled = Object.entries(rest)
      .map((entry) => ({ entry, at: order.next().value ?? 0 }))
      .sort((one, other) => one.at - other.at);
    const data = { e, ...Object.fromEntries(shuffled.map(({ entry }) => entry)), ...(a === undefined ? {} : { a }) };
    const names = STREAMS[e] ?? [];
    return JSON.stringify(isWrapped ? { stream: `btcusdt${names[stream % names.length]}`, data } : data);
  });

/** Scans the text from the middle of other bytes. */
function scan(text: string): VenueMessage | undefined {
  const before = Buffer.from('9"}');
  const bytes = Buffer.concat([before, Buffer.from(text), Buffer.from('}}7')]);
  return scanMessage(bytes, before.length, bytes.length - 3);
}

/** A leading blank is valid JSON, but the venue does not write it. */
const readAsJson = (text: string): VenueMessage => parseFrame(` ${text}`);

/** `units` must mean the same as the texts, for a reader that uses only one of them. */
function expectSame(scanned: VenueMessage, text: string): void {
  expect(plainMessage(scanned)).toStrictEqual(plainMessage(readAsJson(text)));
}

test('a text as the venue writes it is scanned, with the result of its JSON', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const scanned = scan(text);
      expect(scanned, text).toBeDefined();
      if (scanned !== undefined) expectSame(scanned, text);
    }),
    { numRuns: 1_000 },
  );
});

test('a damaged text never gives another result than its JSON', () => {
  fc.assert(
    fc.property(damagedText(texts), (text) => {
      const scanned = scan(text);
      if (scanned !== undefined) expectSame(scanned, text);
    }),
    { numRuns: 6_000 },
  );
});

test('a text with one byte more, less or changed never gives another result than its JSON', () => {
  fc.assert(
    fc.property(
      texts,
      fc.nat(),
      fc.nat(2),
      fc.constantFrom(...'09",.:{}[]-+eE tf\\ubBaA'),
      (text, position, change, added) => {
        const at = position % text.length;
        const damaged = text.slice(0, at) + (change > 0 ? added : '') + text.slice(change === 1 ? at : at + 1);
        const scanned = scan(damaged);
        if (scanned !== undefined) expectSame(scanned, damaged);
      },
    ),
    { numRuns: 6_000 },
  );
});

test('a cut text is never scanned', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (text, position) => {
      expect(scan(text.slice(0, position % text.length))).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

describe('left to JSON', () => {
  const depth =
    '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":3,"T":2,"s":"BTCUSDT","U":5,"u":6,"pu":4,"b":[["100.1","2"]],"a":[["100.2","0"]]}}';
  const ticker =
    '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":7,"s":"BTCUSDT","b":"1.5","B":"2","a":"1.6","A":"3","T":1,"E":2}}';

  test('does not happen for a valid text', () => {
    expect(scan(depth)).toMatchObject({ lastUpdateId: 6, bids: [['100.1', '2']], asks: [['100.2', '0']] });
    expect(scan(ticker)).toMatchObject({ updateId: 7, bid: ['1.5', '2'], ask: ['1.6', '3'] });
  });

  test.each([
    ['another kind of book', depth, '@depth@100ms', '@depth20@100ms'],
    ['an id with a leading zero', depth, '"u":6', '"u":06'],
    ['an id above 2^53', depth, '"u":6', '"u":9007199254740993'],
    ['a price of zero', depth, '100.1', '0.0'],
    ['a price that ends in a point', depth, '100.1', '100.'],
    ['a price that begins with a point', depth, '100.1', '.1'],
    ['a price with a needless zero', depth, '100.1', '0100.1'],
    ['a price with other decimals than the rest', depth, '100.1', '100.10'],
    ['a price of 16 digits', depth, '100.1', '100000000000000.1'],
    ['an exponent', depth, '100.1', '1e2'],
    ['a third part of a level', depth, '"100.1","2"', '"100.1","2","3"'],
    ['an extra comma', depth, '"2"]],', '"2"],],'],
    ['an unknown field', depth, '"pu":4,', '"pu":4,"z":1,'],
    ['a repeated field', depth, '"pu":4,', '"pu":4,"pu":4,'],
    ['a missing field', depth, '"pu":4,', ''],
    ['asks before bids', depth, '"b":[["100.1","2"]],"a":[["100.2","0"]]', '"a":[["100.2","0"]],"b":[["100.1","2"]]'],
    ['a row of another margin', depth, '"pu":4,', '"pu":4,"st":2,'],
    ['an escape', depth, 'BTCUSDT', '\\u0042TCUSDT'],
    ['a blank', depth, ',"u"', ', "u"'],
    ['something behind', depth, /$/, ' '],
    ['the event of another stream', ticker, '@bookTicker', '@depth'],
    ['a ticker of all symbols', ticker, 'btcusdt@bookTicker', '!bookTicker'],
    ['a decimal of two points', ticker, '"b":"1.5"', '"b":"1.5.0"'],
    ['a decimal that is a number', ticker, '"b":"1.5"', '"b":1.5'],
  ] as const)('%s', (_what, sound, from, to) => {
    const other = sound.replace(from, to);
    expect(other).not.toBe(sound);
    expect(scan(other)).toBeUndefined();
    expect(parseFrame(other).kind).toBe(readAsJson(other).kind);
  });
});
