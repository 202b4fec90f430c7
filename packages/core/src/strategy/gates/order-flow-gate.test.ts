import { Decision } from '@helios/shared/domain/decision.ts';
import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import type { Book, Level } from '@helios/shared/domain/market-data.ts';
import { type GateResult, type Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  anUpdate,
  aPosition,
  BTC,
  minutes,
  RUN,
  refusalsOf,
  signalsOf,
  viewAt,
} from '../../../test/strategy-harness.ts';
import { BookFlow } from '../../features/book-flow.ts';
import { profileOf } from '../../trading/profile.ts';
import { EdgeEstimates } from '../edge-estimate.ts';
import { createStrategyEngine } from '../engine.ts';
import type { EngineOutput } from '../engine-output.ts';
import type { EngineContext } from '../engine-port.ts';
import { EntryCandidate } from '../entry-candidate.ts';
import { orderFlowOf } from '../order-flow.ts';
import { SymbolState } from '../symbol-state.ts';
import { orderFlowGate } from './order-flow-gate.ts';
import { askGates } from './registry.ts';

const guarded = defaultSettings({ signals: { order_flow_gate: true } });
const SIDES: readonly Side[] = ['LONG', 'SHORT'];

afterEach(() => vi.restoreAllMocks());

function quoteBook(ts: number, bidQty: number, askQty: number, fields: Partial<Book> = {}): Book {
  const level = (price: string, qty: number): Level => [price, String(qty)];
  return {
    ...{ type: 'book', symbol: BTC, ts_event: ts, ts_init: ts, last_update_id: ts },
    ...{ bids: [level('100.0', bidQty)], asks: [level('100.1', askQty)], ...fields },
  };
}

function newState(bookFlow: BookFlow | undefined = new BookFlow()): SymbolState {
  return new SymbolState(BTC, guarded, new EdgeEstimates(), undefined, bookFlow);
}

/** Equal books of both sides, two per second. */
function quiet(state: SymbolState, fromTs: number, untilTs: number): SymbolState {
  for (let ts = fromTs; ts <= untilTs; ts += 500) state.onPrice(quoteBook(ts, 20, 20));
  return state;
}

/** A state whose best bid gained 40 and whose best ask gained `askGain` in the last seconds. */
function after(bidGain: number, askGain: number): SymbolState {
  const state = quiet(newState(), T0 - 60_000, T0 - 3_000);
  state.onPrice(quoteBook(T0, 20 + bidGain, 20 + askGain));
  return state;
}

function ask(state: SymbolState, side: Side, nowMs = T0, params = guarded): GateResult {
  return orderFlowGate.ask(new EntryCandidate(side, state, viewAt(nowMs), params));
}

describe('the gate', () => {
  // Fifteen books in the window: the mean quantity is (14 × 20 + 40) / 15.
  const gain = 40 / ((14 * 20 + 40) / 15);

  test('bids that gained pass a LONG and refuse a SHORT; their order flow has the sign of a bid-heavy NOBI', () => {
    const state = after(40, 0);
    expect(orderFlowOf(state, T0)).toBeCloseTo(-gain, 9);
    expect(ask(state, 'LONG')).toMatchObject({ outcome: 'PASSED', value: expect.closeTo(gain, 9), limit: 0 });
    expect(ask(state, 'SHORT')).toMatchObject({ outcome: 'REFUSED', value: expect.closeTo(-gain, 9), limit: 0 });
  });

  test('asks that gained pass a SHORT and refuse a LONG', () => {
    const state = after(0, 40);
    expect(orderFlowOf(state, T0)).toBeCloseTo(gain, 9);
    expect(ask(state, 'SHORT').outcome).toBe('PASSED');
    expect(ask(state, 'LONG').outcome).toBe('REFUSED');
  });

  test.each(SIDES)('a flow of zero points nowhere: %s passes', (side) => {
    expect(ask(after(0, 0), side)).toEqual({ gate: 'ORDER_FLOW', outcome: 'PASSED', value: 0, limit: 0 });
    expect(ask(after(15, 15), side).value).toBe(0);
  });

  test.each(SIDES)('an error of rounding points nowhere: %s passes', (side) => {
    const state = newState();
    // The quantities come back, so nothing was gained; their differences do not add up to 0.
    const quantities = [0.1, 20.3, 1.7, 300.9, 0.003];
    for (let n = 0; n < 80; n += 1) {
      const ts = T0 - 20_000 + 250 * n;
      state.onPrice(quoteBook(ts, quantities[n % 5] ?? 0, 20));
      if (n > 40) expect(ask(state, side, ts)).toEqual({ gate: 'ORDER_FLOW', outcome: 'PASSED', value: 0, limit: 0 });
    }
  });

  test('forgets what happened more than ten seconds ago', () => {
    const state = after(40, 0);
    for (let ts = T0 + 500; ts <= T0 + 11_000; ts += 500) state.onPrice(quoteBook(ts, 60, 20));
    expect(ask(state, 'SHORT', T0 + 11_000)).toMatchObject({ outcome: 'PASSED', value: 0 });
  });

  test('is off by default, whatever the flow', () => {
    expect(ask(after(0, 40), 'LONG', T0, defaultSettings())).toMatchObject({
      outcome: 'OFF',
      note: 'signals.order_flow_gate = false',
    });
  });
});

