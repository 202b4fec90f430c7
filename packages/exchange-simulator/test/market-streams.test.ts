import { beforeEach, describe, expect, test } from 'vitest';
import { TRAP_CONTRACTS } from '../src/listing/trap-contracts.ts';
import type { RunningExchange } from '../src/start-exchange.ts';
import type { Route } from '../src/streams/stream-name.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { get, HandClock, START_MS, venueOn } from './venue-client.ts';

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock, { streams: { messagesPerSecond: 1_000 } });
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into rows of every shape
type Row = any;

const open = (path: string) => connected(`${venue.streamUrl}${path}`);
const rest = async (path: string): Promise<Row> => (await get(venue, path)).body;

async function pass(ms: number, ...clients: readonly StreamClient[]): Promise<void> {
  clock.ms += ms;
  await venue.advance();
  for (const client of clients) await client.drained();
}

/** REST names of the day's statistics, by their stream names. */
const DAY = { c: 'lastPrice', o: 'openPrice', h: 'highPrice', l: 'lowPrice', v: 'volume', q: 'quoteVolume' } as const;
const MORE = {
  p: 'priceChange',
  P: 'priceChangePercent',
  w: 'weightedAvgPrice',
  Q: 'lastQty',
  O: 'openTime',
  C: 'closeTime',
  F: 'firstId',
  L: 'lastId',
  n: 'count',
} as const;

function statistics(row: Row, names: Readonly<Record<string, string>>): Row {
  return Object.fromEntries(Object.entries(names).map(([short, long]) => [short, row[long]]));
}

describe('tickers of 24 hours', () => {
  test('come every two seconds and equal REST', async () => {
    const client = await open('/market/stream?streams=btcusdt@ticker/btcusdt@miniTicker');
    await pass(6_000, client);
    expect(client.eventsOf('btcusdt@ticker').map(({ E }) => E - START_MS)).toEqual([2_000, 4_000, 6_000]);
    const row = await rest('/fapi/v1/ticker/24hr?symbol=BTCUSDT');
    const head = { E: clock.ms, s: 'BTCUSDT', st: 1, ps: 'BTCUSDT' };
    expect(client.eventsOf('btcusdt@ticker').at(-1)).toEqual({
      e: '24hrTicker',
      ...head,
      ...statistics(row, { ...DAY, ...MORE }),
    });
    expect(client.eventsOf('btcusdt@miniTicker').at(-1)).toEqual({
      e: '24hrMiniTicker',
      ...head,
      ...statistics(row, DAY),
    });
  });

  test('of all symbols come every second, with the symbols that traded since then', async () => {
    const client = await open('/market/stream?streams=!ticker@arr/!miniTicker@arr');
    await pass(2_000, client);
    for (const name of ['!ticker@arr', '!miniTicker@arr']) {
      const [, second] = client.eventsOf(name);
      expect(second.map(({ s, E }: Row) => [s, E - START_MS])).toEqual([
        ['BTCUSDT', 2_000],
        ['ETHUSDT', 2_000],
      ]);
    }
    await venue.setFaults([{ fault: 'freeze', symbol: 'BTCUSDT' }]);
    await pass(1_000, client);
    expect(
      client
        .eventsOf('!ticker@arr')
        .at(-1)
        .map(({ s }: Row) => s),
    ).toEqual(['ETHUSDT']);
  });
});

describe('single trades', () => {
  const served = async (routes: readonly Route[] | undefined): Promise<readonly string[]> => {
    venue = await venueOn(clock, routes === undefined ? {} : { tradeRoutes: routes });
    const clients = new Map<string, StreamClient>();
    for (const route of ['/public', '/market', ''])
      clients.set(route, await open(`${route}/stream?streams=btcusdt@trade`));
    await pass(1_000, ...clients.values());
    return [...clients].filter(([, { texts }]) => texts.length > 0).map(([route]) => route);
  };

  test('equal the trades of REST, each once', async () => {
    const client = await open('/public/stream?streams=btcusdt@trade');
    await pass(2_000, client);
    const events = client.eventsOf('btcusdt@trade');
    const rows = await rest(`/fapi/v1/trades?symbol=BTCUSDT&limit=${events.length}`);
    expect(events.length).toBeGreaterThan(20);
    expect(events.map(({ t, p, q, T, m }) => [t, p, q, T, m])).toEqual(
      rows.map((row: Row) => [row.id, row.price, row.qty, row.time, row.isBuyerMaker]),
    );
    expect(Object.keys(events[0])).toEqual(['e', 'E', 'T', 's', 't', 'p', 'q', 'X', 'm', 'st']);
    expect(events.every(({ E, T }) => E >= T && E - T <= 250)).toBe(true);
  });

  test('come over the configured routes, by default public and legacy', async () => {
    expect(await served(undefined)).toEqual(['/public', '']);
    expect(await served([])).toEqual([]);
    expect(await served(['market'])).toEqual(['/market']);
  });
});

