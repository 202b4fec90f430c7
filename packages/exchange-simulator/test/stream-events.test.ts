import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { DATA, get, HandClock, START_MS, stopped, venueOn } from './venue-client.ts';

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock, { streams: { messagesPerSecond: 1_000 } });
});

const open = (path: string) => connected(`${venue.streamUrl}${path}`);
const rest = async (path: string) => (await get(venue, path)).body;

async function pass(ms: number, ...clients: readonly StreamClient[]): Promise<void> {
  clock.ms += ms;
  await venue.advance();
  for (const client of clients) await client.drained();
}

const update = (ms: number, U: number, u: number, pu: number, b: unknown, a: unknown) => ({
  tsReceived: ms,
  text: JSON.stringify({ e: 'depthUpdate', E: ms, T: ms, s: 'BTCUSDT', U, u, pu, b, a }),
});
/** A snapshot, two updates within 100 ms, and one update far from the top. */
const THREE_UPDATES: MarketSource = {
  instruments: async () => [{ symbol: 'BTCUSDT', tick_size: '1', step_size: '1', min_notional: '5' }],
  history: async () => [],
  async *frames() {
    const levels = { bids: [['98', '1']], asks: [['102', '1']] };
    yield { tsReceived: 0, symbol: 'BTCUSDT', text: JSON.stringify({ lastUpdateId: 100, E: 0, T: 0, ...levels }) };
    yield update(20, 101, 103, 100, [['99', '1']], [['101', '5']]);
    yield update(
      80,
      106,
      108,
      103,
      [
        ['99', '2'],
        ['98', '0'],
      ],
      [],
    );
    yield update(250, 110, 111, 108, [['98', '7']], []);
  },
};

describe('shapes', () => {
  test.each([
    ['public', 'depth@100ms', 'DEPTH_UPDATE', 'depth_update_stream.json'],
    ['public', 'bookTicker', 'BOOK_TICKER', 'book_ticker_stream.json'],
    ['market', 'aggTrade', 'TRADE', 'agg_trade_stream.json'],
    ['market', 'markPrice@1s', 'MARK_PRICE', 'mark_price_stream.json'],
    ['market', 'kline_1m', 'KLINE', 'kline_stream_open.json'],
  ])('/%s @%s parses as %s, with every documented field', async (route, kind, read, file) => {
    const client = await open(`/${route}/stream?streams=btcusdt@${kind}`);
    await pass(5_000, client);
    expect(client.texts.length).toBeGreaterThan(3);
    for (const text of client.texts) expect(parseFrame(text)).toMatchObject({ kind: read, symbol: 'BTCUSDT' });
    const path = join(DATA, 'messages/documented', file);
    if (!existsSync(path)) return;
    const documented = JSON.parse(readFileSync(path, 'utf8'));
    for (const event of client.eventsOf(`btcusdt@${kind}`)) {
      expect(Object.keys(event)).toEqual(expect.arrayContaining(Object.keys(documented)));
      if (documented.k !== undefined)
        expect(Object.keys(event.k).toSorted()).toEqual(Object.keys(documented.k).toSorted());
      if (documented.st !== undefined) expect(event.st).toBe(1);
    }
  });

  test('a COIN-M contract is marked, and the product skips it', async () => {
    const contract = { symbol: 'BTCUSD_PERP', quoteAsset: 'USD', marginKind: 2 } as const;
    venue = await venueOn(clock, { moreContracts: [contract] });
    const client = await open('/public/stream?streams=btcusd_perp@depth');
    await pass(3_000, client);
    expect(client.eventsOf('btcusd_perp@depth')[0]).toMatchObject({ st: 2, ps: 'BTCUSD' });
    expect(parseFrame(client.texts[0] ?? '')).toMatchObject({ kind: 'IGNORED' });
  });
});

