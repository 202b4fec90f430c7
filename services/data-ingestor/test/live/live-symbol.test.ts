import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { FeedMessage } from '@helios/market-data/feed/symbol-feed.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { type LiveNotice, LiveSymbol } from '../../src/live/live-symbol.ts';

/** The venue's clock is half a second ahead of ours. */
const AHEAD_MS = 500;

function createSymbol() {
  const notices: LiveNotice[] = [];
  const world = { now: T0 };
  const symbol = new LiveSymbol('BTCUSDT', {
    clockReading: () => ({ now: world.now, venueNow: world.now + AHEAD_MS }),
    onNotice: (notice) => notices.push(notice),
  });
  return { symbol, notices, world };
}

function message(data: object): FeedMessage {
  const parsed = parseFrame(JSON.stringify({ s: 'BTCUSDT', ...data }));
  if (!('symbol' in parsed)) throw new Error(`no message of a symbol: ${parsed.kind}`);
  return parsed;
}

/** An update of the venue, `atMs` after our T0 by the venue's clock. */
const update = (atMs: number, pu: number, u: number, levels: { b?: string[][]; a?: string[][] } = {}): FeedMessage =>
  message({ e: 'depthUpdate', E: T0 + atMs, T: T0 + atMs, U: pu + 1, u, pu, b: [], a: [], ...levels });

const snapshot = (lastUpdateId: number): DepthSnapshot => ({
  kind: 'DEPTH_SNAPSHOT',
  symbol: 'BTCUSDT',
  tsEvent: T0,
  tsSent: T0,
  lastUpdateId,
  bids: [['99', '1']],
  asks: [['101', '1']],
});

test('a book is published once a snapshot joins the updates, with its age by our clock', () => {
  const { symbol } = createSymbol();
  expect(symbol.snapshotCause).toBeUndefined();
  expect(symbol.onMessage(update(AHEAD_MS, 4, 6))).toEqual([]);
  expect(symbol.snapshotCause).toBe('OPENED');
  expect(symbol.onSnapshot(snapshot(5))).toMatchObject([
    { type: 'book', last_update_id: 6, ts_event: T0, ts_init: T0 },
  ]);
  expect(symbol.snapshotCause).toBeUndefined();
  expect(symbol.onMessage(update(AHEAD_MS + 100, 6, 7))).toMatchObject([{ type: 'book', ts_event: T0 + 100 }]);
});

test('a missing update ends the book until the next snapshot', () => {
  const { symbol, notices } = createSymbol();
  symbol.onMessage(update(0, 4, 6));
  symbol.onSnapshot(snapshot(5));
  expect(symbol.onMessage(update(100, 7, 9))).toMatchObject([
    { type: 'break', kind: 'BOOK_INVALID', reason: 'depth gap' },
  ]);
  expect(notices).toMatchObject([{ kind: 'DEPTH_GAP', expected: 6, received: 7 }]);
  expect(symbol.snapshotCause).toBe('GAP');
  expect(symbol.onSnapshot(snapshot(8))).toMatchObject([{ type: 'book', last_update_id: 9 }]);
});

test('F28 a snapshot older than the updates is requested once more, for that reason', () => {
  const { symbol, notices } = createSymbol();
  symbol.onMessage(update(0, 6, 8));
  expect(symbol.onSnapshot(snapshot(5))).toEqual([]);
  expect(notices).toMatchObject([{ kind: 'STALE_SNAPSHOT', lastUpdateId: 5, firstUpdateId: 7 }]);
  expect(symbol.snapshotCause).toBe('STALE');
  expect(symbol.onSnapshot(snapshot(7))).toMatchObject([{ type: 'book', last_update_id: 8 }]);
});

test('F28 a crossed book is not published', () => {
  const { symbol, notices } = createSymbol();
  symbol.onMessage(update(0, 4, 6));
  symbol.onSnapshot(snapshot(5));
  expect(symbol.onMessage(update(100, 6, 7, { b: [['102', '1']] }))).toMatchObject([{ kind: 'BOOK_INVALID' }]);
  expect(notices).toMatchObject([{ kind: 'CROSSED_BOOK', bid: '102', ask: '101' }]);
  expect(symbol.snapshotCause).toBeUndefined();
  symbol.onMessage(update(200, 7, 8));
  expect(symbol.snapshotCause).toBe('CROSSED');
});

test('F27 a gap in the stream is published if a book was shown, and never twice', () => {
  const { symbol } = createSymbol();
  expect(symbol.onHole('connection lost')).toEqual([]);
  symbol.onMessage(update(0, 4, 6));
  symbol.onSnapshot(snapshot(5));
  expect(symbol.onHole('connection lost')).toMatchObject([
    { kind: 'BOOK_INVALID', reason: 'connection lost', ts_event: T0 },
  ]);
  expect(symbol.onHole('stream opened')).toEqual([]);
  expect(symbol.onMessage(update(100, 6, 7))).toEqual([]);
  expect(symbol.snapshotCause).toBe('OPENED');
});

test('after a minute without a change of the book the session ends, although mark prices and trades continue', () => {
  const { symbol, world } = createSymbol();
  expect(symbol.onSilence()).toEqual([]);
  symbol.onMessage(update(0, 4, 6));
  symbol.onSnapshot(snapshot(5));
  world.now = T0 + 60_000;
  expect(symbol.onMessage(message({ e: 'markPriceUpdate', E: world.now, p: '100' }))).toMatchObject([{ type: 'mark' }]);
  expect(symbol.onSilence()).toEqual([]);
  world.now += 1;
  expect(symbol.onSilence()).toMatchObject([{ kind: 'SESSION_END', ts_event: world.now }]);
  expect(symbol.hasForgotten).toBe(true);
  expect(symbol.onSilence()).toEqual([]);
  expect(symbol.onMessage(update(60_100, 6, 7))).toEqual([]);
  expect(symbol.snapshotCause).toBe('OPENED');
});

test('a stamp from the future is dropped and logged; one slightly ahead is accepted', () => {
  const { symbol, notices } = createSymbol();
  const trade = (atMs: number) =>
    message({ e: 'aggTrade', E: T0 + atMs, T: T0 + atMs, a: 1, p: '100', q: '2', m: true });
  expect(symbol.onMessage(trade(AHEAD_MS + 5_000))).toMatchObject([{ type: 'trade', ts_event: T0 + 5_000 }]);
  expect(symbol.onMessage(trade(AHEAD_MS + 5_001))).toEqual([]);
  expect(notices).toEqual([{ kind: 'STAMPED_AHEAD', symbol: 'BTCUSDT', what: 'TRADE', ts: T0 + AHEAD_MS + 5_001 }]);
});
