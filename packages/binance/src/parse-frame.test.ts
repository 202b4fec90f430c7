import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainMessage } from '../test/plain-message.ts';
import { parseFrame } from './parse-frame.ts';

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
    expect(plainMessage(parseFrame(JSON.stringify(depth)))).toEqual(expected);
    expect(plainMessage(parseFrame(wrapped('btcusdt@depth@0ms', depth)))).toEqual(expected);
    expect(plainMessage(parseFrame(wrapped('btcusdt@depth', depth)))).toEqual(expected);
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
