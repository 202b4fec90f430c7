import type { Side } from '@helios/shared/domain/signal.ts';
import { aKline, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test, vi } from 'vitest';
import { seasoned, viewAt } from '../../../test/strategy-harness.ts';
import { EntryCandidate } from '../entry-candidate.ts';
import type { FleetView } from '../fleet-view.ts';
import type { SymbolState } from '../symbol-state.ts';
import { reasonGate } from './reason-gate.ts';

const defaults = defaultSettings();

function ask(
  state: SymbolState,
  { params, side = 'LONG', view = {} }: { params: typeof defaults; side?: Side; view?: Partial<FleetView> },
) {
  return reasonGate.ask(new EntryCandidate(side, state, viewAt(T0, view), params));
}

describe('REASON', () => {
  /** A day of small moves, then a fall or rise of `sigmas` standard deviations of an hour within the last hour. */
  function after(sigmas: number): SymbolState {
    const state = seasoned(defaults);
    const sigma = 0.001;
    let close = 100;
    for (let n = 0; n < 1_500; n += 1) {
      const drift = n < 1_440 ? 0 : (sigmas * sigma * Math.sqrt(60)) / 60;
      close *= Math.exp((n % 2 === 0 ? sigma : -sigma) + drift);
      const open_ts = T0 - (1_500 - n) * 60_000;
      const text = close.toFixed(6);
      state.onKline(aKline({ open_ts, close_ts: open_ts + 59_999, high: text, low: text, open: text, close: text }));
    }
    return state;
  }
  const only = (enabled: readonly string[]) => defaultSettings({ reasons: { enabled } });

  test('EXHAUSTION opens LONG after a fall of four standard deviations, and nothing else', () => {
    const params = only(['EXHAUSTION']);
    expect(ask(after(-5), { params })).toMatchObject({ outcome: 'PASSED', limit: 4 });
    expect(ask(after(-5), { params }).note).toMatch(/^EXHAUSTION: -[4-5]\.\d σ in 60 min$/);
    expect(ask(after(-3), { params }).outcome).toBe('REFUSED');
    expect(ask(after(-5), { params, side: 'SHORT' }).outcome).toBe('REFUSED');
    expect(ask(after(5), { params, side: 'SHORT' }).outcome).toBe('REFUSED');
    expect(ask(seasoned(defaults), { params })).toMatchObject({
      outcome: 'REFUSED',
      note: 'EXHAUSTION: less than half a day of 1m klines',
    });
  });
  test('TREND needs the agreement of the timeframes', () => {
    const params = only(['TREND']);
    const state = seasoned(defaults);
    vi.spyOn(state.klines, 'agreement', 'get').mockReturnValue({ up: 1, down: 0 });
    expect(ask(state, { params }).outcome).toBe('PASSED');
    expect(ask(state, { params, side: 'SHORT' }).outcome).toBe('REFUSED');
  });
  test('RELATIVE_MOMENTUM compares with the mean of the watchlist', () => {
    const params = only(['RELATIVE_MOMENTUM']);
    const state = after(-5);
    const own = state.klines.moveOver(240) ?? Number.NaN;
    const view = (lead: number) => ({ meanMove: () => own - lead });
    expect(ask(state, { params, view: view(2.1) }).outcome).toBe('PASSED');
    expect(ask(state, { params, view: view(1.9) }).outcome).toBe('REFUSED');
    expect(ask(state, { params, view: view(-2.1), side: 'SHORT' }).outcome).toBe('PASSED');
    expect(ask(state, { params, view: { meanMove: () => undefined } }).outcome).toBe('REFUSED');
  });
  test('SENTIMENT needs a fresh score in the direction', () => {
    const params = only(['SENTIMENT']);
    const state = seasoned(defaults);
    expect(ask(state, { params }).outcome).toBe('REFUSED');
    state.sentiment = { score: 0.6, count: 9, source: 'reddit', updated_ts: T0 };
    expect(ask(state, { params }).outcome).toBe('PASSED');
    expect(ask(state, { params, side: 'SHORT' }).outcome).toBe('REFUSED');
  });
  test('the first reason that applies counts', () => {
    const params = only(['TREND', 'EXHAUSTION']);
    const state = after(-5);
    vi.spyOn(state.klines, 'agreement', 'get').mockReturnValue({ up: 0, down: 1 });
    expect(ask(state, { params }).note).toMatch(/^EXHAUSTION/);
    expect(ask(after(0), { params: only(['EXHAUSTION', 'IMBALANCE']) }).note).toBe('IMBALANCE: imbalance alone');
  });
});
