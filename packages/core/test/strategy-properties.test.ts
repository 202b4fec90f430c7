import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { isExit, type Side, sideOf, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import { aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStrategyEngine } from '../src/strategy/engine.ts';
import type { EngineOutput } from '../src/strategy/engine-output.ts';
import { createSimulator } from '../src/trading/paper-trading.ts';
import { profileOf } from '../src/trading/profile.ts';
import { bookOf, RUN, signalsOf } from './strategy-harness.ts';

const SYMBOLS = ['AUSDT', 'BUSDT'] as const;

type Step =
  | { kind: 'book'; symbol: string; nobi: number; move: number; waitMs: number }
  | { kind: 'trade'; symbol: string; move: number; waitMs: number }
  | { kind: 'break'; symbol: string; end: boolean; waitMs: number }
  | { kind: 'state'; state: TradingState; waitMs: number }
  | { kind: 'timer'; waitMs: number };

const symbol = fc.constantFrom(...SYMBOLS);
const nobi = fc.oneof(fc.constantFrom(-0.8, 0.8), fc.double({ min: -0.95, max: 0.95, noNaN: true }));
const move = fc.integer({ min: -8, max: 8 });
const waitMs = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 400 }) },
  { weight: 1, arbitrary: fc.integer({ min: 400, max: 130_000 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant('book' as const), symbol, nobi, move, waitMs }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('trade' as const), symbol, move, waitMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const), symbol, end: fc.boolean(), waitMs }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('state' as const),
      state: fc.constantFrom<TradingState>('ACTIVE', 'ACTIVE', 'REDUCING', 'HALTED'),
      waitMs,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('timer' as const), waitMs }) },
);

interface Trace {
  readonly outputs: readonly EngineOutput[];
  /** The state at the time of each signal. */
  readonly signals: readonly { signal: TradingSignal; nowMs: number; state: TradingState; known: readonly string[] }[];
  /** Signals that the simulator could not use, or that replaced a position. */
  readonly outcomes: readonly string[];
}

/** The engine and a simulator whose updates arrive `lagSteps` steps late. */
function play(steps: readonly Step[], params: Settings, lagSteps: number): Trace {
  const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params) });
  const simulator = createSimulator(params, RUN);
  const prices = new Map<string, number>();
  const post: { due: number; update: PositionUpdate }[] = [];
  const outputs: EngineOutput[] = [];
  const signals: Trace['signals'][number][] = [];
  const outcomes: string[] = [];
  let known: string[] = [];
  let state: TradingState = 'ACTIVE';
  let now = T0;
  let id = 0;
  engine.onTradingState(state);

  function hear(count: number): void {
    while (post[0] && post[0].due <= count) {
      const { update } = post.shift() ?? post[0];
      engine.onPositions(update);
      const ofOthers = known.filter((key) => !key.startsWith(`${update.symbol}:`));
      known = [...ofOthers, ...update.positions.map(({ side }) => `${update.symbol}:${side}`)];
    }
  }

  function settle(made: readonly EngineOutput[], count: number): void {
    outputs.push(...made);
    for (const signal of signalsOf(made)) {
      signals.push({ signal, nowMs: now, state, known });
      for (const { decision } of simulator.onSignal(signal, now)) outcomes.push(decision.outcome);
      post.push({ due: count + lagSteps, update: simulator.positionUpdate(signal.symbol, now) });
    }
  }

  function eventOf(step: Exclude<Step, { kind: 'state' } | { kind: 'timer' }>): MarketEvent {
    if (step.kind === 'break') {
      const kind = step.end ? 'SESSION_END' : 'BOOK_INVALID';
      return { type: 'break', symbol: step.symbol, ts_event: now, ts_init: now, kind, reason: 'a test' };
    }
    const bid = Math.max(10, (prices.get(step.symbol) ?? 100) + step.move / 10);
    prices.set(step.symbol, bid);
    if (step.kind === 'trade')
      return aTrade({ symbol: step.symbol, ts_event: now, price: bid.toFixed(1), trade_id: id });
    return bookOf(step.nobi, { ts: now, bid, symbol: step.symbol, id });
  }

  steps.forEach((each, count) => {
    now += each.waitMs;
    id += 1;
    hear(count);
    if (each.kind === 'state') {
      state = each.state;
      engine.onTradingState(state);
    } else if (each.kind === 'timer') settle(engine.onTimer(now), count);
    else {
      const event = eventOf(each);
      for (const { decision, symbol: of } of simulator.onMarket(event, now)) {
        outcomes.push(decision.outcome);
        post.push({ due: count + lagSteps, update: simulator.positionUpdate(of, now) });
      }
      hear(count);
      settle(engine.onMarket(event, now), count);
    }
  });
  return { outputs, signals, outcomes };
}

const modes = fc.constantFrom('HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT');
const paramsOf = (mode: Settings['simulation']['mode'], cooldownSec: number) =>
  defaultSettings({
    simulation: { mode },
    signals: {
      min_book_history_sec: 0,
      confirmation_count: 2,
      cooldown_sec: cooldownSec,
      cooldown_lf_sec: cooldownSec,
      refusal_log_interval_sec: 1,
    },
    risk: { max_hold_sec: 120 },
  });
const steps = fc.array(step, { minLength: 50, maxLength: 300 });

describe('for any events', () => {
  test('signals keep their promises, and late updates cause no second entry', () => {
    let entries = 0;
    let exits = 0;
    fc.assert(
      fc.property(
        steps,
        modes,
        fc.constantFrom(0, 2, 60),
        fc.integer({ min: 0, max: 20 }),
        (events, mode, cooldownSec, lag) => {
          const { signals, outcomes } = play(events, paramsOf(mode, cooldownSec), lag);
          expect(new Set(signals.map(({ signal }) => signal.signal_id)).size).toBe(signals.length);
          const lastEntryMs = new Map<string, number>();
          for (const { signal, nowMs, state, known } of signals) {
            TradingSignal.parse(signal);
            const side: Side = sideOf(signal.direction);
            if (isExit(signal.direction)) {
              exits += 1;
              expect(known).toContain(`${signal.symbol}:${side}`);
              continue;
            }
            entries += 1;
            expect(state).toBe('ACTIVE');
            expect(known.some((key) => key.startsWith(`${signal.symbol}:`))).toBe(false);
            const sign = side === 'LONG' ? 1 : -1;
            expect(sign * signal.nobi_value).toBeLessThan(0);
            expect(sign * ((signal.stop_loss ?? Number.NaN) - signal.entry_price)).toBeLessThan(0);
            expect(sign * ((signal.take_profit ?? Number.NaN) - signal.entry_price)).toBeGreaterThan(0);
            const sinceMs = nowMs - (lastEntryMs.get(signal.symbol) ?? Number.NEGATIVE_INFINITY);
            expect(sinceMs).toBeGreaterThanOrEqual(cooldownSec * 1_000);
            lastEntryMs.set(signal.symbol, nowMs);
          }
          expect(outcomes).not.toContain('REPLACED');
        },
      ),
      { numRuns: 300 },
    );
    // The property would hold for an engine without signals, so there must be some.
    expect(entries).toBeGreaterThan(300);
    expect(exits).toBeGreaterThan(100);
  });

  test('the same events give the same outputs', () => {
    fc.assert(
      fc.property(steps, modes, fc.integer({ min: 0, max: 5 }), (events, mode, lag) => {
        const params = paramsOf(mode, 2);
        expect(play(events, params, lag).outputs).toEqual(play(events, params, lag).outputs);
      }),
      { numRuns: 50 },
    );
  });
});
