import { describe, expect, test } from 'vitest';
import { parseBookTops } from './book-tops.ts';
import { parseDayTickers } from './day-tickers.ts';
import { parseExchangeInfo } from './parse-exchange-info.ts';

const FILTERS = [
  { filterType: 'PRICE_FILTER', tickSize: '0.10', minPrice: '1', maxPrice: '2' },
  { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.001', maxQty: '1' },
  { filterType: 'MARKET_LOT_SIZE', stepSize: '0.001', minQty: '0.001', maxQty: '1' },
  { filterType: 'MIN_NOTIONAL', notional: '100' },
];

const row = (fields: object = {}) => ({
  symbol: 'BTCUSDT',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  marginAsset: 'USDT',
  contractType: 'PERPETUAL',
  status: 'TRADING',
  underlyingType: 'COIN',
  onboardDate: 1_569_398_400_000,
  deliveryDate: 4_133_404_800_000,
  filters: FILTERS,
  ...fields,
});

/** Filters with some replaced, or removed if undefined. */
const filters = (replaced: Record<string, object | undefined>) =>
  FILTERS.flatMap((filter) => (filter.filterType in replaced ? (replaced[filter.filterType] ?? []) : filter)).map(
    (filter) => filter,
  );

const instrumentOf = (fields: object) => {
  const parsed = parseExchangeInfo({ symbols: [row(fields)] });
  return parsed.kind === 'ROWS' ? parsed.rows[0]?.instrument : undefined;
};

describe('exchangeInfo', () => {
  test('a row becomes a listing with its steps, without trailing zeros', () => {
    const parsed = parseExchangeInfo({ symbols: [row(), row({ symbol: 'ETHUSDT', baseAsset: 'ETH', st: 1 })] });
    expect(parsed).toMatchObject({ kind: 'ROWS', dropped: 0, firstFault: undefined });
    expect(parsed.kind === 'ROWS' && parsed.rows).toMatchObject([
      {
        symbol: 'BTCUSDT',
        marginKind: undefined,
        onboardTs: 1_569_398_400_000,
        deliveryTs: 4_133_404_800_000,
        instrument: { symbol: 'BTCUSDT', tick_size: '0.1', step_size: '0.001', min_notional: '100' },
      },
      { symbol: 'ETHUSDT', marginKind: 1 },
    ]);
  });

  test('MARKET order limits are kept if they differ from LIMIT order limits; the old name of the minimum order works', () => {
    const coarse = { filterType: 'MARKET_LOT_SIZE', stepSize: '1.0', minQty: '0.0010', maxQty: '0.5' };
    expect(instrumentOf({ filters: filters({ MARKET_LOT_SIZE: coarse }) })).toEqual({
      symbol: 'BTCUSDT',
      tick_size: '0.1',
      step_size: '0.001',
      min_qty: '0.001',
      max_qty: '1',
      market_step_size: '1',
      market_max_qty: '0.5',
      min_notional: '100',
    });
    const none = { filterType: 'MARKET_LOT_SIZE', stepSize: '0.00', minQty: '0', maxQty: '1' };
    expect(instrumentOf({ filters: filters({ MARKET_LOT_SIZE: none }) })).not.toHaveProperty('market_step_size');
    expect(instrumentOf({ filters: filters({ MARKET_LOT_SIZE: undefined }) })).toMatchObject({ step_size: '0.001' });
    const old = filters({ MIN_NOTIONAL: { filterType: 'MIN_NOTIONAL', minNotional: '5.000' } });
    expect(instrumentOf({ filters: old })).toMatchObject({ min_notional: '5' });
  });

  test.each([
    ['no object', 7, 'row'],
    ['null', null, 'row'],
    ['no name', row({ symbol: '' }), 'symbol'],
    ['a name that is a number', row({ symbol: 5 }), 'symbol'],
    ['no status', row({ status: undefined }), 'status'],
    ['no contract type', row({ contractType: null }), 'contractType'],
    ['no base', row({ baseAsset: undefined }), 'baseAsset'],
    ['a date as text', row({ onboardDate: 'soon' }), 'onboardDate'],
    ['no end', row({ deliveryDate: undefined }), 'deliveryDate'],
    ['a margin kind as text', row({ st: 'UM' }), 'st'],
    ['no filters', row({ filters: undefined }), 'filters'],
    [
      'a tick of zero',
      row({ filters: filters({ PRICE_FILTER: { filterType: 'PRICE_FILTER', tickSize: '0' } }) }),
      'tickSize',
    ],
    ['no step', row({ filters: filters({ LOT_SIZE: undefined }) }), 'LOT_SIZE'],
    ['no minimum order', row({ filters: filters({ MIN_NOTIONAL: undefined }) }), 'MIN_NOTIONAL'],
    ['a duplicate name', row(), 'BTCUSDT appears twice'],
  ])('a row with %s is dropped and counted, and the others are parsed', (_, broken, fault) => {
    const parsed = parseExchangeInfo({ symbols: [row(), broken, row({ symbol: 'ETHUSDT' })] });
    expect(parsed).toMatchObject({ kind: 'ROWS', dropped: 1, rows: [{ symbol: 'BTCUSDT' }, { symbol: 'ETHUSDT' }] });
    expect(parsed.kind === 'ROWS' && parsed.firstFault).toContain(fault);
  });

  test.each([[undefined], ['<html>'], [[]], [{ symbols: {} }], [{ code: -1003, msg: 'Too many requests' }]])(
    '%j is a fault',
    (document) => {
      expect(parseExchangeInfo(document)).toMatchObject({ kind: 'FAULT', code: 'BAD_FIELD' });
    },
  );
});

test('24 h tickers: a row without trades has zeros, an unreadable row is dropped', () => {
  const good = {
    symbol: 'BTCUSDT',
    lastPrice: '100.5',
    highPrice: '110',
    lowPrice: '90',
    quoteVolume: '1000000.25',
    closeTime: 1_700_000_000_000,
  };
  const never = { ...good, symbol: 'NEWUSDT', lastPrice: '0', highPrice: '0', lowPrice: '0', quoteVolume: '0' };
  const parsed = parseDayTickers([good, never, { ...good, symbol: 'XUSDT', lastPrice: null }, good]);
  expect(parsed).toMatchObject({
    dropped: 2,
    firstFault: 'ticker/24hr: lastPrice is null',
    rows: [
      { symbol: 'BTCUSDT', last: 100.5, high: 110, low: 90, quoteVolume: 1_000_000.25, closeTs: 1_700_000_000_000 },
      { symbol: 'NEWUSDT', quoteVolume: 0 },
    ],
  });
  expect(parseDayTickers({ code: -1003 })).toMatchObject({ kind: 'FAULT' });
});

test('F40 COIN-M rows in all-market answers are ignored, readable or not, and do not count as faults', () => {
  const ticker = { symbol: 'BTCUSDT', lastPrice: '1', highPrice: '1', lowPrice: '1', quoteVolume: '1', closeTime: 1 };
  const top = { symbol: 'BTCUSDT', bidPrice: '1', bidQty: '1', askPrice: '2', askQty: '1' };
  const foreign = [{ symbol: 'BTCUSD_PERP', st: 2 }];
  const onlyOurs = { dropped: 0, firstFault: undefined, rows: [{ symbol: 'BTCUSDT' }] };
  expect(
    parseDayTickers([{ ...ticker, symbol: 'BTCUSD_PERP', st: 2 }, ...foreign, { ...ticker, st: 1 }]),
  ).toMatchObject(onlyOurs);
  expect(parseBookTops([{ ...top, symbol: 'BTCUSD_PERP', st: 2 }, ...foreign, { ...top, st: 1 }])).toMatchObject(
    onlyOurs,
  );
});

test('best prices: an empty side has zeros, an unreadable row is dropped', () => {
  const good = { symbol: 'BTCUSDT', bidPrice: '99.9', bidQty: '2', askPrice: '100.1', askQty: '3', time: 1 };
  const parsed = parseBookTops([good, { ...good, symbol: 'EUSDT', bidPrice: '0', bidQty: '0' }, { symbol: 'XUSDT' }]);
  expect(parsed).toMatchObject({
    dropped: 1,
    rows: [
      { symbol: 'BTCUSDT', bid: 99.9, bidQty: 2, ask: 100.1, askQty: 3 },
      { symbol: 'EUSDT', bid: 0 },
    ],
  });
  expect(parseBookTops('no')).toMatchObject({ kind: 'FAULT' });
});
