import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { marketTimeOf } from '@helios/market-data/source.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractsOf } from '../src/listing/read-exchange-info.ts';
import { TRAP_CONTRACTS } from '../src/listing/trap-contracts.ts';
import { startExchange } from '../src/start-exchange.ts';
import { DATA, get, HandClock, START_MS, stopped, venueOn } from './venue-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-exchange-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = join(folder, 'made.gz');
beforeAll(() => writeGeneratedRecording({ file: made, seed: 3, symbols: ['BTCUSDT', 'ADAUSDT'], seconds: 30 }));

/** The last book that the product's own feed publishes in a recording's first `ms`. */
async function bookOf(files: readonly string[], symbol: string, ms: number): Promise<Book | undefined> {
  const source = createReplaySource({ files, onFault: () => {} });
  const symbols = (await source.instruments()).map((one) => one.symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
  let book: Book | undefined;
  let firstTs: number | undefined;
  for await (const frame of source.frames(new AbortController().signal)) {
    firstTs ??= marketTimeOf(frame);
    if (marketTimeOf(frame) - firstTs > ms) break;
    for (const event of feed.onFrame(frame)) if (event.type === 'book' && event.symbol === symbol) book = event;
  }
  return book;
}

const real = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map((name) => join(DATA, 'depth', name));
const recordings = [
  { name: 'a made-up recording', files: [made], isHere: true },
  { name: 'a real recording', files: real, isHere: real.every(existsSync) },
];

describe.each(recordings)('$name', ({ files, isHere }) => {
  test.skipIf(!isHere)('serves the book that the feed builds from the same frames', { timeout: 60_000 }, async () => {
    const clock = new HandClock();
    const venue = await venueOn(clock, { market: { kind: 'recordings', files } });
    for (const aheadMs of [0, 4_000, 9_000]) {
      clock.ms = START_MS + aheadMs;
      const served = (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=20')).body;
      const built = await bookOf(files, 'BTCUSDT', 10_000 + aheadMs);
      expect(built).toBeDefined();
      expect({ bids: served.bids, asks: served.asks }).toEqual({ bids: built?.bids, asks: built?.asks });
      expect(served.lastUpdateId).toBe(built?.last_update_id);
      expect(clock.ms - served.T).toBeLessThan(2_000);
    }
  });
});

test.skipIf(!real.every(existsSync))('a real recording is deep enough for a thousand levels', async () => {
  const venue = await venueOn(new HandClock(), { market: { kind: 'recordings', files: real } });
  const { bids, asks } = (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=1000')).body;
  expect(bids.length).toBeGreaterThan(900);
  expect(asks.length).toBeGreaterThan(900);
});

test('a recording repeats at its end: ids and times only rise', { timeout: 60_000 }, async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock, { market: { kind: 'recordings', files: [made] } });
  let [lastId, lastT, lastTrade] = [0, 0, 0];
  for (let second = 0; second < 100; second += 5) {
    clock.ms = START_MS + second * 1_000;
    const { lastUpdateId, T } = (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body;
    const [trade] = (await get(venue, '/fapi/v1/trades?symbol=BTCUSDT&limit=1')).body;
    expect(lastUpdateId).toBeGreaterThan(lastId);
    expect(T).toBeGreaterThan(lastT);
    expect(trade.id).toBeGreaterThan(lastTrade);
    expect(clock.ms - T).toBeLessThan(3_000);
    [lastId, lastT, lastTrade] = [lastUpdateId, T, trade.id];
  }
});

describe('the past of a recording', () => {
  const klines = async (venue: { url: string }, interval: string) =>
    (await get(venue, `/fapi/v1/klines?symbol=BTCUSDT&interval=${interval}&limit=400`)).body;

  test('is empty by default', async () => {
    const venue = await venueOn(new HandClock(), { market: { kind: 'recordings', files: [made] } });
    expect((await klines(venue, '1m')).length).toBeLessThanOrEqual(2);
  });

  test('is made up on request and joins the first price without a gap', async () => {
    const market = { kind: 'recordings', files: [made] } as const;
    const venue = await venueOn(new HandClock(), { market, past: 'made-up' });
    for (const [interval, lengthMs] of [
      ['1m', 60_000],
      ['1h', 3_600_000],
      ['4h', 14_400_000],
    ] as const) {
      const rows = await klines(venue, interval);
      expect(rows).toHaveLength(400);
      expect(rows.at(-1)[0]).toBe(Math.floor(START_MS / lengthMs) * lengthMs);
      for (let at = 1; at < rows.length; at += 1) expect(rows[at][0] - rows[at - 1][0]).toBe(lengthMs);
    }
    const [before, open] = (await klines(venue, '1m')).slice(-2);
    expect(Number(open[1]) / Number(before[4])).toBeCloseTo(1, 2);
  });
});

test('with hold the market stands still at the end', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock, { market: { kind: 'recordings', files: [made] }, atEnd: 'hold' });
  clock.ms += 60_000;
  const depth = () => get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5');
  const end = (await depth()).body;
  clock.ms += 60_000;
  expect((await depth()).body).toEqual({ ...end, E: end.E + 60_000 });
  expect(clock.ms - end.T).toBeGreaterThan(90_000);
});

