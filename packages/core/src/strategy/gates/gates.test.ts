import { type GateCode, GateResult, type Side } from '@helios/shared/domain/signal.ts';
import { aKline, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { anUpdate, aPosition, bookOf, minutes, seasoned, viewAt } from '../../../test/strategy-harness.ts';
import { profileOf } from '../../trading/profile.ts';
import { EntryCandidate } from '../entry-candidate.ts';
import type { FleetView } from '../fleet-view.ts';
import type { SymbolState } from '../symbol-state.ts';
import { GATES } from './registry.ts';

const defaults = defaultSettings();

function ask(
  code: GateCode,
  state: SymbolState,
  options: { side?: Side; now?: number; view?: Partial<FleetView>; params?: typeof defaults } = {},
): GateResult {
  const { side = 'LONG', now = T0, view = {}, params = defaults } = options;
  const gate = GATES.find((each) => each.code === code);
  if (!gate) throw new Error(code);
  const seen = viewAt(now, { profile: profileOf('SIMULATION', params), ...view });
  return gate.ask(new EntryCandidate(side, state, seen, params));
}

describe('TRADING_STATE', () => {
  test.each(['REDUCING', 'HALTED'] as const)('%s refuses', (tradingState) => {
    expect(ask('TRADING_STATE', seasoned(defaults), { view: { tradingState } }).outcome).toBe('REFUSED');
  });
  test('ACTIVE passes, except during a flatten', () => {
    expect(ask('TRADING_STATE', seasoned(defaults)).outcome).toBe('PASSED');
    expect(ask('TRADING_STATE', seasoned(defaults), { view: { flattening: true } }).outcome).toBe('REFUSED');
  });
});

describe('BOOK_STALE', () => {
  test('compares the present age, to the millisecond', () => {
    const state = seasoned(defaults);
    expect(ask('BOOK_STALE', state, { now: T0 + 2_000 })).toMatchObject({
      outcome: 'PASSED',
      value: 2_000,
      limit: 2_000,
    });
    expect(ask('BOOK_STALE', state, { now: T0 + 2_001 })).toMatchObject({ outcome: 'REFUSED', value: 2_001 });
  });
  test('refuses a crossed or one-sided book', () => {
    const crossed = seasoned(defaults);
    crossed.onBook({ ...bookOf(0.9), bids: [['101', '1']], asks: [['100', '1']] });
    expect(ask('BOOK_STALE', crossed).outcome).toBe('REFUSED');
    expect(crossed.trigger).toBeUndefined();
    const oneSided = seasoned(defaults);
    oneSided.onBook({ ...bookOf(0.9), bids: [] });
    expect(ask('BOOK_STALE', oneSided).outcome).toBe('REFUSED');
  });
});

describe('BOOK_HISTORY', () => {
  test('requires sixty unbroken seconds', () => {
    expect(ask('BOOK_HISTORY', seasoned(defaults))).toMatchObject({ outcome: 'PASSED', value: 60, limit: 60 });
  });
  test('ignores a break that is repaired within five seconds', () => {
    const bridged = seasoned(defaults);
    bridged.loseBook();
    expect(ask('BOOK_STALE', bridged, { now: T0 + 5_000 }).outcome).toBe('REFUSED');
    bridged.onBook(bookOf(0, { ts: T0 + 5_000 }));
    expect(ask('BOOK_HISTORY', bridged, { now: T0 + 5_000 })).toMatchObject({ outcome: 'PASSED', value: 65 });
  });
  test('restarts after a longer break or a gap', () => {
    const broken = seasoned(defaults);
    broken.loseBook();
    broken.onBook(bookOf(0, { ts: T0 + 5_001 }));
    expect(ask('BOOK_HISTORY', broken, { now: T0 + 65_000 }).outcome).toBe('REFUSED');
    expect(ask('BOOK_HISTORY', broken, { now: T0 + 65_001 }).outcome).toBe('PASSED');
    const holed = seasoned(defaults);
    holed.onBook(bookOf(0, { ts: T0 + 60_001 }));
    expect(ask('BOOK_HISTORY', holed, { now: T0 + 60_001 }).outcome).toBe('REFUSED');
  });
});

describe('SPREAD', () => {
  test('lets a narrow book pass, and a wider one up to its share of the target', () => {
    const state = seasoned(defaults);
    for (const kline of minutes(20)) state.onKline(kline);
    const at = (max_entry_spread_bp: number, max_spread_of_target = 0.1) => {
      const params = defaultSettings({ signals: { max_entry_spread_bp, max_spread_of_target } });
      return ask('SPREAD', state, { params });
    };
    // The book is 10 basis points wide, the target 0.6 away: a sixth of it.
    expect(at(9.99)).toMatchObject({ outcome: 'REFUSED', value: expect.closeTo(0.09995, 5), limit: 0.0999 });
    expect(at(10)).toMatchObject({ outcome: 'PASSED', limit: 0.1 });
    expect(at(3)).toMatchObject({ outcome: 'REFUSED', limit: expect.closeTo(0.06, 3) });
    expect(at(3, 0.17)).toMatchObject({ outcome: 'PASSED', limit: expect.closeTo(0.102, 3) });
  });

  test('requires room for two spreads within the maximum stop distance, measured from the lower price', () => {
    const state = seasoned(defaults);
    const wide = (ask: string) => state.onBook({ ...bookOf(-0.8), bids: [['100', '1']], asks: [[ask, '1']] });
    expect(ask('SPREAD', state)).toMatchObject({ outcome: 'PASSED', limit: 1.48883 });
    wide('101.5');
    expect(ask('SPREAD', state)).toMatchObject({ outcome: 'PASSED' });
    wide('101.51');
    expect(ask('SPREAD', state)).toMatchObject({ outcome: 'REFUSED' });
    expect(ask('SPREAD', state).value).toBeCloseTo(1.4987, 3);
    expect(ask('SPREAD', state, { params: defaultSettings({ risk: { max_stop_pct: 10 } }) }).outcome).toBe('PASSED');
  });
});

describe('COOLDOWN', () => {
  test.each([
    ['HF_MARKET', 120],
    ['HF_LIMIT', 120],
    ['LF_MARKET', 900],
    ['LF_LIMIT', 900],
  ] as const)('%s: %i s', (mode, limit) => {
    const params = defaultSettings({ simulation: { mode } });
    const state = seasoned(params);
    expect(ask('COOLDOWN', state, { params }).outcome).toBe('PASSED');
    state.lastEntry = { signal_id: 'x', timestamp: T0 };
    expect(ask('COOLDOWN', state, { params, now: T0 + limit * 1_000 - 1 }).outcome).toBe('REFUSED');
    expect(ask('COOLDOWN', state, { params, now: T0 + limit * 1_000 })).toMatchObject({
      outcome: 'PASSED',
      value: limit,
      limit,
    });
  });
});

describe('CONFIRMATION', () => {
  test('requires three sampled triggers of one direction', () => {
    const state = seasoned(defaults);
    for (const [after, count] of [
      [0, 1],
      [100, 1],
      [250, 2],
      [500, 3],
    ] as const) {
      state.onBook(bookOf(-0.8, { ts: T0 + after }));
      const outcome = count < 3 ? 'REFUSED' : 'PASSED';
      expect(ask('CONFIRMATION', state, { now: T0 + after })).toMatchObject({ outcome, value: count, limit: 3 });
    }
    expect(ask('CONFIRMATION', state, { now: T0 + 500, side: 'SHORT' }).value).toBe(0);
    state.onBook(bookOf(0.8, { ts: T0 + 600 }));
    expect(ask('CONFIRMATION', state, { now: T0 + 600 }).value).toBe(0);
  });
});

describe('VOLUME', () => {
  test('compares the newest minute with the mean of twenty', () => {
    const state = seasoned(defaults);
    for (const kline of minutes(20)) state.onKline(kline);
    expect(ask('VOLUME', state)).toMatchObject({ outcome: 'PASSED', value: 1, limit: 0.5 });
    state.onKline(aKline({ open_ts: T0, volume: '1', quote_volume: '100' }));
    expect(ask('VOLUME', state).outcome).toBe('REFUSED');
    expect(ask('VOLUME', state, { params: defaultSettings({ signals: { volume_gate: false } }) }).outcome).toBe('OFF');
  });
  test('is not warm in a market without trades', () => {
    const state = seasoned(defaults);
    for (const kline of minutes(20, 0.1, 0)) state.onKline(kline);
    expect(ask('VOLUME', state).outcome).toBe('NOT_WARM');
  });
});

describe('VWAP', () => {
  /** Minutes from midnight UTC to `T0`, each `step` above the one before. */
  function day(step: number, known = sinceMidnight): SymbolState {
    const state = seasoned(defaults);
    for (const kline of minutes(known, step)) state.onKline(kline);
    return state;
  }
  const at = (state: SymbolState, bid: number): SymbolState => {
    state.onBook(bookOf(-0.8, { bid }));
    return state;
  };
  const sinceMidnight = (T0 % 86_400_000) / 60_000;

  test('refuses to follow a price away from the VWAP, but not to trade against it', () => {
    const { vwap = 0, vwapSigma = 0 } = day(0.01).klines;
    const beyond = at(day(0.01), Math.round(10 * (vwap + 2.5 * vwapSigma)) / 10);
    expect(ask('VWAP', beyond)).toMatchObject({ outcome: 'REFUSED', limit: 2 });
    expect(ask('VWAP', beyond).value).toBeCloseTo(2.5, 1);
    expect(ask('VWAP', beyond, { side: 'SHORT' })).toMatchObject({ outcome: 'PASSED', value: expect.closeTo(-2.5, 1) });
    expect(ask('VWAP', beyond, { params: defaultSettings({ signals: { vwap_gate: false } }) }).outcome).toBe('OFF');
  });

  test('lets a steady trend pass, however far it went: its end is √3 σ from its mean', () => {
    for (const step of [0.01, 0.1]) {
      const state = at(day(step), Math.round(10 * (100 + sinceMidnight * step)) / 10);
      expect(ask('VWAP', state)).toMatchObject({ outcome: 'PASSED', value: expect.closeTo(Math.sqrt(3), 1) });
    }
  });

  test('counts a σ below one ATR as one ATR: the first minutes of a day have moved little', () => {
    const state = seasoned(defaults);
    for (const kline of minutes(sinceMidnight + 20, 0)) state.onKline(kline);
    const { atr = 0 } = state.klines;
    expect(ask('VWAP', at(state, 100)).value).toBeCloseTo(0.05 / atr, 6);
  });

  test('is not warm where the klines begin after midnight, and from midnight on again', () => {
    expect(ask('VWAP', at(day(0.01, sinceMidnight - 1), 100)).outcome).toBe('NOT_WARM');
    expect(ask('VWAP', at(day(0.01, sinceMidnight + 60), 100)).outcome).toBe('PASSED');
  });
});

describe('TREND', () => {
  const params = defaultSettings({ trend: { timeframes: ['1m'] } });

  test('refuses against the timeframes, and passes with them', () => {
    const state = seasoned(params);
    for (const kline of minutes(40, 0.2)) state.onKline(kline);
    expect(ask('TREND', state, { params, side: 'SHORT' })).toMatchObject({ outcome: 'REFUSED', value: 1, limit: 0.5 });
    expect(ask('TREND', state, { params })).toMatchObject({ outcome: 'PASSED', value: 0 });
    expect(ask('TREND', state, { params: defaultSettings({ trend: { enabled: false } }) }).outcome).toBe('OFF');
  });
});

describe('REGIME', () => {
  test('blocks the direction against a trend', () => {
    const state = seasoned(defaults);
    state.klines.regime = 'TRENDING_DOWN';
    expect(ask('REGIME', state)).toMatchObject({ outcome: 'REFUSED', note: 'TRENDING_DOWN' });
    expect(ask('REGIME', state, { side: 'SHORT' }).outcome).toBe('PASSED');
    expect(ask('REGIME', state, { params: defaultSettings({ regime: { enabled: false } }) }).outcome).toBe('OFF');
  });
});

describe('SENTIMENT', () => {
  const sentiment = (score: number, updated_ts = T0) => ({ score, count: 9, source: 'reddit', updated_ts });

  test('blocks a trade against a strong sentiment, at the limit', () => {
    const state = seasoned(defaults);
    state.sentiment = sentiment(-0.5);
    expect(ask('SENTIMENT', state)).toMatchObject({ outcome: 'REFUSED', value: -0.5, limit: -0.5 });
    expect(ask('SENTIMENT', state, { side: 'SHORT' }).outcome).toBe('PASSED');
    state.sentiment = sentiment(-0.49);
    expect(ask('SENTIMENT', state).outcome).toBe('PASSED');
  });
  test('F46 prefers the coin to the market; stale, future and absent sentiments are neutral', () => {
    const state = seasoned(defaults);
    const view = { sentiment: sentiment(-0.9) };
    expect(ask('SENTIMENT', state, { view }).outcome).toBe('REFUSED');
    state.sentiment = sentiment(0.1);
    expect(ask('SENTIMENT', state, { view }).outcome).toBe('PASSED');
    for (const updated of [T0 - 1_800_001, T0 + 1]) {
      state.sentiment = sentiment(-1, updated);
      expect(ask('SENTIMENT', state)).toMatchObject({ outcome: 'PASSED', note: 'neutral: no fresh sentiment' });
    }
    expect(ask('SENTIMENT', state, { view: { profile: profileOf('LIVE', defaults) } }).outcome).toBe('PASSED');
  });
  test.each(['THIN', 'STALE', 'NEW'] as const)('uses the market if the coin’s sentiment is %s', (basis) => {
    const state = seasoned(defaults);
    state.sentiment = { ...sentiment(0), basis };
    const view = { sentiment: { ...sentiment(-0.9), basis: 'OK' as const } };
    expect(ask('SENTIMENT', state, { view })).toMatchObject({ outcome: 'REFUSED', note: 'of the market' });
    expect(ask('SENTIMENT', state, { view: { sentiment: { ...sentiment(-0.9), basis } } }).outcome).toBe('PASSED');
  });
  test('can be switched off', () => {
    const params = defaultSettings({ sentiment: { enabled: false } });
    expect(ask('SENTIMENT', seasoned(params), { params }).outcome).toBe('OFF');
  });
});

describe('EDGE_VS_COST', () => {
  /** Enough equal moves in the direction of LONG triggers that their shrunk mean is `meanBp`; equal moves have no error. */
  function learnt(meanBp: number): SymbolState {
    const state = seasoned(defaults);
    for (let i = 0; i <= 80; i += 1) {
      const ts = T0 + i * 120_000;
      state.openMoves.observe(ts, 100, 'LONG', 'IMBALANCE', 60_000);
      state.openMoves.settle(ts + 60_000, 100 * (1 + (meanBp * 1.25) / 10_000));
    }
    return state;
  }

  test.each([
    ['enforce', 'REFUSED'],
    ['observe', 'OBSERVED'],
    ['off', 'OFF'],
  ] as const)('edge_gate = %s: %s, in simulation and live', (edge_gate, outcome) => {
    const params = defaultSettings({ signals: { edge_gate } });
    for (const name of ['SIMULATION', 'LIVE'] as const) {
      const view = { profile: profileOf(name, params) };
      expect(ask('EDGE_VS_COST', learnt(5), { params, view }).outcome, name).toBe(outcome);
    }
  });
  test('divides the expected move by fees, spread and slippage', () => {
    // Taker both ways 8 bp, spread 0.1 / 100.05 = 9.995 bp, slippage 1 bp; 0.01 is within the first level.
    const params = defaultSettings({ simulation: { position_size: 0.01 } });
    const result = ask('EDGE_VS_COST', learnt(40), { params });
    expect(result.outcome).toBe('PASSED');
    expect(result.value).toBeCloseTo(40 / 18.995, 3);
    expect(result.limit).toBe(1);
  });
  test('counts the levels that entry and exit walk through, as their fills do', () => {
    // About 5,000 are visible per side: of 50,000 nine tenths fill half a percent behind, on both legs.
    const params = defaultSettings({ simulation: { position_size: 50_000 } });
    const small = defaultSettings({ simulation: { position_size: 0.01 } });
    const ratio = ask('EDGE_VS_COST', learnt(40), { params }).value ?? 0;
    const cheap = ask('EDGE_VS_COST', learnt(40), { params: small }).value ?? 0;
    expect(40 / ratio - 40 / cheap).toBeCloseTo(2 * 0.9 * 50, 0);
  });
  test('has figures also if a round trip costs nothing', () => {
    const params = defaultSettings({
      simulation: { mode: 'HF_LIMIT', position_size: 0.01 },
      fees: { maker_fee: 0, taker_fee: 0, slippage_bp: 0 },
      signals: { edge_gate: 'enforce' },
    });
    const free = GateResult.parse(ask('EDGE_VS_COST', learnt(40), { params }));
    expect(free).toMatchObject({ outcome: 'PASSED', limit: 0, note: 'IMBALANCE: 40 ± 0 bp of 80 moves, cost 0 bp' });
    expect(free.value).toBeCloseTo(40, 6);
    expect(ask('EDGE_VS_COST', learnt(0), { params })).toMatchObject({ outcome: 'PASSED', value: 0, limit: 0 });
    expect(ask('EDGE_VS_COST', learnt(-1), { params })).toMatchObject({ outcome: 'REFUSED', limit: 0 });
  });
  test('is not warm before thirty moves of its reason', () => {
    expect(ask('EDGE_VS_COST', seasoned(defaults)).outcome).toBe('NOT_WARM');
    const params = defaultSettings({ reasons: { enabled: ['TREND'] } });
    expect(ask('EDGE_VS_COST', learnt(40), { params }).outcome).toBe('NOT_WARM');
  });
});

describe('TARGET', () => {
  test('refuses a target near the costs', () => {
    // ATR 0.2 of 100: the target is 0.6 above the ask of 100.1, 60 bp. Costs: 8 bp of fees, 10 of spread, 1 of slippage.
    const state = seasoned(defaults);
    for (const kline of minutes(20)) state.onKline(kline);
    const at = (min_target_costs: number) =>
      ask('TARGET', state, {
        params: defaultSettings({ risk: { min_target_costs }, simulation: { position_size: 0.01 } }),
      });
    expect(at(3)).toMatchObject({ outcome: 'PASSED', limit: 3 });
    expect(at(3).value).toBeCloseTo(59.94 / 18.995, 1);
    expect(at(3.5).outcome).toBe('REFUSED');
    expect(at(0).outcome).toBe('OFF');
  });
});

test('F47 ML_CONFIDENCE is off and reports that there is no model', () => {
  expect(ask('ML_CONFIDENCE', seasoned(defaults))).toEqual({
    gate: 'ML_CONFIDENCE',
    outcome: 'OFF',
    note: 'model: none',
  });
});

describe('EXPOSURE', () => {
  test('allows one position, order or pending entry per symbol', () => {
    const managed = seasoned(defaults);
    managed.exposure.update(anUpdate([aPosition()]));
    expect(ask('EXPOSURE', managed)).toMatchObject({ outcome: 'REFUSED', note: 'LONG open on the symbol' });
    const pending = seasoned(defaults);
    pending.exposure.enter('x');
    expect(ask('EXPOSURE', pending)).toMatchObject({
      outcome: 'REFUSED',
      note: 'an entry on the symbol has no answer yet',
    });
  });
  test('limits the total on all symbols', () => {
    const state = seasoned(defaults);
    expect(ask('EXPOSURE', state, { view: { exposures: 2 } })).toMatchObject({ outcome: 'PASSED', value: 2, limit: 3 });
    expect(ask('EXPOSURE', state, { view: { exposures: 3 } }).outcome).toBe('REFUSED');
  });
});
