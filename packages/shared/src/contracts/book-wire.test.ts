import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Book } from '../domain/market-data.ts';
import { aBook } from '../testing/builders.ts';
import { BookMessage, bookWire } from './book-wire.ts';

const amount = fc
  .tuple(fc.stringMatching(/^\d{1,12}$/), fc.option(fc.stringMatching(/^\d{1,8}$/), { nil: undefined }))
  .map(([whole, part]) => (part === undefined ? whole : `${whole}.${part}`))
  .filter((text) => Number(text) > 0);
const side = fc.array(fc.tuple(amount, amount), { maxLength: 20 });
const book = fc
  .record(
    {
      symbol: fc.stringMatching(/^[A-Z0-9_]{2,30}$/),
      ts_event: fc.maxSafeNat(),
      ts_init: fc.maxSafeNat(),
      seq: fc.integer({ min: 1 }),
      last_update_id: fc.maxSafeNat(),
      bids: side,
      asks: side,
    },
    { requiredKeys: ['symbol', 'ts_event', 'ts_init', 'last_update_id', 'bids', 'asks'] },
  )
  .map((fields): Book => ({ type: 'book', ...fields }));

test('any book is the same after encoding and decoding, and its text fits the declared schema', () => {
  fc.assert(
    fc.property(book, (sent) => {
      expect(Book.safeParse(sent).success).toBe(true);
      const carried: unknown = JSON.parse(bookWire.encode(sent));
      expect(BookMessage.safeParse(carried).error).toBeUndefined();
      expect(bookWire.decode(carried)).toStrictEqual(sent);
    }),
  );
});

test('redis-cli shows a readable book', () => {
  const bids = [
    ['99.9', '1'],
    ['99.8', '0.250'],
  ] satisfies Book['bids'];
  expect(bookWire.encode(aBook({ bids, ts_event: 5, ts_init: 6 }))).toBe(
    '{"type":"book","symbol":"BTCUSDT","ts_event":5,"ts_init":6,"last_update_id":1,"bids":"99.9 1 99.8 0.250","asks":"100.1 1"}',
  );
});

describe('a text that would break a reader is rejected', () => {
  const carried = { ...aBook(), bids: '99.9 1', asks: '100.1 1' };

  test('a complete book passes, also with an empty side', () => {
    expect(bookWire.decode(carried)).toStrictEqual(aBook());
    expect(bookWire.decode({ ...carried, asks: '' })).toStrictEqual(aBook({ asks: [] }));
  });

  test.each([
    ['a number without a partner', '100'],
    ['a third number', '100 1 99'],
    ['a blank too many', '100  1'],
    ['a blank in front', ' 100 1'],
    ['a blank behind', '100 1 '],
    ['a price of nothing', '0.00 1'],
    ['a quantity of nothing', '100 0'],
    ['a negative quantity', '100 -1'],
    ['an exponent', '1e2 1'],
    ['two points', '1.0.0 1'],
    ['a point in front', '.5 1'],
    ['a point behind', '5. 1'],
    ['words', 'cheap 1'],
    ['another separator', '100,1'],
    ['the form of an earlier version', [['100', '1']]],
    ['nothing', null],
  ])('%s', (_what, levels) => {
    expect(bookWire.decode({ ...carried, bids: levels })).toBeUndefined();
    expect(bookWire.decode({ ...carried, asks: levels })).toBeUndefined();
  });

  test.each([
    null,
    [],
    'book',
    {},
    { ...carried, type: 'trade' },
    { ...carried, symbol: 5 },
    { ...carried, ts_event: '1' },
    { ...carried, ts_init: 1.5 },
    { ...carried, last_update_id: undefined },
    { ...carried, seq: '1' },
  ])('%j', (document) => {
    expect(bookWire.decode(document)).toBeUndefined();
  });
});
