import { MarketRegime, type Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { aBook, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BTC, RUN, viewAt } from '../../test/strategy-harness.ts';
import { decimalsOf } from '../price/decimal-text.ts';
import { gridOfDecimals, gridOfTick, priceBeside } from '../price/price-grid.ts';
import { floorToStep } from '../price/step-grid.ts';
import { EntryCandidate } from './entry-candidate.ts';
import { entrySignal, proposeEntry } from './entry-proposal.ts';
import type { TrailingStop } from './exit-plan.ts';
import { type ExitPlan, stopLossOf } from './exit-plan.ts';
import { askGates } from './gates/registry.ts';
import { initialStops } from './initial-stops.ts';
import { signOf } from './side-sign.ts';
import { SymbolState } from './symbol-state.ts';
import { advanceTrailingStop } from './trailing.ts';

const params = defaultSettings();
const { risk } = params;
const sides = fc.constantFrom<Side>('LONG', 'SHORT');

describe('initial stops', () => {
  test('are two ATRs away, the target three, on the venue’s decimals', () => {
    expect(initialStops('LONG', 100, { atr: 0.5, stopFactor: 1, spread: 0 }, risk, gridOfDecimals(2))).toEqual({
      stopLoss: 99,
      takeProfit: 101.5,
    });
    expect(initialStops('SHORT', 100, { atr: 0.5, stopFactor: 1, spread: 0 }, risk, gridOfDecimals(2))).toEqual({
      stopLoss: 101,
      takeProfit: 98.5,
    });
  });
  test('are both moved by a regime; the limits keep their ratio', () => {
    expect(initialStops('LONG', 100, { atr: 0.5, stopFactor: 1.2, spread: 0 }, risk, gridOfDecimals(2))).toEqual({
      stopLoss: 98.8,
      takeProfit: 101.8,
    });
    expect(initialStops('LONG', 100, { atr: 50, stopFactor: 1, spread: 0 }, risk, gridOfDecimals(2))).toEqual({
      stopLoss: 97,
      takeProfit: 104.5,
    });
    expect(initialStops('LONG', 100, { atr: undefined, stopFactor: 1, spread: 0 }, risk, gridOfDecimals(3))).toEqual({
      stopLoss: 99.95,
      takeProfit: 100.075,
    });
  });
  test('are never reached by the spread alone', () => {
    const stops = initialStops('LONG', 100, { atr: 0.01, stopFactor: 1, spread: 0.2 }, risk, gridOfDecimals(2));
    expect(stops).toEqual({ stopLoss: 99.6, takeProfit: 100.6 });
  });
  test('are on their side of the entry and positive, for any price, ATR and decimals', () => {
    const prices = fc.double({ min: 1e-7, max: 1e6, noNaN: true });
    const atrs = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(sides, prices, atrs, fc.integer({ min: 0, max: 8 }), (side, price, atr, decimals) => {
        const { stopLoss, takeProfit } = initialStops(
          side,
          price,
          { atr, stopFactor: 1, spread: price / 1_000 },
          risk,
          gridOfDecimals(decimals),
        );
        expect(signOf(side) * (stopLoss - price)).toBeLessThan(0);
        expect(signOf(side) * (takeProfit - price)).toBeGreaterThan(0);
        expect(stopLoss).toBeGreaterThan(0);
        expect(takeProfit).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the stops of a signal', () => {
  const regimes = fc.constantFrom<MarketRegime>(...MarketRegime.options);
  const modes = fc.constantFrom('HF_MARKET', 'HF_LIMIT');
  const atrShares = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
  const farthests = fc.double({ min: 0.1, max: 90, noNaN: true });
  /** Best bid in ticks, and the spread from one tick to three times the bid. */
  const books = fc
    .tuple(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: 0, max: 8 }),
      fc.double({ max: 3, min: 0, noNaN: true }),
    )
    .map(([bid, decimals, share]) => ({ bid, ask: bid + Math.max(1, Math.round(bid * share)), decimals }));

  test('are valid and within max_stop_pct in every book, and outside the spread if the gate passes', () => {
    fc.assert(
      fc.property(
        books,
        sides,
        regimes,
        modes,
        atrShares,
        farthests,
        (ticks, side, regime, mode, atr, max_stop_pct) => {
          const params = defaultSettings({ risk: { max_stop_pct }, simulation: { mode } });
          const tick = 10 ** -ticks.decimals;
          const text = (count: number) => (count * tick).toFixed(ticks.decimals);
          const state = new SymbolState(BTC, params);
          state.klines.regime = regime;
          state.onBook({ ...aBook(), bids: [[text(ticks.bid), '1']], asks: [[text(ticks.ask), '1']] });
          Object.defineProperty(state, 'stopAtr', { value: atr === undefined ? undefined : atr * state.market.mid });
          const view = viewAt(T0);
          const candidate = new EntryCandidate(side, state, view, params);
          const entering = { kind: 'ENTER', candidate, confidence: 1, gates: askGates(candidate) } as const;
          const signal = TradingSignal.parse(entrySignal(proposeEntry(entering, RUN), state));
          const { entry_price: price, stop_loss = Number.NaN } = signal;
          const distance = signOf(side) * (price - stop_loss);
          expect(distance).toBeGreaterThan(0);
          expect(distance).toBeLessThanOrEqual(price * (max_stop_pct / 100 + 1e-5));
          const passed = entering.gates.some(({ gate, outcome }) => gate === 'SPREAD' && outcome === 'PASSED');
          if (passed) expect(distance).toBeGreaterThan((2 * (ticks.ask - ticks.bid) - 1) * tick * (1 - 1e-9));
        },
      ),
    );
  });

  test('a book of 40 against 100 gives a stop above zero', () => {
    expect(initialStops('LONG', 100, { atr: 1, stopFactor: 1, spread: 60 }, risk, gridOfDecimals(0))).toEqual({
      stopLoss: 97,
      takeProfit: 105,
    });
  });

  test('stay within max_stop_pct after rounding', () => {
    const spread = { atr: undefined, stopFactor: 1, spread: 5 };
    expect(initialStops('LONG', 33, spread, risk, gridOfDecimals(1)).stopLoss).toBe(32.1);
    expect(initialStops('SHORT', 33, spread, risk, gridOfDecimals(1)).stopLoss).toBe(33.9);
    expect(initialStops('LONG', 33, spread, risk, gridOfDecimals(0)).stopLoss).toBe(32.01);
    expect(initialStops('LONG', 0.1, spread, risk, gridOfDecimals(3)).stopLoss).toBe(0.097);
  });
});

describe('prices at a distance from a price', () => {
  test.each([
    ['28170.10', 2],
    ['5', 0],
    ['0.00001234', 8],
  ])('%s has %i decimals', (text, decimals) => {
    expect(decimalsOf(text)).toBe(decimals);
  });
  test('are never nearer than requested', () => {
    expect(priceBeside(100, -0.123, gridOfDecimals(2))).toBe(99.87);
    expect(priceBeside(100, 0.123, gridOfDecimals(2))).toBe(100.13);
    expect(priceBeside(100.1, -0.1, gridOfDecimals(1))).toBe(100);
  });
  test('are on the ticks of the venue for any written decimals', () => {
    expect(gridOfTick('0.10')).toEqual({ units: 10, decimals: 2 });
    expect(priceBeside(28_145.1, -87.34, gridOfTick('0.10'))).toBe(28_057.7);
    expect(priceBeside(28_145.1, 87.34, gridOfTick('0.10'))).toBe(28_232.5);
    expect(priceBeside(100, -0.6, gridOfTick('0.25'))).toBe(99.25);
    expect(priceBeside(1_003, 1, gridOfTick('5'))).toBe(1_005);
    const ticks = fc.constantFrom('0.10', '0.5', '0.25', '1', '5', '0.0001', '0.00000010');
    fc.assert(
      fc.property(
        ticks,
        fc.integer({ min: 2_000, max: 1_000_000 }),
        fc.double({ min: 1, max: 1_000, noNaN: true }),
        (tick, steps, by) => {
          const size = Number(tick);
          for (const sign of [1, -1]) {
            const beside = priceBeside(steps * size, sign * by * size, gridOfTick(tick));
            const asked = steps * size + sign * by * size;
            expect(Math.abs(beside / size - Math.round(beside / size))).toBeLessThan(1e-6);
            expect(sign * (beside - asked)).toBeGreaterThanOrEqual(-1e-6 * size);
            expect(Math.abs(beside - asked)).toBeLessThan(size * (1 + 1e-6));
          }
        },
      ),
    );
  });
  test('ignore decimals that are too coarse', () => {
    expect(priceBeside(0.0012, -0.000001, gridOfDecimals(4))).toBe(0.0011);
    expect(priceBeside(0.4, -0.1, gridOfDecimals(0))).toBe(0.3);
  });
});

describe('the trailing stop', () => {
  const by = (atr: number | undefined, tightening = 1, grid = gridOfDecimals(2)) => ({ atr, grid, tightening });
  const plan = (side: Side): ExitPlan => ({
    side,
    entryPrice: 100,
    entryTs: T0,
    stopLoss: side === 'LONG' ? 90 : 110,
    takeProfit: undefined,
    regime: 'UNKNOWN',
  });

  test('arms after one ATR in favour, 1.5 ATRs behind the price', () => {
    expect(advanceTrailingStop(plan('LONG'), undefined, 100.9, by(1), params)).toEqual({
      extreme: 100.9,
      stop: undefined,
    });
    const close = { ...params, risk: { ...risk, trailing_distance_atr: 0.5 } };
    expect(advanceTrailingStop(plan('LONG'), undefined, 101, by(1), close)).toEqual({ extreme: 101, stop: 100.5 });
    expect(advanceTrailingStop(plan('SHORT'), undefined, 99, by(1), close)).toEqual({ extreme: 99, stop: 99.5 });
  });
  test('starts where it pays for the round trip, for any prices, ATRs and settings', () => {
    // Two taker fees of 4 bp, and twice half a basis point of slippage.
    expect(advanceTrailingStop(plan('LONG'), undefined, 101.58, by(1), params)?.stop).toBeUndefined();
    expect(advanceTrailingStop(plan('LONG'), undefined, 101.6, by(1), params)?.stop).toBe(100.1);
    const any = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        sides,
        fc.double({ min: 50, max: 150, noNaN: true }),
        any,
        any,
        any,
        (side, price, atr, from, by_) => {
          const limits = { ...risk, trailing_activation_atr: from, trailing_distance_atr: by_ };
          const { stop } =
            advanceTrailingStop(plan(side), undefined, price, by(atr), { ...params, risk: limits }) ?? {};
          if (stop !== undefined) expect(signOf(side) * (stop - 100)).toBeGreaterThanOrEqual(0.09 - 1e-9);
        },
      ),
    );
  });
  test('moves in steps of a tenth of its distance', () => {
    const armed: TrailingStop = { extreme: 101, stop: 99.5, stopLoss: undefined };
    expect(advanceTrailingStop(plan('LONG'), armed, 101.14, by(1), params)).toEqual({ extreme: 101.14, stop: 99.5 });
    expect(advanceTrailingStop(plan('LONG'), armed, 101.16, by(1), params)).toEqual({ extreme: 101.16, stop: 99.66 });
  });
  test('is the same object if nothing changed', () => {
    const armed: TrailingStop = { extreme: 101, stop: 99.5, stopLoss: undefined };
    expect(advanceTrailingStop(plan('LONG'), armed, 100, by(1), params)).toBe(armed);
    expect(advanceTrailingStop(plan('LONG'), armed, 100.5, by(undefined), params)).toBe(armed);
    expect(
      advanceTrailingStop({ ...plan('LONG'), stopLoss: undefined }, undefined, 105, by(1), params),
    ).toBeUndefined();
  });
  test('is not armed without an ATR or if it is switched off', () => {
    expect(advanceTrailingStop(plan('LONG'), undefined, 105, by(undefined), params)).toEqual({ extreme: 105 });
    expect(
      advanceTrailingStop(plan('LONG'), undefined, 105, by(1), { ...params, risk: { ...risk, trailing_stop: false } }),
    ).toEqual({ extreme: 105 });
  });
  test('never moves back once armed, for any prices and ATRs', () => {
    const step = fc.tuple(fc.double({ min: 50, max: 150, noNaN: true }), fc.double({ min: 0.01, max: 5, noNaN: true }));
    fc.assert(
      fc.property(sides, fc.array(step, { maxLength: 50 }), (side, steps) => {
        let trailing: TrailingStop | undefined;
        for (const [price, atr] of steps) {
          const next = advanceTrailingStop(plan(side), trailing, price, by(atr), params);
          if (trailing?.stop !== undefined) {
            expect(signOf(side) * ((next?.stop ?? Number.NaN) - trailing.stop)).toBeGreaterThanOrEqual(0);
          }
          trailing = next;
        }
      }),
    );
  });

  test('is on the tick, not nearer than requested and within the maximum distance, armed or tightened', () => {
    const ticks = fc.constantFrom('0.10', '0.25', '0.5', '1', '0.0001', '0.00000010');
    const far = { ...params, risk: { ...risk, trailing_activation_atr: 0, max_stop_pct: 90 } };
    // Half of the steps are calm: only a shock after one of them tightens a stop.
    const tightenings = fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 1, noNaN: true }));
    const step = fc.tuple(fc.double({ min: 80, max: 130, noNaN: true }), tightenings);
    let drawnIn = 0;
    fc.assert(
      fc.property(sides, ticks, fc.array(step, { maxLength: 30 }), (side, tick, steps) => {
        const grid = gridOfTick(tick);
        let trailing: TrailingStop | undefined;
        for (const [price, tightening] of steps) {
          trailing = advanceTrailingStop(plan(side), trailing, price, by(2, tightening, grid), far);
          for (const stop of [trailing?.stop, trailing?.stopLoss]) {
            if (stop === undefined) continue;
            expect(floorToStep(stop, tick), `${stop} on ${tick}`).toBe(stop);
          }
          if (trailing?.stopLoss !== undefined) drawnIn += 1;
        }
      }),
    );
    expect(drawnIn).toBeGreaterThan(0);
    const armed = advanceTrailingStop(plan('LONG'), undefined, 101.88, by(1, 1, gridOfTick('0.25')), params);
    expect(armed?.stop).toBe(100.25);
    expect(advanceTrailingStop(plan('SHORT'), undefined, 98.12, by(1, 1, gridOfTick('0.25')), params)?.stop).toBe(
      99.75,
    );
    const near = { ...params, risk: { ...risk, max_stop_pct: 1 } };
    expect(advanceTrailingStop(plan('LONG'), undefined, 101.2, by(1, 1, gridOfTick('0.5')), near)?.stop).toBe(100.5);
  });

  describe('in a shock', () => {
    const managed: TrailingStop = { extreme: 100, stop: undefined, stopLoss: undefined };
    const felt = (side: Side, trailing: TrailingStop | undefined, tightening: number, limits = params) =>
      advanceTrailingStop(plan(side), trailing, 100, by(undefined, tightening), limits)?.stopLoss;

    test('tightens the stop of the entry, in profit or not, with an ATR or without', () => {
      expect([felt('LONG', managed, 0.7), felt('SHORT', managed, 0.7), felt('LONG', managed, 1)]).toEqual([
        93,
        107,
        undefined,
      ]);
      expect(advanceTrailingStop(plan('LONG'), managed, 95, by(1, 0.7), params)).toEqual({
        extreme: 100,
        stopLoss: 93,
      });
      expect(felt('LONG', managed, 0.7, { ...params, risk: { ...risk, trailing_stop: false } })).toBe(93);
    });
    test('is tightened once', () => {
      const drawn: TrailingStop = { ...managed, stopLoss: 93 };
      expect([felt('LONG', drawn, 0.7), felt('LONG', drawn, 0.5), felt('LONG', drawn, 1)]).toEqual([93, 93, 93]);
    });
    test('keeps a stop that was set during the shock, and one at the minimum distance', () => {
      expect(felt('LONG', undefined, 0.7)).toBe(90);
      expect(felt('LONG', managed, 0.7, { ...params, risk: { ...risk, min_stop_pct: 8 } })).toBe(92);
      expect(felt('LONG', managed, 0.7, { ...params, risk: { ...risk, min_stop_pct: 20 } })).toBe(90);
    });
    test('never moves a stop against the position, for any prices and sentiments', () => {
      const step = fc.tuple(
        fc.double({ min: 50, max: 150, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
      );
      fc.assert(
        fc.property(sides, fc.array(step, { maxLength: 50 }), (side, steps) => {
          let trailing: TrailingStop | undefined;
          let stop = plan(side).stopLoss ?? Number.NaN;
          for (const [price, tightening] of steps) {
            trailing = advanceTrailingStop(plan(side), trailing, price, by(1, tightening), params);
            const now = stopLossOf(plan(side), trailing) ?? Number.NaN;
            expect(signOf(side) * (now - stop)).toBeGreaterThanOrEqual(0);
            expect(signOf(side) * (now - 100)).toBeLessThan(0);
            stop = now;
          }
        }),
      );
    });
  });
});
