import type { SignalDirection, TradingSignal } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimulationMode } from '../execution/fees.ts';
import { params, print, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from '../trading/paper-trading.ts';

type Step =
  | { kind: 'signal'; direction: SignalDirection; price: number; quoted: boolean; origin: TradingSignal['origin'] }
  | { kind: 'print'; price: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('signal' as const),
    direction: fc.constantFrom<SignalDirection>('LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT'),
    price: fc.integer({ min: 50, max: 150 }),
    quoted: fc.boolean(),
    origin: fc.constantFrom<TradingSignal['origin']>('ENGINE', 'EXTERNAL'),
  }),
  fc.record({ kind: fc.constant('print' as const), price: fc.integer({ min: 50, max: 150 }) }),
);
const anyMode = fc.constantFrom<SimulationMode>('HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT');

function play(simulator: Simulator, steps: readonly Step[], from: number): SimulatorEffect[] {
  return steps.flatMap((s, i) => {
    const now = T0 + (from + i) * 7_000;
    if (s.kind === 'print') return [...simulator.onMarket(print(String(s.price), now), now)];
    const quote = s.quoted ? quoted(s.price, s.price + 1) : {};
    const fields = { signal_id: `p${from + i}`, timestamp: now, ts_init: now, origin: s.origin, ...quote };
    return [...simulator.onSignal(signal(s.direction, s.price, fields), now)];
  });
}

describe('for any signals and prints', () => {
  it('each signal is new exactly once, in order, and changes at most once after resting', () => {
    fc.assert(
      fc.property(anyMode, fc.array(step, { maxLength: 40 }), (mode, steps) => {
        const simulator = createSimulator(params(mode), RUN);
        const effects = play(simulator, steps, 0);
        const asked = steps.flatMap((s, i) => (s.kind === 'signal' ? [`p${i}`] : []));
        expect(effects.filter((e) => e.isNew).map((e) => e.decision.decision_id)).toEqual(asked);
        const changed = effects.filter((e) => !e.isNew).map((e) => e.decision.decision_id);
        expect(new Set(changed).size).toBe(changed.length);
        const rested = effects.filter((e) => e.decision.outcome === 'RESTING').length;
        expect(rested - changed.length).toBe(simulator.restingOrders());
      }),
    );
  });

  it('realised PnL is gross minus fees, fees are not negative, and each key has one position', () => {
    fc.assert(
      fc.property(anyMode, fc.array(step, { maxLength: 40 }), (mode, steps) => {
        const simulator = createSimulator(params(mode), RUN);
        for (const { trade } of play(simulator, steps, 0)) {
          if (trade === undefined) continue;
          expect(trade.realized_pnl).toBeCloseTo(trade.gross_pnl - trade.fees, 9);
          expect(trade.fees).toBeGreaterThan(0);
        }
        expect(simulator.positionUpdate('BTCUSDT', T0).positions.length).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('a simulator restored half-way continues as without a restart', () => {
    fc.assert(
      fc.property(anyMode, fc.array(step, { maxLength: 20 }), fc.array(step, { maxLength: 20 }), (mode, a, b) => {
        const whole = createSimulator(params(mode), RUN);
        const before = createSimulator(params(mode), RUN);
        play(whole, a, 0);
        play(before, a, 0);
        const { positions } = before.positionUpdate('BTCUSDT', T0);
        const after = createSimulator(params(mode), RUN, { positions, resting: before.restingOf('BTCUSDT') });
        expect(play(after, b, a.length)).toEqual(play(whole, b, a.length));
      }),
    );
  });
});
