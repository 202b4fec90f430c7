import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { asSent } from '@helios/shared/testing/as-sent.ts';
import { describe, expect, test } from 'vitest';
import { MarketFeed } from '../src/feed/market-feed.ts';
import type { FeedNotice } from '../src/feed/symbol-feed.ts';
import type { VenueFrame } from '../src/source.ts';

/** A whole minute, epoch ms. */
const T = 1_700_000_040_000;
const MINUTE = 60_000;

function feedOf(...symbols: string[]): { feed: MarketFeed; notices: FeedNotice[] } {
  const notices: FeedNotice[] = [];
  return { feed: new MarketFeed({ symbols, now: () => 7, onNotice: (notice) => notices.push(notice) }), notices };
}

const frame = (atMs: number, data: object, symbol = 'BTCUSDT'): VenueFrame => ({
  tsReceived: 1,
  tsMarket: T + atMs,
  symbol,
  text: JSON.stringify({ E: T + atMs, T: T + atMs, s: symbol, ...data }),
});
const depth = (
  atMs: number,
  pu: number,
  u: number,
  b: string[][] = [],
  a: string[][] = [],
  symbol?: string,
): VenueFrame => frame(atMs, { e: 'depthUpdate', U: pu + 1, u, pu, b, a }, symbol);
const snapshot = (atMs: number, lastUpdateId: number, symbol = 'BTCUSDT'): VenueFrame => ({
  ...frame(atMs, {}, symbol),
  text: JSON.stringify({ lastUpdateId, E: T + atMs, T: T + atMs, bids: [['99', '1']], asks: [['101', '1']] }),
});
const trade = (atMs: number, id: number, price = '100', more: object = {}): VenueFrame =>
  frame(atMs, { e: 'trade', t: id, p: price, q: '2', m: true, ...more });
const ticker = (atMs: number, u: number, bid: string, ask: string): VenueFrame =>
  frame(atMs, { e: 'bookTicker', u, b: bid, B: '1', a: ask, A: '1' });

function feedAll(feed: MarketFeed, frames: readonly VenueFrame[]): MarketEvent[] {
  return frames.flatMap((one) => feed.onFrame(one));
}

