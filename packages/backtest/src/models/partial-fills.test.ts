import type { SimulationMode } from '@helios/core/execution/fees.ts';
import { addMoney, addQuantity } from '@helios/core/price/significant-digits.ts';
import { book, params, print, quoted, RUN, signal, T0 } from '@helios/core/testing/simulated-orders.ts';
import { createSimulator, type Simulator } from '@helios/core/trading/paper-trading.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { SignalDirection } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PARTIAL_FILLS } from './fill-model.ts';
import { powerQueue } from './queue-model.ts';
import { USUAL_MODELS, venueModelsOf } from './read-venue-models.ts';

const instrument = {
  symbol: 'BTCUSDT',
  tick_size: '0.1',
  step_size: '0.001',
  market_step_size: '0.001',
  min_notional: '0.001',
};
const MODELS = venueModelsOf({ ...USUAL_MODELS, fill: PARTIAL_FILLS });

function traderWith(size: number, mode: SimulationMode = 'HF_LIMIT', models = MODELS): Simulator {
  const simulator = createSimulator({ ...params(mode, size), models }, RUN);
  simulator.onInstrument(instrument);
  return simulator;
}

const fillsOf = (executions: readonly Execution[]) =>
  executions.flatMap((one) => ('fill' in one && one.fill ? [{ ...one.fill, answer: one.answer }] : []));

describe('a resting order that fills in parts', () => {
  /** A bid for 1 at 100 behind 2. */
  function resting() {
    const simulator = traderWith(1);
    simulator.onMarket(book('100', '101'), T0);
    const entry = signal('LONG', 101, quoted(100, 101));
    simulator.onSignal(entry, T0);
    simulator.takeExecutions();
    let ts = T0;
    const trade = (price: string, qty: string, buyerIsMaker = true) => {
      ts += 10;
      simulator.onMarket(print(price, ts, qty, buyerIsMaker), ts);
      return fillsOf(simulator.takeExecutions()).map(({ answer, quantity, fee }) => [answer, quantity, fee]);
    };
    const opened = () => simulator.positionUpdate('BTCUSDT', ts).positions[0];
    return { simulator, trade, opened, entry, now: () => ts };
  }

  test('takes what trades reach of it behind the queue, and pays the maker fee of each part', () => {
    const { trade, opened } = resting();
    expect(trade('100', '1.9')).toEqual([]);
    // 0.1 of the queue are left: 0.2 reach the order. Fee: 0.2 × 100 × 0.0002.
    expect(trade('100', '0.3')).toEqual([['PARTIALLY_FILLED', 0.2, 0.004]]);
    expect(opened()).toMatchObject({ quantity: 0.2, entry_price: 100 });
    expect(trade('100', '5', false)).toEqual([]);
    expect(trade('100', '0.0004')).toEqual([]);
    expect(trade('100', '0.0006')).toEqual([['PARTIALLY_FILLED', 0.001, 0.00002]]);
    expect(trade('100', '99')).toEqual([['FILLED', 0.799, 0.01598]]);
    expect(opened()).toMatchObject({ quantity: 1, entry_fee: 0.02 });
  });

  test('takes no more than a trade through the limit holds, which ends the queue', () => {
    const { trade } = resting();
    expect(trade('99.9', '0.25')).toEqual([['PARTIALLY_FILLED', 0.25, 0.005]]);
    expect(trade('100', '0.25')).toEqual([['PARTIALLY_FILLED', 0.25, 0.005]]);
    expect(trade('99', '7')).toEqual([['FILLED', 0.5, 0.01]]);
  });

  test('opens with its filled part when its time is over', () => {
    const { simulator, trade, opened, entry } = resting();
    trade('100', '2.4');
    const late = T0 + 30_000;
    const [over] = simulator.onTimer(late);
    expect(over?.decision).toMatchObject({ decision_id: entry.signal_id, outcome: 'OPENED', position_size: 0.4 });
    expect(opened()).toMatchObject({ quantity: 0.4 });
    expect(simulator.takeExecutions().map(({ answer }) => answer)).toEqual(['EXPIRED']);
    expect(simulator.restingOrders()).toBe(0);
  });

  test('takes liquidity for the rest of an exit whose time is over', () => {
    const { simulator, trade, now } = resting();
    trade('100', '3');
    const exit = { ...quoted(104, 105), timestamp: now(), exit_reason: 'TAKE_PROFIT' as const };
    simulator.onMarket(book('104', '105', now(), '3'), now());
    simulator.onSignal(signal('EXIT_LONG', 104, exit), now());
    expect(trade('105', '3.25', false)).toEqual([['PARTIALLY_FILLED', 0.25, 0.00525]]);
    const late = now() + 30_000;
    const [closed] = simulator.onMarket(book('103', '104', late), late);
    // 0.25 at 105 as maker, 0.75 at 103 as taker: gross 1.25 + 2.25; fees 0.02 + 0.00525 + 0.75 × 103 × 0.0004.
    expect(closed?.trade).toMatchObject({ quantity: 1, gross_pnl: 3.5, fees: 0.05615, realized_pnl: 3.44385 });
    expect(simulator.symbols()).toEqual([]);
  });
});