test('a higher speed plays more market time in the same time', async () => {
  const [slow, fast] = [new HandClock(), new HandClock()];
  const market = { kind: 'recordings', files: [made] } as const;
  const [one, two] = [await venueOn(slow, { market }), await venueOn(fast, { market, speed: 2, leadMs: 10_000 })];
  slow.ms += 10_000;
  fast.ms += 5_000;
  const idOf = async (venue: { url: string }) =>
    (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body.lastUpdateId;
  expect(await idOf(two)).toBe(await idOf(one));
});

test('the same seed and clock give the same market', async () => {
  const answers: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const clock = new HandClock();
    const venue = await venueOn(clock);
    clock.ms += 7_000;
    answers.push((await get(venue, '/fapi/v1/depth?symbol=ETHUSDT&limit=20')).text);
  }
  expect(answers[1]).toBe(answers[0]);
});

test('on the machine’s clock the market advances by itself', async () => {
  const venue = stopped(
    await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'], updatesPerSecond: 50 } }),
  );
  const first = (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body;
  expect(Math.abs(Date.now() - first.T)).toBeLessThan(2_000);
  await expect
    .poll(async () => (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body.lastUpdateId)
    .toBeGreaterThan(first.lastUpdateId);
});

describe('the list of contracts', () => {
  const start = () => venueOn(new HandClock(), { moreContracts: TRAP_CONTRACTS });

  test('shows each trap contract as the venue lists its kind', async () => {
    const info = (await get(await start(), '/fapi/v1/exchangeInfo')).body;
    const rows = new Map<string, Record<string, unknown>>(
      info.symbols.map((row: { symbol: string }) => [row.symbol, row]),
    );
    expect(rows.size).toBe(TRAP_CONTRACTS.length + 2);
    expect(rows.get('TSLAUSDT')).toMatchObject({ contractType: 'TRADIFI_PERPETUAL', underlyingType: 'EQUITY' });
    expect(rows.get('BTCUSDT_261225')).toMatchObject({
      contractType: 'CURRENT_QUARTER',
      pair: 'BTCUSDT',
      baseAsset: 'BTC',
    });
    expect(rows.get('BTCUSDC')).toMatchObject({ quoteAsset: 'USDC', marginAsset: 'USDC', baseAsset: 'BTC' });
    expect(rows.get('ETHBTC')).toMatchObject({ quoteAsset: 'BTC', baseAsset: 'ETH' });
    expect(rows.get('HALTEDUSDT')).toMatchObject({ status: 'TRADING_HALT', contractType: 'PERPETUAL' });
  });

  test('only TRADING contracts are in the list of tickers', async () => {
    const venue = await start();
    const tickers = (await get(venue, '/fapi/v1/ticker/24hr')).body.map(({ symbol }: { symbol: string }) => symbol);
    const trading = TRAP_CONTRACTS.filter(({ status }) => status === undefined || status === 'TRADING');
    expect(tickers.toSorted()).toEqual(['BTCUSDT', 'ETHUSDT', ...trading.map(({ symbol }) => symbol)].toSorted());
  });

  test('a symbol in another script has a market', async () => {
    const venue = await start();
    const path = `/fapi/v1/ticker/bookTicker?symbol=${encodeURIComponent('币安人生USDT')}`;
    const row = (await get(venue, path)).body;
    expect(row.symbol).toBe('币安人生USDT');
    expect(Number(row.bidPrice)).toBeGreaterThan(0);
  });

  test('a quarterly has no funding', async () => {
    const row = (await get(await start(), '/fapi/v1/premiumIndex?symbol=BTCUSDT_261225')).body;
    expect(row).toMatchObject({ lastFundingRate: '', interestRate: '', nextFundingTime: 0 });
  });

  test('an expired quarterly is DELIVERING, and its date is in the past', async () => {
    const clock = new HandClock();
    const venue = await venueOn(clock, { moreContracts: TRAP_CONTRACTS });
    const rowOf = async (symbol: string) =>
      (await get(venue, '/fapi/v1/exchangeInfo')).body.symbols.find((row: { symbol: string }) => row.symbol === symbol);
    const expired = { status: 'DELIVERING', contractType: 'CURRENT_QUARTER DELIVERING' };
    expect(await rowOf('BTCUSDT_260925')).toMatchObject({ ...expired, deliveryDate: Date.UTC(2026, 8, 25, 8) });
    const delivery = Date.UTC(2026, 11, 25, 8);
    const trading = { status: 'TRADING', contractType: 'CURRENT_QUARTER', deliveryDate: delivery };
    expect(await rowOf('BTCUSDT_261225')).toMatchObject(trading);
    expect((await rowOf('GONEUSDT')).deliveryDate).toBeLessThan(clock.ms);
  });

  test('a quarterly expires at its date, and stands still from then on', async () => {
    const clock = new HandClock();
    clock.ms = Date.UTC(2026, 11, 25, 7, 59, 50);
    const venue = await venueOn(clock, { contracts: [{ symbol: 'BTCUSDT_261225' }] });
    const path = '/fapi/v1/depth?symbol=BTCUSDT_261225&limit=5';
    const first = (await get(venue, path)).body;
    clock.ms += 5_000;
    const second = (await get(venue, path)).body;
    expect(second.lastUpdateId).toBeGreaterThan(first.lastUpdateId);
    clock.ms += 6_000;
    const [row] = (await get(venue, '/fapi/v1/exchangeInfo')).body.symbols;
    expect(row).toMatchObject({ status: 'DELIVERING', contractType: 'CURRENT_QUARTER DELIVERING' });
    const last = (await get(venue, path)).body;
    clock.ms += 5_000;
    expect((await get(venue, path)).body.lastUpdateId).toBe(last.lastUpdateId);
  });

  test('given contracts replace those of the market', async () => {
    const contracts = [{ symbol: 'BTCUSDT', status: 'SETTLING' }, { symbol: 'FOOUSDT' }];
    const venue = await venueOn(new HandClock(), { contracts });
    const { symbols } = (await get(venue, '/fapi/v1/exchangeInfo')).body;
    expect(symbols.map(({ symbol, status }: Record<string, string>) => [symbol, status])).toEqual([
      ['BTCUSDT', 'SETTLING'],
      ['FOOUSDT', 'TRADING'],
    ]);
    expect((await get(venue, '/fapi/v1/depth?symbol=ETHUSDT')).body.code).toBe(-1121);
    expect((await get(venue, '/fapi/v1/depth?symbol=FOOUSDT')).body.bids.length).toBeGreaterThan(5);
  });
});

const listFile = join(DATA, 'messages/fapi_v1_exchangeInfo_mainnet_20210722.json.gz');
test.skipIf(!existsSync(listFile))('the venue can serve a recorded list of contracts', async () => {
  const real = JSON.parse(gunzipSync(readFileSync(listFile)).toString('utf8'));
  const contracts = contractsOf(real).slice(0, 20);
  const venue = await venueOn(new HandClock(), { contracts });
  const { symbols } = (await get(venue, '/fapi/v1/exchangeInfo')).body;
  symbols.forEach((row: Record<string, unknown>, at: number) => {
    const { symbol, status, contractType, baseAsset, quoteAsset, underlyingType, deliveryDate } = real.symbols[at];
    expect(row).toMatchObject({ symbol, status, contractType, baseAsset, quoteAsset, underlyingType, deliveryDate });
  });
  expect(symbols[0].filters[0].tickSize).toBe('0.01');
});

test('the start refuses a file that is not a recording', async () => {
  const market = { kind: 'recordings', files: [join(import.meta.dirname, '../package.json')] } as const;
  await expect(startExchange({ market })).rejects.toThrow('package.json');
});
