import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Endpoint, isFault, pathWithQuery } from '../endpoint.ts';
import { depth } from './depth.ts';
import { exchangeInfo } from './exchange-info.ts';
import { klines } from './klines.ts';
import { premiumIndex } from './premium-index.ts';
import { serverTime } from './server-time.ts';
import { trades } from './trades.ts';

const BTC = { symbol: 'BTCUSDT' };

// Formats from the venue's documentation, with made-up figures.
const DEPTH = { lastUpdateId: 7, E: 20, T: 10, bids: [['4.00', '431.1']], asks: [['4.02', '12.2']] };
const TRADE = { id: 28457, price: '4.01', qty: '12', quoteQty: '48.12', time: 1499865549590, isBuyerMaker: true };
const KLINE = [
  1499040000000,
  '0.0163',
  '0.8000',
  '0.0157',
  '0.0158',
  '148976.1',
  1499040059999,
  '2434.19',
  308,
  '1756.8',
  '28.4',
  '0',
];
const PREMIUM = {
  symbol: 'BTCUSDT',
  markPrice: '11793.63',
  indexPrice: '11781.80',
  estimatedSettlePrice: '11781.16',
  lastFundingRate: '-0.00038246',
  interestRate: '0.00010000',
  nextFundingTime: 1597392000000,
  time: 1597370495002,
};

describe('documented answers', () => {
  test('time', () => {
    expect(serverTime.parse({ serverTime: 1499827319559 }, undefined)).toBe(1499827319559);
  });

  test('depth belongs to the requested symbol', () => {
    const params = { ...BTC, limit: 20 };
    expect(depth.parse(DEPTH, params)).toMatchObject({ symbol: 'BTCUSDT', tsEvent: 10, tsSent: 20, lastUpdateId: 7 });
    expect(isFault(depth.parse({ ...DEPTH, symbol: 'ETHUSDT' }, params))).toBe(true);
  });

  test('trades', () => {
    const expected = { tradeId: 28457, tsEvent: 1499865549590, price: '4.01', qty: '12', buyerIsMaker: true };
    expect(trades.parse([TRADE], { ...BTC, limit: 1 })).toEqual([expected]);
  });

  test('klines', () => {
    expect(klines.parse([KLINE], { ...BTC, interval: '1m', limit: 1 })).toEqual([
      {
        openTs: 1499040000000,
        closeTs: 1499040059999,
        open: '0.0163',
        high: '0.8000',
        low: '0.0157',
        close: '0.0158',
        volume: '148976.1',
        quoteVolume: '2434.19',
        trades: 308,
        takerBuyVolume: '1756.8',
      },
    ]);
  });

  test('premiumIndex of one symbol and of all; a delisted row has no mark price, and a broken row drops only itself', () => {
    const row = {
      symbol: 'BTCUSDT',
      tsEvent: 1597370495002,
      markPrice: '11793.63',
      indexPrice: '11781.80',
      fundingRate: '-0.00038246',
      nextFundingTs: 1597392000000,
    };
    expect(premiumIndex.parse(PREMIUM, BTC)).toEqual([row]);
    const delisted = { ...PREMIUM, symbol: 'LUNAUSDT', markPrice: '0.00', nextFundingTime: 0, lastFundingRate: '' };
    const all = premiumIndex.parse([PREMIUM, delisted, { symbol: 'XUSDT', time: 'soon' }], {});
    expect(all).toMatchObject([row, { symbol: 'LUNAUSDT' }]);
    expect(isFault(all) ? undefined : all[1]?.markPrice).toBeUndefined();
    expect(isFault(premiumIndex.parse({ ...PREMIUM, time: 'soon' }, BTC))).toBe(true);
  });

  test('exchangeInfo returns the weight limit if the answer has one', () => {
    const info = (rateLimits: unknown) => exchangeInfo.parse({ symbols: [], rateLimits }, undefined);
    const row = { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 };
    expect(info([{ rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 9 }, row])).toMatchObject({
      weightPerMinute: 2400,
    });
    expect(info([{ ...row, intervalNum: 2 }])).toMatchObject({ weightPerMinute: 1200 });
    for (const odd of [undefined, [], 'x', [null], [{ ...row, limit: 0 }], [{ ...row, interval: 'SECOND' }]]) {
      expect(info(odd)).toMatchObject({ weightPerMinute: undefined });
    }
    const orders = { ...row, rateLimitType: 'ORDERS' };
    const listed = [
      { ...orders, limit: 600 },
      { ...orders, interval: 'SECOND', intervalNum: 10, limit: 50 },
    ];
    expect(info(listed)).toMatchObject({ weightPerMinute: undefined, ordersPer10s: 50, ordersPerMinute: 600 });
    expect(info([{ ...orders, interval: 'DAY' }])).toMatchObject({ ordersPerMinute: undefined });
  });
});

