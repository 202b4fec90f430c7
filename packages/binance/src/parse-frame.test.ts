import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { damagedText } from '../test/damaged-text.ts';
import { parseFrame } from './parse-frame.ts';
import { scanBookTicker } from './wire/book-ticker.ts';
import { scanTrade } from './wire/trade.ts';

const depth = {
  e: 'depthUpdate',
  E: 1721347022504,
  T: 1721347022503,
  s: 'BTCUSDT',
  U: 4984028367545,
  u: 4984028370730,
  pu: 4984028367494,
  b: [['1000.00', '569.567']],
  a: [['64000.10', '0.000']],
};
const wrapped = (stream: string, data: unknown): string => JSON.stringify({ stream, data });

describe('parseFrame', () => {
  test('parses a depth update, wrapped or bare', () => {
    const expected = {
      kind: 'DEPTH_UPDATE',
      symbol: 'BTCUSDT',
      tsEvent: 1721347022503,
      tsSent: 1721347022504,
      firstUpdateId: 4984028367545,
      lastUpdateId: 4984028370730,
      previousUpdateId: 4984028367494,
      bids: [['1000.00', '569.567']],
      asks: [['64000.10', '0.000']],
    };
    expect(parseFrame(JSON.stringify(depth))).toEqual(expected);
    expect(parseFrame(wrapped('btcusdt@depth@0ms', depth))).toEqual(expected);
    expect(parseFrame(wrapped('btcusdt@depth', depth))).toEqual(expected);
  });

  test('a partial book and an RPI book do not count as diffs, although they look similar', () => {
    for (const stream of ['btcusdt@depth20', 'btcusdt@depth5@100ms', 'btcusdt@rpiDepth@500ms']) {
      expect(parseFrame(wrapped(stream, depth)), stream).toMatchObject({ kind: 'IGNORED' });
    }
  });

  test('a snapshot belongs to the requested symbol, to the symbol it names, or to that of its stream', () => {
    const body = { lastUpdateId: 7, E: 2, T: 1, bids: [['1.0', '2']], asks: [] };
    const expected = {
      kind: 'DEPTH_SNAPSHOT',
      symbol: 'ETHUSDT',
      tsEvent: 1,
      tsSent: 2,
      lastUpdateId: 7,
      bids: [['1.0', '2']],
      asks: [],
    };
    expect(parseFrame(JSON.stringify(body), 'ETHUSDT')).toEqual(expected);
    expect(parseFrame(JSON.stringify({ symbol: 'ETHUSDT', ...body }))).toEqual(expected);
    expect(parseFrame(wrapped('ethusdt@depthSnapshot', body))).toEqual(expected);
    expect(parseFrame(JSON.stringify(body))).toMatchObject({ kind: 'FAULT', code: 'BAD_FIELD' });
    expect(parseFrame(JSON.stringify({ symbol: 'BTCUSDT', ...body }), 'ETHUSDT')).toMatchObject({ kind: 'FAULT' });
  });

  test('F40 COIN-M rows are ignored', () => {
    expect(parseFrame(JSON.stringify({ ...depth, st: 2 }))).toMatchObject({ kind: 'IGNORED' });
    expect(parseFrame(JSON.stringify({ ...depth, st: 1 }))).toMatchObject({ kind: 'DEPTH_UPDATE' });
  });

  test('transfers outside the book do not count as trades', () => {
    const trade = { e: 'trade', E: 2, T: 1, s: 'ETHUSDT', t: 73701056, p: '2366.55', q: '0.070', m: true };
    expect(parseFrame(JSON.stringify({ ...trade, X: 'MARKET' }))).toMatchObject({ kind: 'TRADE', stream: 'trade' });
    for (const X of ['INSURANCE_FUND', 'ADL', 'NA']) {
      expect(parseFrame(JSON.stringify({ ...trade, X })), X).toMatchObject({ kind: 'IGNORED' });
    }
  });

  test('F39 a number that JSON cannot carry exactly is a fault, in every id', () => {
    for (const field of ['U', 'u', 'pu', 'T', 'E'] as const) {
      const text = JSON.stringify(depth).replace(`"${field}":${depth[field]}`, `"${field}":9007199254740993`);
      expect(parseFrame(text), field).toMatchObject({ kind: 'FAULT', code: 'UNSAFE_INTEGER' });
    }
    const trade = '{"e":"trade","E":2,"T":1,"s":"ETHUSDT","t":9007199254740993,"p":"1","q":"1","m":true}';
    expect(parseFrame(trade)).toMatchObject({ code: 'UNSAFE_INTEGER', detail: expect.stringContaining('trade: t') });
  });

  test('a missing or malformed field is a fault that names the field', () => {
    for (const field of ['s', 'T', 'E', 'U', 'u', 'pu', 'b', 'a'] as const) {
      const { [field]: _, ...rest } = depth;
      const fault = { kind: 'FAULT', code: 'BAD_FIELD', detail: `depthUpdate: ${field} is nothing` };
      expect(parseFrame(JSON.stringify(rest))).toEqual(fault);
    }
    for (const b of ['x', [['1']], [['1', '2', '3']], [[1, 2]], [['0', '1']], [['1', '-1']], [['1e3', '1']], [null]]) {
      expect(parseFrame(JSON.stringify({ ...depth, b })), JSON.stringify(b)).toMatchObject({ kind: 'FAULT' });
    }
  });

  test('answers to requests and unused events are ignored; anything else is a fault', () => {
    expect(parseFrame('{"result":null,"id":1}')).toMatchObject({ kind: 'IGNORED' });
    expect(parseFrame('{"e":"forceOrder","o":{}}')).toMatchObject({ kind: 'IGNORED' });
    expect(parseFrame('[{"e":"markPriceUpdate"}]')).toMatchObject({ kind: 'IGNORED' });
    for (const text of [
      '',
      '{',
      'null',
      '7',
      '"x"',
      '{}',
      '{"stream":7}',
      '{"stream":"a@b"}',
      '{"stream":"a","data":1}',
    ]) {
      expect(parseFrame(text), text).toMatchObject({ kind: 'FAULT' });
    }
  });

  test('never throws, whatever the input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseFrame(text).kind).toBeTypeOf('string');
      }),
    );
    const fields = Object.keys(depth);
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.jsonValue(),
        fc.constantFrom('depthUpdate', 'trade', 'bookTicker', 'kline', 'markPriceUpdate', 'aggTrade'),
        (field, value, e) => {
          const text = JSON.stringify({ ...depth, e, [field]: value });
          expect(parseFrame(text).kind).toBeTypeOf('string');
        },
      ),
    );
  });
});

