import type { PremiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import { SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { type Dropped, WatchedSymbol } from '../src/watched-symbol.ts';

const DAY = 86_400_000;
const at = (now: number, aheadMs = 0) => ({ now, venueNow: now + aheadMs });

function createSymbol() {
  const dropped: Dropped[] = [];
  const symbol = new WatchedSymbol('BTCUSDT', (one) => void dropped.push(one));
  return { symbol, dropped };
}

/** A book sent at `tsSent`; by default it changed then. */
function snapshot(tsSent: number, fields: Partial<DepthSnapshot> = {}): DepthSnapshot {
  return {
    kind: 'DEPTH_SNAPSHOT',
    symbol: 'BTCUSDT',
    tsSent,
    tsEvent: tsSent - 1,
    lastUpdateId: tsSent,
    bids: [['100.0', '1']],
    asks: [['100.1', '1']],
    ...fields,
  };
}

function mark(tsEvent: number): PremiumIndex {
  return {
    symbol: 'BTCUSDT',
    tsEvent,
    markPrice: '100',
    indexPrice: undefined,
    fundingRate: undefined,
    nextFundingTs: undefined,
  };
}

const trade = (tradeId: number, tsEvent: number): RestTrade => ({
  tradeId,
  tsEvent,
  price: '100',
  qty: '1',
  buyerIsMaker: true,
});

describe('a stamp from the future', () => {
  test('affects only its own data, and is logged', () => {
    const { symbol, dropped } = createSymbol();
    expect(symbol.onBook(snapshot(T0 + DAY), at(T0))).toBeUndefined();
    expect(symbol.onMark(mark(T0 + DAY), at(T0))).toBeUndefined();
    expect(symbol.onTrades([trade(1, T0), trade(2, T0 + DAY)], at(T0)).map((one) => one.trade_id)).toEqual([1]);
    expect(dropped).toMatchObject([
      { symbol: 'BTCUSDT', what: 'book', reason: 'STAMPED_AHEAD', ts: T0 + DAY },
      { what: 'mark price', reason: 'STAMPED_AHEAD' },
      { what: 'trade', reason: 'STAMPED_AHEAD' },
    ]);
    expect(symbol.onBook(snapshot(T0 + 500), at(T0 + 500))).toBeDefined();
    expect(symbol.onMark(mark(T0 + 500), at(T0 + 500))).toBeDefined();
    expect(symbol.onTrades([trade(3, T0 + 500)], at(T0 + 500))).toHaveLength(1);
  });

  test('is judged by the venue’s clock; a few seconds are accepted, and forgotten with the session', () => {
    const { symbol, dropped } = createSymbol();
    expect(symbol.onBook(snapshot(T0 + 29_000), at(T0, 29_000))).toBeDefined();
    expect(symbol.onBook(snapshot(T0 + 33_000), at(T0 + 100, 29_000))).toBeDefined();
    expect(symbol.onBook(snapshot(T0 + 29_200), at(T0 + 200, 29_000))).toBeUndefined();
    expect(dropped).toEqual([]);
    expect(symbol.onSilence(T0 + 70_000, undefined, 0)?.kind).toBe('SESSION_END');
    expect(symbol.onBook(snapshot(T0 + 29_300), at(T0 + 70_000, 29_000))).toBeDefined();
  });
});

test('stamps are published by our clock, whatever the venue’s clock is: ages are right', () => {
  const { symbol } = createSymbol();
  const clockReading = at(T0, 29_000);
  expect(symbol.onBook(snapshot(T0 + 28_900), clockReading)).toMatchObject({ ts_event: T0 - 100, ts_init: T0 });
  expect(symbol.onMark(mark(T0 + 28_000), clockReading)).toMatchObject({ ts_event: T0 - 1_000, ts_init: T0 });
  expect(symbol.onTrades([trade(1, T0 + 28_500)], clockReading)).toMatchObject([{ ts_event: T0 - 500, ts_init: T0 }]);
});

test('a crossed or empty book is reported; a late one is not', () => {
  const { symbol, dropped } = createSymbol();
  symbol.onBook(snapshot(T0), at(T0));
  symbol.onBook(snapshot(T0 + 1, { asks: [] }), at(T0 + 1));
  symbol.onBook(snapshot(T0 + 2, { bids: [['100.2', '1']] }), at(T0 + 2));
  symbol.onBook(snapshot(T0 - 1), at(T0 + 3));
  expect(dropped.map(({ reason, ts }) => [reason, ts])).toEqual([
    ['EMPTY_OR_CROSSED', T0 + 1],
    ['EMPTY_OR_CROSSED', T0 + 2],
  ]);
});

describe('a book that is sent repeatedly and never changes', () => {
  const still = (ts: number) => snapshot(ts, { tsEvent: T0, lastUpdateId: 7 });

  test('counts for a minute, then ends the session as silent, and starts none', () => {
    const { symbol } = createSymbol();
    const published: number[] = [];
    const breaks: unknown[] = [];
    for (let ms = 0; ms <= 300_000; ms += 500) {
      const now = T0 + ms;
      if (symbol.onBook(still(now), at(now)) !== undefined) published.push(ms);
      const broken = symbol.onSilence(now, undefined, 0);
      if (broken !== undefined) breaks.push([ms, broken.kind]);
    }
    expect(published.at(-1)).toBe(SESSION_GAP_MS);
    expect(breaks).toEqual([[SESSION_GAP_MS + 500, 'SESSION_END']]);
    const later = T0 + 301_000;
    expect(symbol.onBook(snapshot(later, { tsEvent: later, lastUpdateId: 8 }), at(later))).toBeDefined();
  });

  test('changes if its id or the time of its last change does', () => {
    const { symbol } = createSymbol();
    for (let ms = 0; ms <= 200_000; ms += 10_000) {
      const now = T0 + ms;
      const changed = ms % 40_000 === 0 ? { lastUpdateId: 7 + ms } : { tsEvent: now };
      expect(symbol.onBook({ ...still(now), ...changed }, at(now))).toBeDefined();
    }
  });
});

describe('a clock set back by an hour', () => {
  const back = T0 - 3_600_000;

  test('a book that no longer changes ends its session a minute later', () => {
    const { symbol } = createSymbol();
    symbol.onBook(snapshot(T0), at(T0));
    expect(symbol.onSilence(back, undefined, 240_000)).toBeUndefined();
    expect(symbol.onSilence(back + SESSION_GAP_MS, undefined, 240_000)).toBeUndefined();
    expect(symbol.onSilence(back + SESSION_GAP_MS + 1, undefined, 240_000)).toMatchObject({ kind: 'SESSION_END' });
  });

  test('a fallback price stamped in the future keeps no session open', () => {
    const { symbol } = createSymbol();
    symbol.onBook(snapshot(back), at(back));
    const silentTs = back + SESSION_GAP_MS + 1;
    expect(symbol.onSilence(silentTs, T0, 240_000)).toMatchObject({ kind: 'SESSION_END' });
  });
});