describe('pace', () => {
  test('depth comes at its speed, and each speed has an unbroken chain', async () => {
    const speeds = { 'depth@100ms': 100, depth: 250, 'depth@500ms': 500 };
    const names = Object.keys(speeds).map((kind) => `btcusdt@${kind}`);
    venue = await venueOn(clock, {
      market: { kind: 'generator', seed: 7, symbols: ['BTCUSDT'], updatesPerSecond: 50 },
    });
    const client = await open(`/public/stream?streams=${names.join('/')}`);
    await pass(10_000, client);
    for (const [kind, everyMs] of Object.entries(speeds)) {
      const events = client.eventsOf(`btcusdt@${kind}`);
      expect([kind, events.length]).toEqual([kind, 10_000 / everyMs]);
      expect(events.map(({ E }) => E)).toEqual(events.map((_, at) => START_MS + (at + 1) * everyMs));
      for (const [at, { U, u, pu, T, E }] of events.entries()) {
        expect([U > pu, u >= U, T <= E]).toEqual([true, true, true]);
        if (at > 0) expect(pu).toBe(events[at - 1].u);
      }
    }
  });

  test('mark prices come every second or every three, on the venue’s clock', async () => {
    const client = await open('/market/stream?streams=btcusdt@markPrice@1s/btcusdt@markPrice');
    await pass(30_000, client);
    const fast = client.eventsOf('btcusdt@markPrice@1s').map(({ E }) => E);
    const slow = client.eventsOf('btcusdt@markPrice').map(({ E }) => E);
    expect([fast.length, slow.length]).toEqual([30, 10]);
    expect(fast.every((E) => E % 1_000 === 0)).toBe(true);
    expect(slow.every((E) => E % 3_000 === 0)).toBe(true);
    const { markPrice, indexPrice, nextFundingTime } = await rest('/fapi/v1/premiumIndex?symbol=BTCUSDT');
    expect(client.eventsOf('btcusdt@markPrice@1s').at(-1)).toMatchObject({
      p: markPrice,
      i: indexPrice,
      T: nextFundingTime,
    });
  });
});

describe('the same market as over REST', () => {
  test('each aggregate trade comes once, with the id and values of aggTrades', async () => {
    const client = await open('/market/stream?streams=btcusdt@aggTrade');
    for (const ms of [1_030, 770, 2_200, 3_000, 10_000]) await pass(ms, client);
    const events = client.eventsOf('btcusdt@aggTrade');
    const rows = await rest(`/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1000&fromId=${events[0].a}`);
    expect(events.length).toBeGreaterThan(100);
    expect(events.map(({ a, p, q, nq, f, l, T, m }) => ({ a, p, q, nq, f, l, T, m }))).toEqual(rows);
    for (const { E, T } of events) expect(E - T).toBeLessThan(500);
  });

  test('bookTicker sends each new top, and the last equals REST', async () => {
    const client = await open('/public/stream?streams=btcusdt@bookTicker');
    await pass(10_010, client);
    const events = client.eventsOf('btcusdt@bookTicker');
    const row = await rest('/fapi/v1/ticker/bookTicker?symbol=BTCUSDT');
    const { b, B, a, A } = events.at(-1);
    expect([b, B, a, A]).toEqual([row.bidPrice, row.bidQty, row.askPrice, row.askQty]);
    expect(new Set(events.map(({ u }) => u)).size).toBe(events.length);
  });

  test('updates within an interval become one; bookTicker is silent if the top does not change', async () => {
    venue = await venueOn(clock, { market: { kind: 'source', source: THREE_UPDATES }, leadMs: 0, atEnd: 'hold' });
    const client = await open('/public/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker');
    await pass(1_000, client);
    const [first, ...others] = client.eventsOf('btcusdt@depth@100ms');
    expect(first).toMatchObject({
      U: 101,
      u: 108,
      pu: 100,
      b: [
        ['98', '0'],
        ['99', '2'],
      ],
      a: [['101', '5']],
    });
    expect(others).toMatchObject([{ U: 110, u: 111, pu: 108, b: [['98', '7']], a: [] }]);
    expect(client.eventsOf('btcusdt@bookTicker')).toMatchObject([
      { u: 103, b: '99', B: '1', a: '101', A: '5' },
      { u: 108, b: '99', B: '2', a: '101', A: '5' },
    ]);
  });

  test.each(['1m', '3m', '6h'])('kline_%s: each kline closes once, with the values of REST', async (interval) => {
    const client = await open(`/market/stream?streams=btcusdt@kline_${interval}`);
    for (let part = 0; part < 6; part += 1) await pass(41_000, client);
    const events = client.eventsOf(`btcusdt@kline_${interval}`).map(({ k }) => k);
    const rows = await rest(`/fapi/v1/klines?symbol=BTCUSDT&interval=${interval}&limit=10`);
    const asRow = (k: Record<string, unknown>) =>
      ['t', 'o', 'h', 'l', 'c', 'v', 'T', 'q', 'n', 'V', 'Q', 'B'].map((f) => k[f]);
    const closed = events.filter(({ x }) => x);
    const expected = rows.filter((row: number[]) => (row[6] ?? 0) >= START_MS);
    expect(closed.map(asRow)).toEqual(expected.slice(0, -1));
    expect(asRow(events.at(-1))).toEqual(expected.at(-1));
    expect(events.at(-1).L - events.at(-1).f + 1).toBe(events.at(-1).n);
    expect(events.length).toBeGreaterThan(200);
    expect(new Set(events.map(({ t, n, x }) => `${t} ${n} ${x}`)).size).toBe(events.length);
  });
});

