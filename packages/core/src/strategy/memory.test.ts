import type { ProfileName } from '@helios/shared/domain/profile-name.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { aBook, aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { anUpdate, aPosition, bookOf } from '../../test/strategy-harness.ts';
import { profileOf } from '../trading/profile.ts';
import { Confirmation } from './confirmation.ts';
import { Exposure } from './exposure.ts';
import { MarketMemory } from './market-memory.ts';
import { roundTripCostBp } from './round-trip-cost.ts';
import { entryId, exitId } from './signal-ids.ts';

describe('the best known price', () => {
  const mark = (ts_event: number) =>
    ({ type: 'mark', symbol: 'BTCUSDT', ts_event, ts_init: ts_event, mark_price: '97' }) as const;

  test('is the book’s own side, then the last trade, the mark price, and finally the newest of all', () => {
    const market = new MarketMemory();
    expect(market.exitPrice('LONG', T0, 2_000)).toBeUndefined();
    market.rememberBook(aBook(), 10);
    expect(market.exitPrice('LONG', T0 + 2_000, 2_000)).toEqual({ price: 99.9, source: 'book', ageMs: 2_000 });
    expect(market.exitPrice('SHORT', T0, 2_000)).toEqual({ price: 100.1, source: 'book', ageMs: 0 });
    market.rememberTrade(aTrade({ ts_event: T0 + 1_000, price: '98' }));
    market.rememberMark(mark(T0 + 5_000));
    expect(market.exitPrice('LONG', T0 + 2_001, 2_000)).toEqual({ price: 98, source: 'trade', ageMs: 1_001 });
    expect(market.exitPrice('LONG', T0 + 11_001, 2_000)).toEqual({ price: 97, source: 'mark', ageMs: 6_001 });
    expect(market.exitPrice('LONG', T0 + 90_000, 2_000)).toEqual({ price: 97, source: 'last mark', ageMs: 85_000 });
  });

  test('is a fallback price if that is the newest, but never instead of a fresh price, and never as a book', () => {
    const market = new MarketMemory();
    const elsewhere = (ts: number, price: string) =>
      market.rememberFallback({
        type: 'fallback',
        symbol: 'BTCUSDT',
        ts_event: ts,
        ts_init: ts,
        price,
        source: 'coingecko',
      });
    elsewhere(T0, '95');
    expect(market.exitPrice('LONG', T0, 2_000)).toEqual({ price: 95, source: 'fallback', ageMs: 0 });
    expect(market.bookFresh(T0, 2_000)).toBe(false);
    expect(market.nobi).toBeUndefined();
    market.rememberBook(aBook(), 10);
    elsewhere(T0 + 1_000, '94');
    expect(market.exitPrice('LONG', T0 + 2_000, 2_000)).toMatchObject({ price: 99.9, source: 'book' });
    expect(market.exitPrice('LONG', T0 + 9_000, 2_000)).toEqual({ price: 94, source: 'fallback', ageMs: 8_000 });
    market.rememberTrade(aTrade({ ts_event: T0 + 900, price: '98' }));
    expect(market.exitPrice('LONG', T0 + 9_000, 2_000)).toMatchObject({ price: 98, source: 'trade' });
    expect(market.exitPrice('LONG', T0 + 90_000, 2_000)).toMatchObject({ price: 94, source: 'fallback' });
  });

  test('is not from a broken book if there is anything else', () => {
    const market = new MarketMemory();
    market.rememberBook(aBook(), 10);
    market.loseBook();
    expect(market.exitPrice('LONG', T0, 2_000)).toMatchObject({ price: 99.9, source: 'last book' });
    market.rememberTrade(aTrade());
    expect(market.exitPrice('LONG', T0, 2_000)).toMatchObject({ price: 100, source: 'trade' });
  });
});

