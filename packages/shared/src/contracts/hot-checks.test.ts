import { describe, expect, test } from 'vitest';
import { Book, Kline, MarketTrade } from '../domain/market-data.ts';
import { aBook, aKline, aTrade } from '../testing/builders.ts';
import { isBook, isKline, isMarketTrade } from './hot-checks.ts';

const accepted = [aBook(), aBook({ bids: [] }), aBook({ seq: 5 })];

test.each(accepted)('a book that fits the schema passes', (book) => {
  expect(Book.safeParse(book).success).toBe(true);
  expect(isBook(book)).toBe(true);
});

test('a trade that fits the schema passes', () => {
  expect(MarketTrade.safeParse(aTrade()).success).toBe(true);
  expect(isMarketTrade(aTrade())).toBe(true);
});

const sound = [aKline(), aKline({ interval: '4h', volume: '0', trades: 0 }), aKline({ low: '-0.5', seq: 3 })];

test.each(sound)('a kline that fits the schema passes', (kline) => {
  expect(Kline.safeParse(kline).success).toBe(true);
  expect(isKline(kline)).toBe(true);
});

describe('a message that would break a reader is rejected', () => {
  test.each([
    ['a number for a price', [[100, '1']]],
    ['a list that reads like a price', [[['100'], '1']]],
    ['a number for a quantity', [['100', 1]]],
    ['a price of nothing', [['0', '1']]],
    ['a negative quantity', [['100', '-1']]],
    ['words', [['cheap', '1']]],
    ['no list', 'bids'],
    ['a level that is none', [null]],
  ])('%s', (_what, bids) => {
    expect(isBook({ ...aBook(), bids })).toBe(false);
    expect(isBook({ ...aBook(), asks: bids })).toBe(false);
  });

  test.each([{ price: 100 }, { price: ['100'] }, { qty: '0' }, { ts_event: '1' }, { buyer_is_maker: 'no' }])(
    'a trade with %j',
    (fields) => {
      expect(isMarketTrade({ ...aTrade(), ...fields })).toBe(false);
    },
  );

  test.each([
    { type: 'trade' },
    { symbol: 5 },
    { interval: '2m' },
    { interval: 'toString' },
    { interval: undefined },
    { open_ts: '1' },
    { close_ts: 1.5 },
    { open: 100 },
    { high: '' },
    { low: '1e5' },
    { close: ['100'] },
    { volume: 'x' },
    { quote_volume: null },
    { trades: '3' },
  ])('a kline with %j', (fields) => {
    expect(Kline.safeParse({ ...aKline(), ...fields }).success).toBe(false);
    expect(isKline({ ...aKline(), ...fields })).toBe(false);
  });

  test.each([null, 'kline', 5])('%j instead of a kline', (document) => expect(isKline(document)).toBe(false));
});