describe('while ten seconds of books are not known', () => {
  const notWarm = { outcome: 'NOT_WARM', note: 'fewer than 10 s of unbroken books' };

  test('abstains after a start, and judges from the tenth second on', () => {
    const state = quiet(newState(), T0 - 9_500, T0);
    expect(ask(state, 'LONG')).toMatchObject(notWarm);
    state.onPrice(quoteBook(T0 + 500, 20, 20));
    expect(ask(state, 'LONG', T0 + 500).outcome).toBe('PASSED');
  });

  test.each([
    ['a lost book', (state: SymbolState) => state.loseBook()],
    ['a crossed book', (state: SymbolState) => state.onPrice(quoteBook(T0 + 1, 1, 1, { bids: [['101', '1']] }))],
    ['the end of a session', (state: SymbolState) => state.endSession()],
    ['a clock that was set back', (state: SymbolState) => state.setClockBack(0, T0)],
  ])('begins again after %s', (_, happens) => {
    const state = after(40, 0);
    happens(state);
    quiet(state, T0 + 500, T0 + 10_000);
    expect(ask(state, 'SHORT', T0 + 10_000)).toMatchObject(notWarm);
    quiet(state, T0 + 10_500, T0 + 10_500);
    expect(ask(state, 'SHORT', T0 + 10_500)).toMatchObject({ outcome: 'PASSED', value: 0 });
  });

  test('begins again after a time without books: a symbol left the watchlist, or Redis was away', () => {
    const state = after(40, 0);
    const backTs = T0 + 3_600_000;
    state.onPrice(quoteBook(backTs, 20, 500));
    expect(ask(state, 'LONG', backTs)).toMatchObject(notWarm);
    expect(orderFlowOf(state, backTs)).toBeUndefined();
    quiet(state, backTs + 500, backTs + 10_500);
    expect(ask(state, 'LONG', backTs + 10_500).outcome).not.toBe('NOT_WARM');
  });

  test('shows no flow of a book that is lost', () => {
    const state = after(40, 0);
    state.loseBook();
    expect(orderFlowOf(state, T0)).toBeUndefined();
  });

  test('made-up books are never warm', () => {
    const state = new SymbolState(BTC, guarded);
    expect(ask(quiet(state, T0 - 60_000, T0), 'LONG')).toMatchObject({ outcome: 'NOT_WARM', note: /made up/ });
  });

  test.each([
    ['SIMULATION', 'NOT_WARM'],
    ['LIVE', 'REFUSED'],
  ] as const)('%s: %s', (profile, outcome) => {
    const view = viewAt(T0, { profile: profileOf(profile, guarded) });
    const candidate = new EntryCandidate('LONG', quiet(newState(), T0 - 5_000, T0), view, guarded);
    expect(askGates(candidate).find(({ gate }) => gate === 'ORDER_FLOW')?.outcome).toBe(outcome);
  });
});

