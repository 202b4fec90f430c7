import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import { TrailingState } from '@helios/shared/domain/position.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anEngine,
  anUpdate,
  aPosition,
  BTC,
  bookOf,
  followUpsOf,
  minutes,
  RUN,
  refusalsOf,
  seasoned,
  signalsOf,
  viewAt,
} from '../../test/strategy-harness.ts';
import { profileOf } from '../trading/profile.ts';
import { decide } from './decide.ts';
import { createStrategyEngine } from './engine.ts';
import { EntryCandidate } from './entry-candidate.ts';
import { sentimentConfidence, sentimentInForce, shockFactor } from './sentiment.ts';

const params = defaultSettings();
const aSentiment = (fields: Partial<SentimentState>): SentimentState => ({
  score: 0,
  count: 50,
  source: 'reddit',
  updated_ts: T0,
  basis: 'OK',
  ...fields,
});
const inForce = (fields: Partial<SentimentState>) =>
  sentimentInForce(aSentiment(fields), undefined, T0, params.sentiment);

describe('confidence', () => {
  test('is full with the sentiment, and falls as the sentiment against the trade grows', () => {
    const of = (score: number) => sentimentConfidence('LONG', inForce({ score }), params.sentiment);
    expect([0.9, 0, -0.25, -0.375, -0.5, -1].map(of)).toEqual([1, 1, 1, 0.75, 0.5, 0.5]);
    expect(sentimentConfidence('SHORT', inForce({ score: 0.5 }), params.sentiment)).toBe(0.5);
    expect(sentimentConfidence('LONG', undefined, params.sentiment)).toBe(1);
  });

  test('stays within its bounds, and never rises with a worse sentiment', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true });
    const setting = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(score, score, setting, setting, setting, (a, b, weaken_score, block_score, weaken_factor) => {
        const sentiment = { ...params.sentiment, weaken_score, block_score, weaken_factor };
        const of = (value: number) => sentimentConfidence('LONG', inForce({ score: value }), sentiment);
        const [worse, better] = [of(Math.min(a, b)), of(Math.max(a, b))];
        expect(worse).toBeLessThanOrEqual(better);
        expect(worse).toBeGreaterThanOrEqual(weaken_factor - 1e-12);
        expect(better).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('of a decision is reduced by adverse sentiment, and unchanged without sentiment', () => {
    const confidenceWith = (score: number | undefined): number => {
      const state = seasoned(params);
      state.sentiment = score === undefined ? undefined : aSentiment({ score });
      state.onBook(bookOf(-0.8));
      const { entry } = decide(state, viewAt(T0), params, true);
      return 'confidence' in entry ? entry.confidence : Number.NaN;
    };
    expect(confidenceWith(undefined)).toBeCloseTo(2 / 3, 6);
    expect(confidenceWith(0.4)).toBe(confidenceWith(undefined));
    expect(confidenceWith(-0.375)).toBeCloseTo(0.75 * confidenceWith(undefined), 12);
  });
});

describe('a shock', () => {
  test('tightens stops on the side that it goes against, from its threshold on', () => {
    const of = (momentum: number | undefined, side: 'LONG' | 'SHORT') =>
      shockFactor(side, inForce(momentum === undefined ? {} : { momentum }), params.sentiment);
    expect([of(-0.5, 'LONG'), of(-0.49, 'LONG'), of(-0.5, 'SHORT'), of(0.5, 'SHORT')]).toEqual([0.7, 1, 1, 0.7]);
    expect(of(undefined, 'LONG')).toBe(1);
    expect(shockFactor('LONG', inForce({ momentum: -1 }), { ...params.sentiment, enabled: false })).toBe(1);
  });

  test('tightens the initial stop, within its bounds', () => {
    const wide = defaultSettings({ risk: { min_stop_pct: 0.001, max_stop_pct: 90 } });
    const stopWith = (momentum: number): number => {
      const state = seasoned(wide);
      state.sentiment = aSentiment({ momentum });
      Object.defineProperty(state, 'stopAtr', { value: 1 });
      const { price, stops } = new EntryCandidate('LONG', state, viewAt(T0), wide).plan;
      return price - stops.stopLoss;
    };
    expect(stopWith(-0.9)).toBeCloseTo(0.7 * stopWith(0), 6);
  });

  test('tightens the trailing stop, and its end does not loosen it', () => {
    const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params) });
    engine.onTradingState('ACTIVE');
    engine.onInstrument({ symbol: 'BTCUSDT', tick_size: '0.01', step_size: '0.001', min_notional: '5' });
    for (const kline of minutes(60)) engine.warm(kline);
    engine.onPositions(anUpdate([aPosition({ take_profit: 200 })]));
    const stopAt = (ts: number): number | undefined => {
      const moved = engine.onMarket(bookOf(0, { ts, bid: 120 }), ts).find(({ kind }) => kind === 'TRAILING');
      return moved?.kind === 'TRAILING' ? moved.trailing?.stop : undefined;
    };
    const armed = stopAt(T0 + 500);
    expect(armed).toBeLessThan(120);
    engine.onSentiment(BTC, aSentiment({ momentum: -0.9 }));
    const tightened = stopAt(T0 + 1_000);
    expect(tightened).toBeGreaterThan(armed ?? Number.POSITIVE_INFINITY);
    engine.onSentiment(BTC, aSentiment({ momentum: 0 }));
    expect(stopAt(T0 + 1_500)).toBeUndefined();
  });

  test('tightens the stop of a losing position, reports it, and the stop survives the end of the shock and a restart', () => {
    const { engine, book } = anEngine(params);
    engine.onPositions(anUpdate([aPosition({ stop_loss: 99 })]));
    expect(book(0, T0 + 250, 99.4)).toEqual([]);
    engine.onSentiment(BTC, aSentiment({ momentum: -0.9 }));
    const [moved] = book(0, T0 + 500, 99.4);
    const trailing = { signal_id: 'entry-1', extreme: 99.4, stop_loss: 99.3, ts_event: T0 + 500 };
    expect(moved).toEqual({ kind: 'TRAILING', field: 'BTCUSDT:LONG', trailing });
    engine.onSentiment(BTC, aSentiment({ momentum: 0 }));
    expect(book(0, T0 + 750, 99.4)).toEqual([]);

    const again = anEngine(params);
    again.engine.onPositions(anUpdate([aPosition({ stop_loss: 99 })]));
    expect(again.engine.restoreTrailing('BTCUSDT:LONG', TrailingState.parse(trailing))).toBe(true);
    for (const each of [book, again.book]) {
      const [exit] = signalsOf(each(0, T0 + 1_000, 99.3));
      expect(exit?.exit_reason).toBe('STOP_LOSS');
      expect(exit?.reason).toContain('(99.3, tightened by a sentiment shock)');
    }
    engine.onPositions(anUpdate([]));
    expect(book(0, T0 + 1_250)).toContainEqual({ kind: 'TRAILING', field: 'BTCUSDT:LONG', trailing: undefined });
  });

  test('does not tighten the stop of an entry made during the shock twice', () => {
    const { engine, book } = anEngine(params);
    engine.onSentiment(BTC, aSentiment({ momentum: -0.9 }));
    engine.onPositions(anUpdate([aPosition({ stop_loss: 99 })]));
    expect(signalsOf([...book(0, T0 + 250, 99.4), ...book(0, T0 + 500, 99.1)])).toEqual([]);
    expect(signalsOf(book(0, T0 + 750, 99))).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
  });

  test('affects the follow-up of refused entries', () => {
    const { engine, book } = anEngine(params);
    for (const kline of minutes(60, 1)) engine.warm(kline);
    engine.onSentiment(BTC, aSentiment({ score: -0.9 }));
    const [refused] = refusalsOf(book(-0.8, T0 + 250, 160));
    const { entry_price: entry = Number.NaN, stop_loss: stop = Number.NaN } = refused ?? {};
    const nearer = entry - 0.75 * (entry - stop);
    expect(followUpsOf(book(0, T0 + 500, nearer))).toEqual([]);
    engine.onSentiment(BTC, aSentiment({ score: -0.9, momentum: -0.9 }));
    expect(followUpsOf(book(0, T0 + 750, nearer))).toMatchObject([{ follow_up: { exit_reason: 'STOP_LOSS' } }]);
  });
});
