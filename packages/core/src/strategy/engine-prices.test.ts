import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import {
  anEngine,
  anUpdate,
  aPosition,
  BTC,
  bookOf,
  minutes,
  seasoned,
  signalsOf,
  viewAt,
} from '../../test/strategy-harness.ts';
import { profileOf } from '../trading/profile.ts';
import { EntryCandidate } from './entry-candidate.ts';

describe('the intended fill price of an entry', () => {
  const limit = defaultSettings({ simulation: { mode: 'HF_LIMIT' } });
  test.each([
    ['SIMULATION', 'LONG', 100],
    ['SIMULATION', 'SHORT', 100.1],
    ['LIVE', 'LONG', 100.1],
    ['LIVE', 'SHORT', 100],
  ] as const)('rests only in a simulated LIMIT mode: %s %s at %d', (name, side, price) => {
    const view = viewAt(T0, { profile: profileOf(name, limit) });
    expect(new EntryCandidate(side, seasoned(limit), view, limit).plan.price).toBe(price);
  });
});

test.each([
  ['LONG', 103],
  ['SHORT', 97],
] as const)('a fallback price moves the trailing stop of no %s', (side, price) => {
  const { engine } = anEngine(defaultSettings());
  for (const kline of minutes(20)) engine.warm(kline);
  engine.onPositions(anUpdate([aPosition({ side, stop_loss: side === 'LONG' ? 90 : 110, take_profit: undefined })]));
  const elsewhere = (ts: number) =>
    engine.onMarket(
      { type: 'fallback', symbol: BTC, ts_event: ts, ts_init: ts, price: String(price), source: 'coingecko' },
      ts,
    );
  expect(elsewhere(T0 + 30_000)).toEqual([]);
  const mark = { type: 'mark', symbol: BTC, ts_event: T0 + 31_000, ts_init: T0, mark_price: String(price) } as const;
  expect(engine.onMarket(mark, T0 + 31_000)).toMatchObject([{ kind: 'TRAILING', field: `BTCUSDT:${side}` }]);
});

test('a stale book reverses no position', () => {
  const { engine } = anEngine(defaultSettings({ signals: { confirmation_window_ms: 10_000 } }));
  engine.onPositions(anUpdate([aPosition({ entry_ts: T0 - 60_000 })]));
  const late = (ts: number, ageMs: number) => signalsOf(engine.onMarket(bookOf(0.8, { ts }), ts + ageMs));
  for (const ts of [T0 + 1_000, T0 + 1_250, T0 + 1_500]) expect(late(ts, 2_001)).toEqual([]);
  expect(late(T0 + 1_750, 2_000)).toMatchObject([{ exit_reason: 'SIGNAL_REVERSAL' }]);
});

test('a confirmed trigger reverses a SHORT like a LONG', () => {
  const { engine, book } = anEngine(defaultSettings());
  engine.onPositions(anUpdate([aPosition({ side: 'SHORT', stop_loss: 110, take_profit: 90 })]));
  for (const ms of [60_250, 60_500, 60_750]) expect(signalsOf(book(0.8, T0 + ms))).toEqual([]);
  book(-0.8, T0 + 61_000);
  book(-0.8, T0 + 61_250);
  expect(signalsOf(book(-0.8, T0 + 61_500))).toMatchObject([
    { direction: 'EXIT_SHORT', exit_reason: 'SIGNAL_REVERSAL' },
  ]);
});
