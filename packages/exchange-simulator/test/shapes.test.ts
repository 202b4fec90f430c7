import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { TRAP_CONTRACTS } from '../src/listing/trap-contracts.ts';
import type { RunningExchange } from '../src/start-exchange.ts';
import { DATA, get, HandClock, venueOn } from './venue-client.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;
let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock);
});

const body = async (path: string) => (await get(venue, `/fapi/v1/${path}`)).body;

test('ping is empty, and time gives the clock', async () => {
  expect(await body('ping')).toEqual({});
  expect(await body('time')).toEqual({ serverTime: clock.ms });
});

test('answers are JSON with the venue’s content type and a date', async () => {
  const { headers } = await get(venue, '/fapi/v1/time');
  expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(headers.get('date')).toBe(new Date(clock.ms).toUTCString());
});

test('depth has the fields of a snapshot, best first, and our parser accepts it', async () => {
  const { text, body: depth } = await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=20');
  expect(Object.keys(depth)).toEqual(['lastUpdateId', 'E', 'T', 'bids', 'asks']);
  expect(depth.bids).toHaveLength(20);
  const bids = depth.bids.map(([price]: [string]) => Number(price));
  const asks = depth.asks.map(([price]: [string]) => Number(price));
  expect(bids).toEqual(bids.toSorted((a: number, b: number) => b - a));
  expect(asks).toEqual(asks.toSorted((a: number, b: number) => a - b));
  expect(bids[0]).toBeLessThan(asks[0]);
  expect(clock.ms - depth.T).toBeLessThan(1_000);
  expect(parseFrame(text, 'BTCUSDT')).toMatchObject({ kind: 'DEPTH_SNAPSHOT', symbol: 'BTCUSDT' });
});

test('depth changes with the clock only', async () => {
  const first = await body('depth?symbol=BTCUSDT&limit=5');
  expect(await body('depth?symbol=BTCUSDT&limit=5')).toEqual(first);
  clock.ms += 5_000;
  const later = await body('depth?symbol=BTCUSDT&limit=5');
  expect(later.lastUpdateId).toBeGreaterThan(first.lastUpdateId);
  expect(later.T).toBeGreaterThan(first.T);
});

test('trades are oldest first with all their fields', async () => {
  const rows = await body('trades?symbol=BTCUSDT&limit=50');
  expect(rows).toHaveLength(50);
  expect(Object.keys(rows[0])).toEqual(['id', 'price', 'qty', 'quoteQty', 'time', 'isBuyerMaker', 'isRPITrade']);
  for (const row of rows) {
    expect(Number(row.quoteQty)).toBeCloseTo(Number(row.price) * Number(row.qty), 6);
    expect(row.time).toBeLessThanOrEqual(clock.ms);
  }
  const ids = rows.map(({ id }: { id: number }) => id);
  expect(ids).toEqual(ids.toSorted((a: number, b: number) => a - b));
});

test('aggregate trades cover the single ones exactly', async () => {
  const rows = await body('aggTrades?symbol=BTCUSDT&limit=1000');
  const singles = await body('trades?symbol=BTCUSDT&limit=1000');
  expect(Object.keys(rows[0])).toEqual(['a', 'p', 'q', 'nq', 'f', 'l', 'T', 'm']);
  expect(rows.length).toBeLessThan(singles.length);
  const sum = (texts: readonly string[]) => texts.reduce((all, text) => all + Number(text), 0);
  expect(sum(rows.map(({ q }: { q: string }) => q))).toBeCloseTo(
    sum(singles.map(({ qty }: { qty: string }) => qty)),
    6,
  );
  for (let at = 1; at < rows.length; at += 1) expect(rows[at].f).toBe(rows[at - 1].l + 1);
});

test('aggregate trades can start from an id or from a time', async () => {
  const rows = await body('aggTrades?symbol=BTCUSDT');
  const middle = rows[20];
  expect((await body(`aggTrades?symbol=BTCUSDT&fromId=${middle.a}&limit=3`))[0]).toEqual(middle);
  const late = await body(`aggTrades?symbol=BTCUSDT&startTime=${middle.T}&endTime=${middle.T}`);
  expect(late.every(({ T }: { T: number }) => T === middle.T)).toBe(true);
  const old = await get(venue, `/fapi/v1/aggTrades?symbol=BTCUSDT&startTime=${clock.ms - 49 * 3_600_000}`);
  expect(old).toMatchObject({ status: 400, body: { code: -4166 } });
});

test('a 24 hour ticker has the documented fields, decimals as strings', async () => {
  const row = await body('ticker/24hr?symbol=ETHUSDT');
  const texts = ['priceChange', 'priceChangePercent', 'weightedAvgPrice', 'lastPrice', 'lastQty', 'openPrice'];
  const more = ['highPrice', 'lowPrice', 'volume', 'quoteVolume'];
  expect(Object.keys(row)).toEqual([
    'symbol',
    ...texts,
    ...more,
    'openTime',
    'closeTime',
    'firstId',
    'lastId',
    'count',
    'st',
    'ps',
  ]);
  for (const name of [...texts, ...more]) expect(row[name]).toMatch(DECIMAL);
  expect(Number(row.priceChange)).toBeCloseTo(Number(row.lastPrice) - Number(row.openPrice), 6);
  expect(Number(row.lowPrice)).toBeLessThanOrEqual(Number(row.lastPrice));
  expect(Number(row.highPrice)).toBeGreaterThanOrEqual(Number(row.lastPrice));
  expect(clock.ms - row.openTime).toBeLessThanOrEqual(86_400_000);
  expect(row.lastId - row.firstId + 1).toBe(row.count);
});