const step = fc.oneof(
  fc.record({
    kind: fc.constant('signal' as const),
    direction: fc.constantFrom<SignalDirection>('LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT'),
    price: fc.integer({ min: 98, max: 102 }),
  }),
  fc.record({
    kind: fc.constant('trade' as const),
    price: fc.integer({ min: 97, max: 103 }),
    qty: fc.integer({ min: 1, max: 900 }),
    buyerIsMaker: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('book' as const), price: fc.integer({ min: 97, max: 103 }), qty: fc.nat(2_000) }),
);

test.each([
  ['trades alone', MODELS],
  ['cancels ahead', { ...MODELS, queue: powerQueue(2).model }],
])('for any market and %s, the parts add up to orders, positions and trades', (_, models) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const simulator = traderWith(0.777, 'HF_LIMIT', models);
      const executions: Execution[] = [];
      const trades: ClosedTrade[] = [];
      let isReplaced = false;
      steps.forEach((one, at) => {
        const ts = T0 + (at + 1) * 900;
        const effects =
          one.kind === 'signal'
            ? simulator.onSignal(
                signal(one.direction, one.price, { ...quoted(one.price, one.price + 1), timestamp: ts }),
                ts,
              )
            : simulator.onMarket(
                one.kind === 'book'
                  ? book(`${one.price}`, `${one.price + 1}`, ts, `${one.qty / 1_000}`)
                  : print(`${one.price}`, ts, `${one.qty / 1_000}`, one.buyerIsMaker),
                ts,
              );
        isReplaced ||= effects.some(({ decision }) => decision.outcome === 'REPLACED');
        trades.push(...effects.flatMap(({ trade }) => trade ?? []));
        executions.push(...simulator.takeExecutions());
        for (const { quantity } of simulator.positionUpdate('BTCUSDT', ts).positions) {
          expect(quantity).toBeGreaterThan(0);
          expect(quantity).toBeLessThanOrEqual(0.777);
        }
      });
      for (const [, parts] of Map.groupBy(executions, (one) => one.client_order_id)) {
        const fills = fillsOf(parts);
        const total = fills.reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
        expect(total).toBeLessThanOrEqual(0.777);
        expect(new Set(fills.map(({ trade_id }) => trade_id)).size).toBe(fills.length);
      }
      for (const trade of trades) {
        const own = executions.filter(({ signal_id }) => signal_id === trade.entry_signal_id);
        const bought = fillsOf(own).reduce((sum, { quantity }) => addQuantity(sum, quantity), 0);
        expect(trade.quantity).toBe(bought);
        expect(trade.realized_pnl).toBeCloseTo(trade.gross_pnl - trade.fees, 9);
      }
      // A replaced position leaves no trade, and so no fees.
      if (isReplaced || simulator.symbols().length > 0) return;
      const paid = fillsOf(executions).reduce((sum, { fee }) => addMoney(sum, fee), 0);
      expect(trades.reduce((sum, { fees }) => addMoney(sum, fees), 0)).toBeCloseTo(paid, 9);
    }),
  );
});
