import { Decision } from '@helios/shared/domain/decision.ts';
import { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import {
  anEngine,
  anUpdate,
  aPosition,
  BTC,
  bookOf,
  followUpsOf,
  minutes,
  persist,
  RUN,
  refusalsOf,
  signalsOf,
} from '../../test/strategy-harness.ts';
import type { EngineOutput } from './engine-output.ts';
import { MAX_SHADOWS } from './follow-up.ts';

const params = defaultSettings();

describe('entries', () => {
  test('a persistent bid-heavy book gives one LONG with its full explanation', () => {
    const { book } = anEngine(params);
    const [signal, ...more] = signalsOf(persist(book, -0.8, T0 + 250));
    expect(more).toEqual([]);
    expect(TradingSignal.parse(signal)).toMatchObject({
      run: RUN,
      symbol: BTC,
      direction: 'LONG',
      timestamp: T0 + 750,
      nobi_value: -0.8,
      confidence: 0.666667,
      entry_price: 100.1,
      quote: { bid: 100, ask: 100.1 },
      regime: 'UNKNOWN',
      model: 'none',
      origin: 'ENGINE',
    });
    expect(signal?.signal_id).toMatch(/^BTCUSDT-LONG-\d+-\d+$/);
    expect(signal?.gates).toHaveLength(17);
    expect(signal?.reason).toMatch(/^LONG BTCUSDT at 100\.1: bids outweigh asks, NOBI -0\.800 \(limit -0\.4/);
  });

  test('an ask-heavy book gives a SHORT, and in a LIMIT mode its price is the near side', () => {
    const { book } = anEngine(defaultSettings({ simulation: { mode: 'HF_LIMIT' } }));
    const [signal] = signalsOf(persist(book, 0.8, T0 + 250));
    expect(signal).toMatchObject({ direction: 'SHORT', entry_price: 100.1 });
  });

  test('a trade that the edge gate only observed is marked', () => {
    const { engine, book } = anEngine(params);
    engine.onTradingState('HALTED');
    for (let ts = T0 + 250; ts <= T0 + 2_000_000; ts += 250) book(-0.8, ts);
    engine.onTradingState('ACTIVE');
    const [signal] = signalsOf(book(-0.8, T0 + 2_000_250));
    const edge = signal?.gates?.find(({ gate }) => gate === 'EDGE_VS_COST');
    expect(edge).toMatchObject({ outcome: 'OBSERVED', value: 0, limit: 1 });
    expect(signal?.reason).toContain('EDGE_VS_COST would have refused');
  });

  test('in live an indicator without data refuses', () => {
    const { book } = anEngine(params, 'LIVE');
    const outputs = persist(book, -0.8, T0 + 250);
    expect(signalsOf(outputs)).toEqual([]);
    expect(refusalsOf(outputs).map(({ refused_by }) => refused_by)).toContain('VOLUME');
  });

  test('stops use the ATR of the klines once it is warm', () => {
    const { engine, book } = anEngine(params);
    for (const kline of minutes(20)) engine.warm(kline);
    const [signal] = signalsOf(persist(book, -0.8, T0 + 250));
    // Klines with a range of 0.2: the stop is 0.4 below the ask, the target 0.6 above.
    expect(signal).toMatchObject({ stop_loss: 99.7, take_profit: 100.7 });
  });

  test('a kline that arrives twice counts once', () => {
    const once = anEngine(params).engine;
    const twice = anEngine(params).engine;
    for (const kline of minutes(320)) once.warm({ ...kline, interval: '5m' });
    for (const kline of minutes(320)) for (let i = 0; i < 2; i += 1) twice.warm({ ...kline, interval: '5m' });
    expect(once.regimeState(BTC, T0).volatility_percentile).toBeDefined();
    expect(twice.regimeState(BTC, T0)).toEqual(once.regimeState(BTC, T0));
  });
});

describe('refusals', () => {
  test('name the first refusing gate, and contain all gates', () => {
    const { engine, book } = anEngine(params);
    engine.onTradingState('REDUCING');
    const [refusal] = refusalsOf(book(-0.8, T0 + 250));
    expect(Decision.parse(refusal)).toMatchObject({
      outcome: 'REFUSED',
      refused_by: 'TRADING_STATE',
      direction: 'LONG',
    });
    const refusing = refusal?.gates?.filter(({ outcome }) => outcome === 'REFUSED').map(({ gate }) => gate);
    expect(refusing).toEqual(['TRADING_STATE', 'CONFIRMATION']);
    expect(refusal?.reason).toContain('refused by TRADING_STATE');
  });

  test('are recorded once per gate and interval', () => {
    const { engine, book } = anEngine(params);
    engine.onTradingState('HALTED');
    const outputs: EngineOutput[] = [];
    for (let ts = T0 + 250; ts <= T0 + 30_250; ts += 250) outputs.push(...book(-0.8, ts));
    expect(refusalsOf(outputs).map(({ timestamp }) => timestamp - T0)).toEqual([250, 10_250, 20_250, 30_250]);
  });

  test('are followed up, with the fees of the mode', () => {
    const { engine, book } = anEngine(defaultSettings({ fees: { slippage_bp: 0 } }));
    engine.onTradingState('HALTED');
    const [refusal] = refusalsOf(book(-0.8, T0 + 250));
    const target = refusal?.take_profit ?? Number.NaN;
    const [end] = followUpsOf(book(0, T0 + 500, 105));
    expect(target).toBeLessThan(105);
    expect(end).toMatchObject({ decision_id: refusal?.decision_id, side: 'LONG' });
    expect(end?.follow_up).toMatchObject({ exit_price: 105, exit_reason: 'TAKE_PROFIT', exit_ts: T0 + 500 });
    const gross = ((105 - 100.1) / 100.1) * 10_000;
    expect(end?.follow_up.gross_bp).toBeCloseTo(gross, 2);
    expect(end?.follow_up.net_bp).toBeCloseTo(gross - 4 - (4 * 105) / 100.1, 2);
  });

  test('earn nothing if their LIMIT entry is never traded through', () => {
    const { engine, book } = anEngine(defaultSettings({ simulation: { mode: 'HF_LIMIT' } }));
    engine.onTradingState('HALTED');
    book(-0.8, T0 + 250);
    const end = followUpsOf(book(0, T0 + 30_250, 105))[0];
    expect(end?.follow_up).toMatchObject({ outcome: 'MISSED', gross_bp: 0, net_bp: 0 });
    expect(end?.follow_up.exit_reason).toBeUndefined();
  });

  test('follow a traded-through LIMIT entry until its LIMIT exit is traded through', () => {
    const { engine, book } = anEngine(defaultSettings({ simulation: { mode: 'HF_LIMIT' } }));
    engine.onTradingState('HALTED');
    book(-0.8, T0 + 250);
    engine.onMarket(aTrade({ price: '99.9', ts_event: T0 + 300 }), T0 + 300);
    expect(followUpsOf(book(0, T0 + 500, 105))).toEqual([]);
    const [end] = followUpsOf(engine.onMarket(aTrade({ price: '105.2', ts_event: T0 + 600 }), T0 + 600));
    expect(end?.follow_up).toMatchObject({ exit_reason: 'TAKE_PROFIT', exit_price: 105.1 });
    expect(end?.follow_up.net_bp).toBeCloseTo(510 - 2 - 2 * 1.051, 2);
  });

  test('with too many shadows end and report the oldest', () => {
    const { engine, book } = anEngine(defaultSettings({ signals: { refusal_log_interval_sec: 0 } }));
    engine.onTradingState('HALTED');
    const outputs: EngineOutput[] = [];
    for (let i = 1; i <= MAX_SHADOWS + 2; i += 1) outputs.push(...book(-0.8, T0 + i));
    const refused = refusalsOf(outputs).map(({ decision_id }) => decision_id);
    expect(followUpsOf(outputs).map(({ decision_id }) => decision_id)).toEqual(refused.slice(0, 2));
  });
});

test('in a lock-step replay signals name the frame that caused them', () => {
  const { engine } = anEngine(params);
  engine.onPositions(anUpdate([aPosition()]));
  const [exit] = signalsOf(engine.onMarket({ ...bookOf(0, { ts: T0 + 250, bid: 98 }), seq: 77 }, T0 + 250));
  expect(exit?.seq).toBe(77);
});

describe('a restored entry', () => {
  const entry = { run: RUN, signal_id: 'x', timestamp: T0 };

  test('continues its cooldown, only in this run', () => {
    const { engine, book } = anEngine(params);
    engine.restoreEntry(BTC, { ...entry, run: 'another' });
    engine.restoreEntry('ETHUSDT', entry);
    expect(signalsOf(persist(book, -0.8, T0 + 250))).toHaveLength(1);
    const restored = anEngine(params);
    restored.engine.restoreEntry(BTC, entry);
    expect(signalsOf(persist(restored.book, -0.8, T0 + 250, 119_500))).toEqual([]);
    expect(signalsOf(persist(restored.book, -0.8, T0 + 120_000))).toHaveLength(1);
  });

  test('counts as answered unless it is restored as unanswered', () => {
    const { engine } = anEngine(params);
    engine.restoreEntry(BTC, entry);
    expect(engine.isFlat()).toBe(true);
    engine.restoreUnanswered(BTC, 'x');
    expect(engine.pendingEntries()).toEqual(['x']);
  });
});

test('the present regime is published with its effects', () => {
  const { engine } = anEngine(params);
  expect(engine.regimeState(BTC, T0)).toEqual({
    run: RUN,
    symbol: BTC,
    regime: 'UNKNOWN',
    adx: undefined,
    ema_separation_pct: undefined,
    volatility_percentile: undefined,
    nobi_threshold: 0.4,
    stop_loss_atr: 2,
    max_hold_sec: 1_800,
    blocked: [],
    updated_ts: T0,
  });
});