describe('books', () => {
  test.each([
    ['depth5@100ms', 5, 100],
    ['depth10', 10, 250],
    ['depth10@250ms', 10, 250],
    ['depth20@500ms', 20, 500],
  ])('%s has the best levels of REST, best first', async (kind, levels, everyMs) => {
    const client = await open(`/public/stream?streams=btcusdt@${kind}`);
    await pass(2_000, client);
    const events = client.eventsOf(`btcusdt@${kind}`);
    expect(events.every(({ E }) => (E - START_MS) % everyMs === 0)).toBe(true);
    for (let at = 1; at < events.length; at += 1) expect(events[at].pu).toBe(events[at - 1].u);
    const book = await rest('/fapi/v1/depth?symbol=BTCUSDT&limit=20');
    expect(events.at(-1)).toMatchObject({
      e: 'depthUpdate',
      s: 'BTCUSDT',
      T: book.T,
      u: book.lastUpdateId,
      b: book.bids.slice(0, levels),
      a: book.asks.slice(0, levels),
    });
  });

  test('with RPI orders equal those without, because there are none', async () => {
    const client = await open('/public/stream?streams=btcusdt@rpiDepth@500ms/btcusdt@depth@500ms');
    await pass(3_000, client);
    const events = client.eventsOf('btcusdt@rpiDepth@500ms');
    expect(events.length).toBeGreaterThan(4);
    expect(events).toEqual(client.eventsOf('btcusdt@depth@500ms'));
  });

  test('best prices of all symbols come every five seconds', async () => {
    const client = await open('/public/stream?streams=!bookTicker');
    await pass(10_000, client);
    const events = client.eventsOf('!bookTicker');
    expect(events.map(({ s, E }) => [s, E])).toEqual([
      ['BTCUSDT', START_MS + 5_000],
      ['ETHUSDT', START_MS + 5_000],
      ['BTCUSDT', START_MS + 10_000],
      ['ETHUSDT', START_MS + 10_000],
    ]);
    const { bidPrice: b, bidQty: B, askPrice: a, askQty: A } = await rest('/fapi/v1/ticker/bookTicker?symbol=BTCUSDT');
    expect(events[2]).toMatchObject({ e: 'bookTicker', b, B, a, A });
  });
});

test('mark prices of all symbols come in two frames; contracts that do not trade have no funding time', async () => {
  venue = await venueOn(clock, { moreContracts: TRAP_CONTRACTS });
  const client = await open('/market/stream?streams=!markPrice@arr/!markPrice@arr@1s');
  await pass(3_000, client);
  expect(client.eventsOf('!markPrice@arr')).toHaveLength(2);
  const frames = client.eventsOf('!markPrice@arr@1s');
  expect(frames).toHaveLength(6);
  const rows = new Map<string, Row>(
    frames
      .slice(4)
      .flat()
      .map((row: Row) => [row.s, row]),
  );
  expect(rows.size).toBe(TRAP_CONTRACTS.length + 2);
  const { markPrice, nextFundingTime } = await rest('/fapi/v1/premiumIndex?symbol=BTCUSDT');
  expect(rows.get('BTCUSDT')).toMatchObject({ e: 'markPriceUpdate', p: markPrice, T: nextFundingTime, st: 1 });
  expect(rows.get('BTCUSD_PERP')).toMatchObject({ st: 2 });
  expect(rows.get('HALTEDUSDT')).toMatchObject({ T: 0 });
  expect(frames[4].map(({ s }: Row) => s)).toContain('BTCUSDT');
  expect(frames[5].map(({ s }: Row) => s)).toContain('HALTEDUSDT');
});