describe('MarketFeed', () => {
  test('publishes nothing before the snapshot, then every update', () => {
    const { feed } = feedOf('BTCUSDT');
    expect(feedAll(feed, [depth(0, 4, 6, [['98', '5']]), depth(1, 6, 8)])).toEqual([]);
    expect(asSent(feed.onFrame(snapshot(2, 5)))).toEqual([
      {
        type: 'book',
        symbol: 'BTCUSDT',
        ts_event: T + 1,
        ts_init: 7,
        last_update_id: 8,
        bids: [
          ['99', '1'],
          ['98', '5'],
        ],
        asks: [['101', '1']],
      },
    ]);
    expect(feed.onFrame(depth(3, 8, 9, [['99', '0']]))).toMatchObject([{ type: 'book', bids: [['98', '5']] }]);
  });

  test('invalidates the book once at a gap; the next snapshot restores it', () => {
    const { feed, notices } = feedOf('BTCUSDT');
    feedAll(feed, [snapshot(0, 5), depth(1, 5, 6)]);
    expect(feed.onFrame(depth(2, 7, 8))).toEqual([
      { type: 'break', symbol: 'BTCUSDT', ts_event: T + 2, ts_init: 7, kind: 'BOOK_INVALID', reason: 'depth gap' },
    ]);
    expect(notices).toEqual([{ kind: 'DEPTH_GAP', symbol: 'BTCUSDT', expected: 6, received: 7 }]);
    expect(feedAll(feed, [depth(3, 8, 9), depth(4, 20, 30)])).toEqual([]);
    expect(feed.onFrame(snapshot(5, 25))).toMatchObject([{ type: 'book', last_update_id: 30 }]);
    expect(feed.counts().gaps).toBe(1);
  });

  test('F28 never publishes a crossed book', () => {
    const { feed, notices } = feedOf('BTCUSDT');
    feedAll(feed, [snapshot(0, 5), depth(1, 5, 6)]);
    const events = feedAll(feed, [depth(2, 6, 7, [['101', '1']]), depth(3, 7, 8, [['101', '0']])]);
    expect(events).toMatchObject([{ type: 'break', kind: 'BOOK_INVALID', reason: 'crossed book' }]);
    expect(notices).toEqual([{ kind: 'CROSSED_BOOK', symbol: 'BTCUSDT', bid: '101', ask: '101' }]);
  });

  test('ends a session after a minute of silence, even if only another symbol moves the time', () => {
    const { feed } = feedOf('BTCUSDT', 'ETHUSDT');
    feedAll(feed, [snapshot(0, 5), depth(1, 5, 6), snapshot(0, 5, 'ETHUSDT')]);
    const events = feedAll(
      feed,
      [30_000, 60_001, 62_000].map((atMs) => depth(atMs, 1, 2, [], [], 'ETHUSDT')),
    );
    expect(events.filter((event) => event.type === 'break')).toEqual([
      {
        type: 'break',
        symbol: 'BTCUSDT',
        ts_event: T + 1 + MINUTE,
        ts_init: 7,
        kind: 'SESSION_END',
        reason: '60 s without data',
      },
    ]);
    expect(feed.onFrame(depth(63_000, 6, 7))).toEqual([]);
    expect(feed.end().map((event) => [event.symbol, event.type, event.ts_event])).toEqual([
      ['BTCUSDT', 'break', T + 63_000],
      ['ETHUSDT', 'break', T + 63_000],
    ]);
    expect(feed.end()).toEqual([]);
  });

  test('drops open klines with their session; after the silence they start again', () => {
    const { feed } = feedOf('BTCUSDT');
    feedAll(feed, [trade(0, 1, '100'), trade(10, 2, '102')]);
    const behind = feedAll(feed, [trade(2 * MINUTE + 30_000, 3, '90'), trade(3 * MINUTE, 4, '91')]);
    expect(behind.map((event) => event.type)).toEqual(['break', 'trade', 'trade']);
    expect(feed.onFrame(trade(4 * MINUTE, 5, '92'))).toMatchObject([
      { type: 'kline', open_ts: T + 3 * MINUTE, open: '91', trades: 1 },
      { type: 'trade' },
    ]);
  });

  test('marks whether a trade’s buyer was the maker, as the venue does', () => {
    const { feed } = feedOf('BTCUSDT');
    expect(feed.onFrame(trade(0, 1, '100', { m: true }))).toMatchObject([{ trade_id: 1, buyer_is_maker: true }]);
    expect(feed.onFrame(trade(1, 2, '100', { m: false }))).toMatchObject([{ trade_id: 2, buyer_is_maker: false }]);
  });

  test('closes klines by any message of the symbol, before that message', () => {
    const { feed } = feedOf('BTCUSDT');
    feedAll(feed, [trade(0, 1, '100'), trade(10, 2, '102')]);
    expect(feed.onFrame(trade(MINUTE, 3, '90'))).toMatchObject([
      { type: 'kline', interval: '1m', open: '100', close: '102', volume: '4', ts_event: T + MINUTE },
      { type: 'trade', price: '90' },
    ]);
    expect(feed.onFrame(ticker(2 * MINUTE - 1, 1, '1', '2'))).toEqual([]);
    expect(feed.onFrame(ticker(2 * MINUTE, 2, '1', '2'))).toMatchObject([{ type: 'kline', close: '90', trades: 1 }]);
  });

  test('uses only the first kind of trades: single or aggregate', () => {
    const { feed } = feedOf('BTCUSDT');
    const aggregate = frame(2, { e: 'aggTrade', a: 9, p: '100', q: '2', m: true });
    expect(feedAll(feed, [trade(1, 1), aggregate, trade(3, 2)]).map((event) => event.type)).toEqual(['trade', 'trade']);
  });

  test('compares a book top with the newest ticker before it, whichever of the two comes first', () => {
    const { feed } = feedOf('BTCUSDT');
    feedAll(feed, [snapshot(0, 5), ticker(0, 5, '99', '101'), depth(1, 5, 8), ticker(2, 9, '99.5', '101')]);
    expect(feed.counts()).toMatchObject({ topsCompared: 1, topsDifferent: 0 });
    feedAll(feed, [ticker(3, 12, '99', '101'), depth(4, 8, 10, [['99.5', '1']])]);
    expect(feed.counts()).toMatchObject({ topsCompared: 2, topsDifferent: 0 });
    feedAll(feed, [depth(5, 10, 12), ticker(6, 20, '98', '101')]);
    expect(feed.counts()).toMatchObject({ topsCompared: 3, topsDifferent: 1 });
  });

  test('reports and skips texts that are no message, or of an unannounced symbol', () => {
    const { feed, notices } = feedOf('BTCUSDT');
    const bad: VenueFrame = { tsReceived: 1, tsMarket: T, text: '{"e":"trade"', file: 'x.gz', line: 9 };
    expect(feedAll(feed, [bad, depth(1, 1, 2, [], [], 'ETHUSDT')])).toEqual([]);
    expect(notices).toMatchObject([
      { kind: 'BAD_FRAME', frame: bad },
      { kind: 'UNKNOWN_SYMBOL', symbol: 'ETHUSDT' },
    ]);
    expect(feed.counts()).toMatchObject({ frames: 2, badFrames: 1 });
  });
});
