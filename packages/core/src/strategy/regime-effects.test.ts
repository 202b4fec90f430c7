import { MarketRegime, type Side } from '@helios/shared/domain/signal.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import {
  anEngine,
  anUpdate,
  aPosition,
  BTC,
  bookOf,
  minutes,
  RUN,
  seasoned,
  signalsOf,
  viewAt,
} from '../../test/strategy-harness.ts';
import { profileOf } from '../trading/profile.ts';
import { decide } from './decide.ts';
import { createStrategyEngine } from './engine.ts';
import { EntryCandidate } from './entry-candidate.ts';
import { regimeStateOf } from './regime-state.ts';
import type { SymbolState } from './symbol-state.ts';

/** One sampled trigger is enough, so that a single book shows the effect of a regime. */
const params = defaultSettings({ signals: { confirmation_count: 1 } });

const IN_CENTS = { symbol: 'BTCUSDT', tick_size: '0.01', step_size: '0.001', min_notional: '5' };

function under(regime: MarketRegime, settings = params): SymbolState {
  const state = seasoned(settings);
  state.klines.regime = regime;
  return state;
}

function verdictOf(state: SymbolState, nobi: number, settings = params): string {
  state.onBook(bookOf(nobi));
  const { entry } = decide(state, viewAt(T0), settings, true);
  return entry.kind === 'REFUSE' ? entry.refusedBy : entry.kind;
}

/** Distance of the initial stop at an ATR of 1. */
function stopDistance(state: SymbolState, side: Side): number {
  Object.defineProperty(state, 'stopAtr', { value: 1 });
  const { price, stops } = new EntryCandidate(side, state, viewAt(T0), params).plan;
  return Math.abs(price - stops.stopLoss);
}

/** Distance of the trailing stop behind a bid of 101, at an ATR of 0.2. */
function trailingDistance(regime: MarketRegime): number {
  const { engine, book } = anEngine(params);
  engine.onInstrument(IN_CENTS);
  for (const kline of minutes(20)) engine.warm(kline);
  engine.onPositions(anUpdate([aPosition({ regime })]));
  const [moved] = book(0, T0 + 250, 101);
  return moved?.kind === 'TRAILING' ? 101 - (moved.trailing?.stop ?? Number.NaN) : Number.NaN;
}

function holdSec(regime: MarketRegime): number {
  const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params) });
  engine.onPositions(anUpdate([aPosition({ regime })]));
  let seconds = 0;
  while (signalsOf(engine.onTimer(T0 + seconds * 1_000)).length === 0) seconds += 50;
  return seconds;
}

describe('the default effects of a regime', () => {
  test.each([
    ['TRENDING_UP', 0.4, 2.4, 0.36, 2_700, 'ENTER', 'REGIME'],
    ['TRENDING_DOWN', 0.4, 2.4, 0.36, 2_700, 'REGIME', 'ENTER'],
    ['RANGING', 0.44, 2, 0.3, 1_350, 'ENTER', 'ENTER'],
    ['VOLATILE', 0.56, 3, 0.45, 900, 'ENTER', 'ENTER'],
    ['QUIET', 0.48, 1.6, 0.24, 1_800, 'ENTER', 'ENTER'],
    ['UNKNOWN', 0.4, 2, 0.3, 1_800, 'ENTER', 'ENTER'],
  ] as const)('%s: threshold %d, stop %d, trail %d, hold %i s, LONG %s, SHORT %s', (...row) => {
    const [regime, threshold, stop, trailing, hold, long, short] = row;
    expect(verdictOf(under(regime), -threshold + 0.001)).toBe('NO_TRIGGER');
    expect(verdictOf(under(regime), -threshold - 0.001)).toBe(long);
    expect(verdictOf(under(regime), threshold + 0.001)).toBe(short);
    for (const side of ['LONG', 'SHORT'] as const) expect(stopDistance(under(regime), side)).toBeCloseTo(stop, 6);
    expect(trailingDistance(regime)).toBeCloseTo(trailing, 6);
    expect(holdSec(regime)).toBe(hold);
    const blocked = [long, short].flatMap((verdict, i) => (verdict === 'REGIME' ? [i === 0 ? 'LONG' : 'SHORT'] : []));
    expect(regimeStateOf(under(regime), params, RUN, T0)).toMatchObject({
      symbol: BTC,
      regime,
      nobi_threshold: threshold,
      stop_loss_atr: stop,
      max_hold_sec: hold,
      blocked,
    });
  });
});

describe('the table of the settings', () => {
  const effect = { thresholdFactor: 0.5, stopFactor: 3, holdFactor: 0.1, blocked: ['LONG', 'SHORT'] } as const;
  const keys = ['trending_up', 'trending_down', 'ranging', 'volatile', 'quiet', 'unknown'] as const;

  test('has one row for each regime', () => {
    expect(keys.map((key) => key.toUpperCase())).toEqual(MarketRegime.options);
    for (const key of keys) {
      const own = defaultSettings({ regime: { [key]: effect } });
      const state = under(key.toUpperCase() as MarketRegime, own);
      expect(regimeStateOf(state, own, RUN, T0), key).toMatchObject({
        nobi_threshold: 0.2,
        stop_loss_atr: 6,
        max_hold_sec: 180,
        blocked: ['LONG', 'SHORT'],
      });
    }
  });

  test('may block an unknown regime, and changes nothing when switched off', () => {
    const cautious = defaultSettings({ signals: params.signals, regime: { unknown: effect } });
    expect(verdictOf(under('UNKNOWN', cautious), -0.8, cautious)).toBe('REGIME');
    const off = defaultSettings({ signals: params.signals, regime: { unknown: effect, enabled: false } });
    const state = under('UNKNOWN', off);
    expect(verdictOf(state, -0.399, off)).toBe('NO_TRIGGER');
    expect(verdictOf(state, -0.8, off)).toBe('ENTER');
    expect(regimeStateOf(state, off, RUN, T0)).toMatchObject({ stop_loss_atr: 2, max_hold_sec: 1_800, blocked: [] });
  });
});