describe('confirmation', () => {
  test('drops samples outside the window, and counts one per interval', () => {
    const confirmation = new Confirmation(2_000, 250);
    for (let ts = 0; ts <= 1_000; ts += 50) confirmation.sample('LONG', ts);
    expect(confirmation.count('LONG', 1_000)).toBe(5);
    expect(confirmation.count('LONG', 2_750)).toBe(2);
    expect(confirmation.count('SHORT', 1_000)).toBe(0);
    confirmation.sample('SHORT', 1_001);
    expect(confirmation.count('SHORT', 1_001)).toBe(1);
    expect(confirmation.count('LONG', 1_001)).toBe(0);
  });
});

test('a round trip costs the sum of its legs', () => {
  const twoBpWide = { bid: 99.99, ask: 100.01, levels: undefined };
  const costBp = (mode: 'HF_MARKET' | 'HF_LIMIT', profile: ProfileName, side: Side) => {
    const params = defaultSettings({ simulation: { mode } });
    return roundTripCostBp(params, profileOf(profile, params), side, twoBpWide);
  };
  expect(costBp('HF_MARKET', 'SIMULATION', 'LONG')).toBeCloseTo(8 + 2 + 1, 9);
  expect(costBp('HF_LIMIT', 'SIMULATION', 'LONG')).toBeCloseTo(2 + 4 + 0.5, 3);
  expect(costBp('HF_LIMIT', 'LIVE', 'SHORT')).toBeCloseTo(8 + 2 + 1, 9);
});

describe('exposure', () => {
  test('keeps a pending entry, however new an update without it is', () => {
    const exposure = new Exposure();
    exposure.enter('entry-1');
    exposure.update(anUpdate([], { ts_event: T0 + 86_400_000 }));
    expect(exposure.flat).toBe(false);
    exposure.update(anUpdate([aPosition()], { ts_event: T0 + 10 }));
    expect(exposure.pendingEntry).toBeUndefined();
    expect(exposure.update(anUpdate([])).map(({ position }) => position.signal_id)).toEqual(['entry-1']);
    expect(exposure.flat).toBe(true);
  });
  test('ends an entry with its own final answer, not with that of another', () => {
    const exposure = new Exposure();
    exposure.enter('entry-1');
    exposure.onFinalAnswer('entry-0');
    expect(exposure.pendingEntry).toBe('entry-1');
    expect(exposure.exposures).toBe(1);
    exposure.onFinalAnswer('entry-1');
    expect(exposure.flat).toBe(true);
  });
  test('keeps the trailing stop of a repeated position; a new position starts without one', () => {
    const exposure = new Exposure();
    exposure.update(anUpdate([aPosition()]));
    const [managed] = exposure.managed;
    if (managed) managed.trailing = { extreme: 102, stop: 101, stopLoss: undefined };
    exposure.update(anUpdate([aPosition()]));
    expect(exposure.managed[0]?.trailing?.stop).toBe(101);
    exposure.update(anUpdate([aPosition({ signal_id: 'entry-2' })]));
    expect(exposure.managed[0]?.trailing).toBeUndefined();
  });
});

describe('ids', () => {
  test('depend only on their inputs', () => {
    expect(entryId('BTCUSDT', 'LONG', 1, 2)).toBe('BTCUSDT-LONG-1-2');
    expect(exitId('BTCUSDT-LONG-1-2', 'STOP_LOSS', 1)).toBe('BTCUSDT-LONG-1-2-STOP_LOSS');
    expect(exitId('BTCUSDT-LONG-1-2', 'STOP_LOSS', 3)).toBe('BTCUSDT-LONG-1-2-STOP_LOSS-3');
  });
  test('of foreign entries of any length are short and distinct', () => {
    const a = exitId(`${'x'.repeat(119)}a`, 'SIGNAL_REVERSAL', 999);
    const b = exitId(`${'x'.repeat(119)}b`, 'SIGNAL_REVERSAL', 999);
    expect(a.length).toBeLessThanOrEqual(120);
    expect(a).not.toBe(b);
  });
});

test('an imbalance needs both sides', () => {
  const market = new MarketMemory();
  market.rememberBook(bookOf(0.5), 10);
  expect(market.nobi).toBeCloseTo(0.5, 9);
  market.rememberBook({ ...bookOf(0.5), asks: [] }, 10);
  expect(market.nobi).toBeUndefined();
});