describe('a text in the exact layout of the venue', () => {
  const whole = fc.integer({ min: 0, max: 999_999_999_999_999 });
  const symbol = fc.stringMatching(/^[A-Z0-9_]{2,12}$/);
  const decimal = fc.stringMatching(/^\d{1,6}(\.\d{1,5})?$/);
  const positive = decimal.filter((one) => Number(one) > 0);
  const ticker = fc.record({ u: whole, s: symbol, b: decimal, B: decimal, a: decimal, A: decimal, T: whole, E: whole });
  const trade = fc.record({ E: whole, T: whole, s: symbol, t: whole, p: positive, q: positive });
  const texts = fc.oneof(
    ticker.map((data) => ({ stream: `${data.s.toLowerCase()}@bookTicker`, data: { e: 'bookTicker', ...data } })),
    fc.tuple(trade, fc.boolean()).map(([data, m]) => ({
      stream: `${data.s.toLowerCase()}@trade`,
      data: { e: 'trade', ...data, X: 'MARKET', m },
    })),
  );
  const scan = (text: string) => scanBookTicker(text) ?? scanTrade(text);
  /** A leading blank is valid JSON, but not the layout. */
  const readAsJson = (text: string) => parseFrame(` ${text}`);

  test('gives the same result as its JSON', () => {
    fc.assert(
      fc.property(texts, (message) => {
        const scanned = scan(JSON.stringify(message));
        expect(scanned).toBeDefined();
        expect(scanned).toStrictEqual(readAsJson(JSON.stringify(message)));
      }),
    );
  });

  test('never gives another result than its JSON while it is damaged', () => {
    const damaged = damagedText(texts.map((message) => JSON.stringify(message)));
    fc.assert(
      fc.property(damaged, (text) => {
        const scanned = scan(text);
        if (scanned !== undefined) expect(scanned).toStrictEqual(readAsJson(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['a row of another margin', '"T":', '"st":2,"T":'],
    ['a decimal of two points', '"b":"1.5"', '"b":"1.5.0"'],
    ['a decimal that would keep the whole text in memory', '"b":"1.5"', '"b":"1.500000000000"'],
    ['an id above 2^53', '"u":7', '"u":9007199254740993'],
  ])('is left to JSON for %s', (_what, from, to) => {
    const sound =
      '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":7,"s":"BTCUSDT","b":"1.5","B":"2","a":"1.6","A":"3","T":1,"E":2}}';
    expect(scan(sound)).toMatchObject({ updateId: 7, bid: ['1.5', '2'], ask: ['1.6', '3'] });
    expect(sound).toContain(from);
    expect(scan(sound.replace(from, to))).toBeUndefined();
  });
});