test('requests have the format that the venue needs', () => {
  expect(pathWithQuery(depth, { ...BTC, limit: 20 })).toBe('/fapi/v1/depth?symbol=BTCUSDT&limit=20');
  expect(pathWithQuery(klines, { ...BTC, interval: '1m', limit: 9 })).toBe(
    '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=9',
  );
  expect(pathWithQuery(premiumIndex, {})).toBe('/fapi/v1/premiumIndex');
});

test('weights are at least those that the venue counts', () => {
  expect([5, 20, 50, 100, 500, 1000].map((limit) => depth.weight({ ...BTC, limit }))).toEqual([2, 2, 2, 5, 10, 20]);
  expect([1, 99, 100, 499, 500, 1000, 1500].map((limit) => klines.weight({ ...BTC, interval: '1m', limit }))).toEqual([
    1, 1, 2, 2, 5, 5, 10,
  ]);
  expect([premiumIndex.weight(BTC), premiumIndex.weight({})]).toEqual([1, 10]);
});

const endpoints: readonly [string, Endpoint<never, unknown>, unknown, unknown][] = [
  ['time', serverTime, undefined, { serverTime: 1 }],
  ['depth', depth, { ...BTC, limit: 5 }, DEPTH],
  ['trades', trades, { ...BTC, limit: 5 }, [TRADE]],
  ['klines', klines, { ...BTC, interval: '1m', limit: 5 }, [KLINE]],
  ['premiumIndex', premiumIndex, BTC, PREMIUM],
  ['exchangeInfo', exchangeInfo, undefined, { symbols: [] }],
];

describe('any JSON', () => {
  test.each(endpoints)('%s: a value or a fault, never an error', (_, endpoint, params) => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        endpoint.parse(json, params as never);
      }),
    );
  });

  test.each(endpoints)(
    '%s: a valid answer with one part replaced is a value or a fault',
    (name, endpoint, params, sound) => {
      fc.assert(
        fc.property(fc.nat(), fc.jsonValue({ maxDepth: 1 }), (place, json) => {
          const broken = structuredClone(sound) as Record<string, unknown>;
          const spot = (Array.isArray(broken) ? broken[0] : broken) as Record<string, unknown>;
          const keys = Object.keys(spot);
          if (keys.length > 0) spot[keys[place % keys.length] ?? ''] = json;
          const read = endpoint.parse(broken, params as never);
          if (!isFault(read) && name !== 'exchangeInfo') expect(JSON.stringify(read)).not.toMatch(/null|NaN/);
        }),
      );
    },
  );

  test('numbers instead of strings, ids that JSON cannot carry, and rows of a wrong length are faults', () => {
    const depthOf = (fields: object) => depth.parse({ ...DEPTH, ...fields }, { ...BTC, limit: 5 });
    expect(isFault(depthOf({ bids: [[4, 431]] }))).toBe(true);
    expect(depthOf({ lastUpdateId: 2 ** 60 })).toMatchObject({ kind: 'FAULT', code: 'UNSAFE_INTEGER' });
    expect(isFault(trades.parse([{ ...TRADE, price: '0' }], { ...BTC, limit: 1 }))).toBe(true);
    expect(isFault(trades.parse({ code: -1000 }, { ...BTC, limit: 1 }))).toBe(true);
    expect(isFault(klines.parse([KLINE.slice(0, 5)], { ...BTC, interval: '1m', limit: 1 }))).toBe(true);
  });
});

const messages = join(
  process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../../../shared/data'),
  'messages',
);
describe.skipIf(!existsSync(messages))('recorded answers', () => {
  test.each([
    ['fapi_v1_exchangeInfo_mainnet_20210722.json.gz', 122, 0, 2400],
    // One row (OPENUSDT) has a tick size of 0.
    ['fapi_v1_exchangeInfo_testnet_20251226.json.gz', 646, 1, 6000],
  ])('%s', (file, listed, dropped, weightPerMinute) => {
    const json: unknown = JSON.parse(gunzipSync(readFileSync(join(messages, file))).toString());
    const info = exchangeInfo.parse(json, undefined);
    if (isFault(info)) throw new Error(info.detail);
    expect(info.weightPerMinute).toBe(weightPerMinute);
    // The parser skips COIN-M rows.
    expect(info.listings.dropped).toBe(dropped);
    expect(info.listings.rows.length).toBe(listed);
    expect(info.listings.rows.find(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject({ status: 'TRADING' });
  });

  test('four depth snapshots of small coins', () => {
    const file = join(messages, '../depth/cryptofeed_2021/BINANCE_FUTURES.http.0.0.gz');
    const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
    const snapshots = lines.flatMap((line) => {
      const symbol = /symbol=([A-Z]+)/.exec(line)?.[1];
      const body = line.slice(line.indexOf(': {') + 2);
      return symbol === undefined ? [] : [depth.parse(JSON.parse(body), { symbol, limit: 1000 })];
    });
    expect(snapshots).toHaveLength(4);
    for (const snapshot of snapshots) expect(isFault(snapshot)).toBe(false);
  });
});