describe('faults of the market', () => {
  const names = ['depth', 'bookTicker'].map((kind) => `btcusdt@${kind}`).join('/');
  const others = ['aggTrade', 'markPrice@1s', 'kline_1m'].map((kind) => `btcusdt@${kind}`).join('/');

  test.each([
    { fault: 'symbol', symbol: 'BTCUSDT', status: 'TRADING_HALT' },
    { fault: 'symbol', symbol: 'BTCUSDT', status: 'DELISTED' },
    { fault: 'freeze', symbol: 'BTCUSDT' },
  ] as const)('$fault $status silences only its symbol', async (fault) => {
    const [books, trades] = [
      await open(`/public/stream?streams=${names}/ethusdt@depth`),
      await open(`/market/stream?streams=${others}`),
    ];
    await pass(3_000, books, trades);
    await venue.setFaults([fault]);
    await pass(500, books, trades);
    const before = [books.messages.filter(({ stream }) => stream.startsWith('btc')).length, trades.texts.length];
    const ether = books.eventsOf('ethusdt@depth').length;
    await pass(20_000, books, trades);
    expect([books.messages.filter(({ stream }) => stream.startsWith('btc')).length, trades.texts.length]).toEqual(
      before,
    );
    expect(books.eventsOf('ethusdt@depth').length).toBeGreaterThan(ether + 30);
    await venue.setFaults([]);
    await pass(3_000, books, trades);
    expect(trades.texts.length).toBeGreaterThan(before[1] ?? 0);
  });

  test('the clock fault shifts E and T', async () => {
    const [books, trades] = [
      await open(`/public/stream?streams=${names}`),
      await open(`/market/stream?streams=${others}`),
    ];
    await venue.setFaults([{ fault: 'clock', offset_ms: 45_000 }]);
    await pass(2_000, books, trades);
    for (const { data } of [...books.messages, ...trades.messages])
      expect(Math.abs(data.E - (START_MS + 46_000))).toBeLessThanOrEqual(1_000);
  });

  test('a jump moves trades and best prices', async () => {
    const client = await open('/public/stream?streams=btcusdt@bookTicker');
    await pass(2_000, client);
    const before = client.eventsOf('btcusdt@bookTicker').at(-1);
    await venue.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: 5 }]);
    await pass(1, client);
    expect(Number(client.eventsOf('btcusdt@bookTicker').at(-1).b) / Number(before.b)).toBeCloseTo(1.05, 3);
  });
});

test('on the machine’s clock events come by themselves, with present times', async () => {
  const live = stopped(await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] } }));
  const client = await connected(`${live.streamUrl}/public/stream?streams=btcusdt@depth@100ms`);
  await eventually('events', () => client.texts.length >= 3);
  const newest = client.eventsOf('btcusdt@depth@100ms').at(-1);
  expect(Math.abs(Date.now() - newest.E)).toBeLessThan(2_000);
});
