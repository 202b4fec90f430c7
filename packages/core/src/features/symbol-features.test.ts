import { FEATURE_NAMES, FEATURE_SIGNED, SEQUENCE } from '@helios/shared/domain/features.ts';
import type { Book, Kline, KlineInterval, Level, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { KLINE_INTERVAL_MS } from '@helios/shared/domain/market-data.ts';
import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { BookFlow } from './book-flow.ts';
import { CandidateWatch } from './candidate-watch.ts';
import type { FeatureInputs } from './symbol-features.ts';

const DAY_TS = Date.UTC(2026, 2, 3);
const HOURS = 30;
const MINUTE_MS = 60_000;
const SENTIMENT: SentimentState = { score: 0.4, momentum: -0.2, count: 9, source: 's', updated_ts: DAY_TS };

/** What a market is made of: prices and quantities are multiples of these. */
interface Units {
  readonly price: number;
  readonly qty: number;
}

/** Klines of all intervals from the day before on, then five minutes of books, trades and mark prices of one symbol. */
function madeMarket(symbol: string, { price: unit, qty }: Units, seed = symbol): MarketEvent[] {
  const rng = new Rng(seed);
  const text = (x: number) => x.toPrecision(15).replace(/\.?0+$/, '');
  let price = 100;
  const events: MarketEvent[] = [];
  const startTs = DAY_TS - 24 * 60 * MINUTE_MS;
  const stamped = (ts: number) => ({ symbol, ts_event: ts, ts_init: ts });
  const open: Partial<Record<KlineInterval, { o: number; h: number; l: number; v: number; q: number; b: number }>> = {};
  for (let n = 0; n < HOURS * 60; n += 1) {
    const openTs = startTs + n * MINUTE_MS;
    const o = price;
    price *= Math.exp(0.0004 * rng.normal());
    const part = { o, h: Math.max(o, price) * 1.0001, l: Math.min(o, price) * 0.9999, v: 5 + rng.uniform() };
    for (const [interval, lengthMs] of Object.entries(KLINE_INTERVAL_MS) as [KlineInterval, number][]) {
      if (openTs % lengthMs === 0) open[interval] = { ...part, v: 0, q: 0, b: 0 };
      const whole = open[interval];
      if (whole === undefined) continue;
      whole.h = Math.max(whole.h, part.h);
      whole.l = Math.min(whole.l, part.l);
      whole.v += part.v;
      whole.q += (part.v * (part.o + price)) / 2;
      whole.b += part.v * rng.uniform();
      if ((openTs + MINUTE_MS) % lengthMs !== 0) continue;
      const ts = openTs + MINUTE_MS;
      const kline: Kline = {
        ...{ type: 'kline', ...stamped(ts), interval, open_ts: ts - lengthMs, close_ts: ts - 1, trades: 9 },
        ...{ open: text(whole.o * unit), high: text(whole.h * unit), low: text(whole.l * unit) },
        ...{ close: text(price * unit), volume: text(whole.v * qty), quote_volume: text(whole.q * unit * qty) },
        taker_buy_volume: text(whole.b * qty),
      };
      events.push(kline);
    }
  }
  const fromTs = startTs + HOURS * 60 * MINUTE_MS;
  for (let ts = fromTs - 310_000; ts <= fromTs + 20_000; ts += 250) {
    price *= Math.exp(0.00003 * rng.normal());
    const half = 0.01 * (1 + rng.below(3));
    const side = (sign: number): Level[] =>
      Array.from({ length: 20 }, (_, i) => [
        text((Math.round(price * 100) / 100 + sign * (half + 0.02 * i)) * unit),
        text((1 + rng.below(50)) * qty),
      ]);
    const book: Book = { type: 'book', ...stamped(ts), last_update_id: ts, bids: side(-1), asks: side(1) };
    const trade = { trade_id: ts, price: text(price * unit), qty: text((1 + rng.below(9)) * qty) };
    events.push(book, { type: 'trade', ...stamped(ts), ...trade, buyer_is_maker: rng.uniform() < 0.4 });
    if (ts % 1_000 !== 0) continue;
    const mark = { mark_price: text(price * 1.0003 * unit), index_price: text(price * unit) };
    events.push({
      ...{ type: 'mark', ...stamped(ts), ...mark, funding_rate: '0.0001' },
      next_funding_ts: fromTs + 3_600_000,
    });
  }
  return events.toSorted((a, b) => a.ts_event - b.ts_event);
}

/** Plays markets of several symbols; reads the vector of SOL at the end, and once before the first event after `cutTs`. */
function played(events: readonly MarketEvent[], isBookMadeUp = false, cutTs = Number.POSITIVE_INFINITY) {
  let seen: Float64Array | undefined;
  const watches = new Map<string, CandidateWatch>();
  const flows = new Map<string, BookFlow>();
  let quote: FeatureInputs['quote'];
  let nowMs = 0;
  for (const event of events) {
    const known = watches.get(event.symbol);
    const flow = flows.get(event.symbol) ?? new BookFlow();
    const readFlow = isBookMadeUp ? undefined : flow;
    const watch = known ?? new CandidateWatch(event.symbol, (other) => watches.get(other)?.features, readFlow);
    watches.set(event.symbol, watch);
    flows.set(event.symbol, flow);
    if (seen === undefined && event.ts_event > cutTs)
      seen = watches.get('SOLUSDT')?.features.vector('LONG', inputsAt(nowMs, quote));
    nowMs = event.ts_event;
    if (event.type === 'kline') watch.onKline(event);
    else if (event.type === 'book') {
      const own = { bid: Number(event.bids[0]?.[0]), ask: Number(event.asks[0]?.[0]) };
      if (event.symbol === 'SOLUSDT') quote = own;
      flow.onBook(event, own.bid, own.ask);
      watch.onPrice(event, own);
    } else if (event.type !== 'break') watch.onPrice(event, undefined);
  }
  const features = watches.get('SOLUSDT')?.features;
  if (features === undefined) throw new Error('no market');
  const inputs = inputsAt(nowMs, quote);
  return {
    seen,
    vector: (side: Side) => features.vector(side, inputs),
    sequence: (side: Side) => features.sequence(side, nowMs),
    read: (name: string) => features.vector('LONG', inputs)[FEATURE_NAMES.indexOf(name)],
  };
}

function inputsAt(nowMs: number, quote: FeatureInputs['quote']): FeatureInputs {
  return { nowMs, quote, regime: 'TRENDING_UP', sentiment: SENTIMENT };
}

const UNITS = { price: 1, qty: 1 };

function threeMarkets(units: Units, seed?: string): MarketEvent[] {
  const symbols = ['SOLUSDT', 'BTCUSDT', 'ETHUSDT'];
  const each = symbols.map((symbol) => madeMarket(symbol, units, `${seed ?? ''}${symbol}`));
  return each.flat().toSorted((a, b) => a.ts_event - b.ts_event);
}

describe('the vector of a whole market', () => {
  const events = threeMarkets(UNITS);
  const market = played(events);

  test('has every feature but those that need more than 30 hours', () => {
    const vector = market.vector('LONG');
    expect(vector).toHaveLength(FEATURE_NAMES.length);
    expect(FEATURE_NAMES.filter((_, i) => !Number.isFinite(vector[i]))).toEqual(['trend_4h', 'momentum_4h']);
  });

  test('flips exactly the signed features with the side', () => {
    const [long, short] = [market.vector('LONG'), market.vector('SHORT')];
    for (const [i, isSigned] of FEATURE_SIGNED.entries()) {
      const expected = isSigned ? 0 - (long[i] ?? Number.NaN) : long[i];
      expect(short[i], FEATURE_NAMES[i]).toBe(expected);
    }
    const rows = market.sequence('LONG');
    const flipped = market.sequence('SHORT');
    expect(rows).toHaveLength(SEQUENCE.rows);
    for (const [n, row] of (rows ?? []).entries())
      for (const [i, isSigned] of SEQUENCE.isSigned.entries())
        expect(flipped?.[n]?.[i]).toBe(isSigned ? 0 - (row[i] ?? Number.NaN) : row[i]);
  });

  test.each([
    ['prices × 1000', { price: 1_000, qty: 1 }],
    ['prices ÷ 4096', { price: 1 / 4_096, qty: 1 }],
    ['quantities × 8192', { price: 1, qty: 8_192 }],
  ])('is the same for %s', (_, units) => {
    const other = played(threeMarkets(units));
    const [vector, scaled] = [market.vector('LONG'), other.vector('LONG')];
    for (const [i, name] of FEATURE_NAMES.entries())
      if (!Number.isNaN(vector[i])) expect(scaled[i], name).toBeCloseTo(vector[i] ?? Number.NaN, 5);
      else expect(scaled[i], name).toBeNaN();
    const flat = (rows: readonly Float64Array[] | undefined) => (rows ?? []).flatMap((row) => [...row]);
    const [mine, theirs] = [flat(market.sequence('LONG')), flat(other.sequence('LONG'))];
    for (const [i, x] of mine.entries()) expect(theirs[i]).toBeCloseTo(x, 6);
  });

  test('does not depend on what comes later', () => {
    const cutTs = (events.at(-1)?.ts_event ?? 0) - 7_000;
    const past = events.filter(({ ts_event }) => ts_event <= cutTs);
    const before = played(past).vector('LONG');
    const other = threeMarkets(UNITS, 'other').filter(({ ts_event }) => ts_event > cutTs);
    const continued = played([...past, ...other], false, cutTs);
    expect(continued.seen).toEqual(before);
    expect(continued.vector('LONG')).not.toEqual(before);
  });

  test('has no feature of books where books are made up', () => {
    const names = ['queue_imbalance', 'imbalance_5', 'order_flow_10s', 'microprice_bp', 'spread_bp', 'spread_rank'];
    const blind = played(events, true);
    for (const name of [...names, 'depth_distance_bp', 'depth_skew', 'btc_imbalance_20'])
      expect(blind.read(name), name).toBeNaN();
    for (const name of ['return_now', 'trade_flow_60s', 'btc_return_60m', 'basis_bp'])
      expect(blind.read(name), name).toBe(market.read(name));
  });
});

describe('values by hand', () => {
  const book = (ts: number, bid: Level, ask: Level): Book => ({
    ...{ type: 'book', symbol: 'SOLUSDT', ts_event: ts, ts_init: ts, last_update_id: ts },
    ...{ bids: [bid], asks: [ask] },
  });

  test('reads queue, microprice and order flow from two quotes', () => {
    // The bid gains 30 of 10, and the ask leaves its price: +20, and its 20 go: +20, 60 s after the first book.
    const events = [book(DAY_TS, ['99', '10'], ['101', '20']), book(DAY_TS + 60_000, ['99', '30'], ['102', '10'])];
    const { read } = played(events);
    expect(read('queue_imbalance')).toBeCloseTo(20 / 40, 12);
    expect(read('spread_bp')).toBeCloseTo(30_000 / 100.5, 9);
    expect(read('microprice_bp')).toBeCloseTo((0.5 * 30_000) / 100.5 / 2, 9);
    expect(read('order_flow_60s')).toBeCloseTo(40 / 20, 12);
    expect(read('order_flow_1s')).toBeCloseTo(40 / 20, 12);
    expect(read('return_5m')).toBeNaN();
  });

  test('counts what takers bought and sold, and nothing before the first trade', () => {
    const trade = (ts: number, qty: string, buyer_is_maker: boolean): MarketEvent => ({
      ...{ type: 'trade', symbol: 'SOLUSDT', ts_event: ts, ts_init: ts, trade_id: ts, price: '2', qty, buyer_is_maker },
    });
    const { read } = played([
      trade(DAY_TS, '100', true),
      trade(DAY_TS + 52_000, '3', false),
      trade(DAY_TS + 60_000, '1', true),
    ]);
    expect(read('trade_flow_10s')).toBeCloseTo((3 - 1) / 4, 12);
    expect(read('trade_flow_60s')).toBeCloseTo((3 - 1) / 4, 12);
    expect(read('trade_flow_5m')).toBeNaN();
  });
});