test('a book ticker is the top of the book', async () => {
  const row = await body('ticker/bookTicker?symbol=BTCUSDT');
  const { bids, asks, T } = await body('depth?symbol=BTCUSDT&limit=5');
  const top = { bidPrice: bids[0][0], bidQty: bids[0][1], askPrice: asks[0][0], askQty: asks[0][1], time: T, st: 1 };
  expect(Object.keys(row)).toEqual(['symbol', 'bidPrice', 'bidQty', 'askPrice', 'askQty', 'time', 'st', 'ps']);
  expect(row).toEqual({ symbol: 'BTCUSDT', ...top, ps: 'BTCUSDT' });
  expect(await body('ticker/bookTicker')).toHaveLength(2);
});

test('the premium index has the documented fields, one or all', async () => {
  const row = await body('premiumIndex?symbol=BTCUSDT');
  const texts = ['markPrice', 'indexPrice', 'estimatedSettlePrice', 'lastFundingRate', 'interestRate'];
  expect(Object.keys(row)).toEqual(['symbol', ...texts, 'nextFundingTime', 'time', 'st', 'ps']);
  for (const name of texts) expect(row[name]).toMatch(DECIMAL);
  expect(row.nextFundingTime % 28_800_000).toBe(0);
  expect(row.nextFundingTime).toBeGreaterThan(clock.ms);
  expect((await body('premiumIndex')).map(({ symbol }: { symbol: string }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
});

test('answers for all symbols include COIN-M rows', async () => {
  const merged = await venueOn(clock, { moreContracts: TRAP_CONTRACTS });
  const rowsOf = async (path: string) => (await get(merged, `/fapi/v1/${path}`)).body;
  const all = [
    (await rowsOf('exchangeInfo')).symbols,
    await rowsOf('ticker/24hr'),
    await rowsOf('ticker/bookTicker'),
    await rowsOf('premiumIndex'),
  ];
  for (const rows of all) {
    const find = (symbol: string) => rows.find((row: { symbol: string }) => row.symbol === symbol);
    expect(find('BTCUSD_PERP')).toMatchObject({ st: 2, ps: 'BTCUSD' });
    expect(find('BTCUSDT')).toMatchObject({ st: 1, ps: 'BTCUSDT' });
  }
});

test('symbols are valid in lower case', async () => {
  expect((await body('premiumIndex?symbol=btcusdt')).symbol).toBe('BTCUSDT');
});

const recorded = join(DATA, 'messages/fapi_v1_exchangeInfo_testnet_20251226.json.gz');
describe.skipIf(!existsSync(recorded))('compared with the recorded exchangeInfo', () => {
  test('all our fields are the venue’s, in the venue’s order', async () => {
    const real = JSON.parse(gunzipSync(readFileSync(recorded)).toString('utf8'));
    const ours = await body('exchangeInfo');
    expect(Object.keys(ours)).toEqual(Object.keys(real));
    // The recording is older than the merge of COIN-M.
    const { st, ps, ...row } = ours.symbols[0];
    expect([st, ps]).toEqual([1, 'BTCUSDT']);
    expect(Object.keys(row)).toEqual(Object.keys(real.symbols[0]));
    const kinds = (row: { filters: { filterType: string }[] }) =>
      row.filters.map((filter) => [filter.filterType, Object.keys(filter).toSorted()]);
    expect(kinds(ours.symbols[0])).toEqual(kinds(real.symbols[0]));
    const types = (row: object) => Object.entries(row).map(([name, value]) => [name, typeof value]);
    expect(types(row)).toEqual(types(real.symbols[0]));
    expect(ours.rateLimits.map((limit: object) => Object.keys(limit))).toEqual(
      real.rateLimits.map((limit: object) => Object.keys(limit)),
    );
  });
});

const messages = join(DATA, 'messages/crypto_msg_parser_binance_messages.jsonl');
describe.skipIf(!existsSync(messages))('compared with the recorded snapshot', () => {
  test('depth has its fields in its order', async () => {
    const lines = readFileSync(messages, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const real = lines.map((line) => JSON.parse(line)).find(({ test }) => test === 'l2_snapshot::linear_swap').msg;
    const ours = await body('depth?symbol=BTCUSDT&limit=5');
    expect(Object.keys(ours)).toEqual(Object.keys(real));
    expect(ours.E - ours.T).toBeGreaterThanOrEqual(0);
    expect(ours.bids[0].map((cell: unknown) => typeof cell)).toEqual(['string', 'string']);
  });
});