test('a liquidation is a trade of REST; at most one comes per second', async () => {
  const client = await open('/market/stream?streams=btcusdt@forceOrder/!forceOrder@arr');
  await pass(60_000, client);
  const events = client.eventsOf('btcusdt@forceOrder');
  expect(events.length).toBeGreaterThan(1);
  expect(client.eventsOf('!forceOrder@arr').filter(({ o }) => o.s === 'BTCUSDT')).toEqual(events);
  const { o, ...head } = events.at(-1);
  expect(head).toEqual({ e: 'forceOrder', E: expect.any(Number), st: 1, ps: 'BTCUSDT' });
  expect(Object.keys(o)).toEqual(['s', 'S', 'o', 'f', 'q', 'p', 'ap', 'X', 'l', 'z', 'T']);
  const trades = await rest('/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1000');
  const trade = trades.find(({ T, p, q }: Row) => T === o.T && p === o.p && q === o.q);
  expect(trade).toBeDefined();
  expect(o).toMatchObject({ S: trade.m ? 'SELL' : 'BUY', o: 'LIMIT', f: 'IOC', ap: trade.p, X: 'FILLED', z: trade.q });
});

test('continuous klines are those of the pair’s contract of the type', async () => {
  venue = await venueOn(clock, { moreContracts: [{ symbol: 'BTCUSDT_261225' }] });
  const names = ['btcusdt_perpetual@continuousKline_1m', 'btcusdt_current_quarter@continuousKline_1m'];
  const client = await open(
    `/market/stream?streams=${[...names, 'btcusdt@kline_1m', 'btcusdt_next_quarter@continuousKline_1m'].join('/')}`,
  );
  await pass(2_000, client);
  const [perpetual, quarterly] = names.map((name) => client.eventsOf(name));
  const { s: _symbol, ...k } = client.eventsOf('btcusdt@kline_1m').at(-1).k;
  expect(perpetual?.at(-1)).toEqual({ e: 'continuous_kline', E: clock.ms, ps: 'BTCUSDT', ct: 'PERPETUAL', k });
  expect(quarterly?.at(-1)).toMatchObject({ ps: 'BTCUSDT', ct: 'CURRENT_QUARTER', k: { i: '1m' } });
  expect(client.eventsOf('btcusdt_next_quarter@continuousKline_1m')).toEqual([]);
});

test('a status change of a contract is sent', async () => {
  const client = await open('/market/stream?streams=!contractInfo');
  await pass(1_000, client);
  await venue.setFaults([{ fault: 'symbol', symbol: 'ETHUSDT', status: 'SETTLING' }]);
  await pass(1_000, client);
  await venue.setFaults([]);
  await pass(1_000, client);
  expect(client.eventsOf('!contractInfo').map(({ s, cs }) => [s, cs])).toEqual([
    ['ETHUSDT', 'SETTLING'],
    ['ETHUSDT', 'TRADING'],
  ]);
  expect(client.eventsOf('!contractInfo')[0]).toMatchObject({
    e: 'contractInfo',
    ps: 'ETHUSDT',
    ct: 'PERPETUAL',
    dt: 4_133_404_800_000,
    st: 1,
  });
});

test('asset indexes come every second; a coin’s equals its index price', async () => {
  const client = await open('/market/stream?streams=!assetIndex@arr');
  await pass(2_000, client);
  const [, rows] = client.eventsOf('!assetIndex@arr');
  const { indexPrice } = await rest('/fapi/v1/premiumIndex?symbol=BTCUSDT');
  expect(rows.map(({ s }: Row) => s)).toEqual(['USDTUSD', 'USDCUSD', 'BTCUSD', 'ETHUSD']);
  expect(rows[2]).toMatchObject({ e: 'assetIndexUpdate', E: clock.ms, i: indexPrice, b: '0.05000000' });
  expect(Number(rows[2].B)).toBeCloseTo(Number(indexPrice) * 0.95, 4);
  expect(Object.keys(rows[2])).toEqual(['e', 'E', 's', 'i', 'b', 'a', 'B', 'A', 'q', 'g', 'Q', 'G']);
});

test('each of them is silent on the wrong route', async () => {
  const books = ['btcusdt@depth5', 'btcusdt@rpiDepth@500ms', '!bookTicker'];
  const others = ['btcusdt@ticker', '!ticker@arr', '!miniTicker@arr', '!markPrice@arr', '!forceOrder@arr'];
  const more = ['!assetIndex@arr', '!contractInfo', 'btcusdt@forceOrder', 'btcusdt_perpetual@continuousKline_1m'];
  const market = await open(`/market/stream?streams=${books.join('/')}`);
  const published = await open(`/public/stream?streams=${[...others, ...more].join('/')}`);
  const legacy = await open(`/stream?streams=${[...others, ...more, '!bookTicker'].join('/')}`);
  await venue.setFaults([{ fault: 'symbol', symbol: 'ETHUSDT', status: 'CLOSE' }]);
  await pass(11_000, market, published, legacy);
  expect([market.texts, published.texts, legacy.texts]).toEqual([[], [], []]);
});