/** An engine that is ACTIVE after a minute of bid-heavy books; `feed` sends one. */
function bidHeavy(params: typeof guarded, context: Partial<EngineContext> = {}) {
  const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params), ...context });
  const feed = (ts: number, bidQty: number, askQty: number): readonly EngineOutput[] =>
    engine.onMarket(quoteBook(ts, bidQty, askQty), ts);
  for (let ts = T0 - 60_000; ts <= T0; ts += 250) feed(ts, 400, 20);
  engine.onTradingState('ACTIVE');
  return { engine, feed };
}

describe('a decision', () => {
  test('refuses a LONG whose bids go; the record shows the flow beside NOBI', () => {
    const { feed } = bidHeavy(guarded);
    const [refusal, ...more] = refusalsOf(feed(T0 + 250, 390, 20));
    expect(more).toEqual([]);
    expect(Decision.parse(refusal)).toMatchObject({ direction: 'LONG', refused_by: 'ORDER_FLOW' });
    expect(refusal?.nobi_value).toBeLessThan(-0.8);
    expect(refusal?.order_flow).toBeCloseTo(10 / 209.9, 3);
    const gate = refusal?.gates?.find(({ gate }) => gate === 'ORDER_FLOW');
    expect(gate).toMatchObject({ outcome: 'REFUSED', value: 0 - (refusal?.order_flow ?? 0), limit: 0 });
    expect(refusal?.reason).toMatch(/, order flow 0\.0, refused by ORDER_FLOW/);
  });

  test('enters while bids gain; entry and exit show the flow', () => {
    const { engine, feed } = bidHeavy(guarded);
    const [entry] = signalsOf(feed(T0 + 250, 410, 20));
    expect(TradingSignal.parse(entry)).toMatchObject({ direction: 'LONG' });
    expect(entry?.order_flow).toBeCloseTo(-10 / 210.1, 3);
    engine.onPositions(anUpdate([aPosition({ signal_id: entry?.signal_id ?? '', stop_loss: 100.05 })]));
    const [exit] = signalsOf(feed(T0 + 500, 410, 20));
    expect(exit).toMatchObject({ direction: 'EXIT_LONG', order_flow: expect.closeTo(-10 / 210.3, 3) });
  });

  test('with the gate off enters against the flow, and shows it only where features are collected', () => {
    const params = defaultSettings();
    const entryOf = (context: Partial<EngineContext>) =>
      signalsOf(bidHeavy(params, context).feed(T0 + 250, 390, 20))[0];
    const shown = entryOf({ collectsFeatures: true });
    expect(shown?.order_flow).toBeGreaterThan(0);
    expect(shown?.features?.values[FEATURE_NAMES.indexOf('order_flow_10s')]).toBe(0 - (shown?.order_flow ?? 0));
    const plain = entryOf({});
    expect(plain).not.toHaveProperty('order_flow');
    expect(plain).toMatchObject({ direction: 'LONG', signal_id: shown?.signal_id });
    expect(entryOf({ collectsFeatures: true, isBookMadeUp: true })).not.toHaveProperty('order_flow');
  });
});

describe('the books are read', () => {
  test.each([
    ['once for features and gate', guarded, { collectsFeatures: true }, 1],
    ['once for the gate alone', guarded, {}, 1],
    ['never without both', defaultSettings(), {}, 0],
    ['never where they are made up', guarded, { collectsFeatures: true, isBookMadeUp: true }, 0],
  ] as const)('%s', (_, params, context, times) => {
    const { feed } = bidHeavy(params, context);
    const reads = vi.spyOn(BookFlow.prototype, 'onBook');
    feed(T0 + 250, 390, 20);
    expect(reads).toHaveBeenCalledTimes(times);
  });

  test.each([
    ['may pass unread without gate and features', defaultSettings(), {}, true],
    ['may not with the gate', guarded, {}, false],
    ['may not with features', defaultSettings(), { collectsFeatures: true }, false],
    ['may where they are made up', guarded, { isBookMadeUp: true }, true],
  ] as const)('%s', (_, params, context, mayPass) => {
    const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params), ...context });
    for (const kline of minutes(120)) engine.warm(kline);
    engine.onMarket(quoteBook(T0, 20, 20), T0);
    expect(engine.quiet.threshold(BTC) !== undefined).toBe(mayPass);
  });
});
