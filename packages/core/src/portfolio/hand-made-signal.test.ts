import { Decision } from '@helios/shared/domain/decision.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import { describe, expect, it } from 'vitest';
import { book, outcomes, params, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator, type Simulator } from '../trading/paper-trading.ts';
import { PerformanceStatistics } from './statistics.ts';

const NOW = T0 + 3_000;
const byHand = { origin: 'EXTERNAL' } as const;

function simulatorAt(bid: string, ask: string, mode: 'HF_MARKET' | 'HF_LIMIT' = 'HF_MARKET'): Simulator {
  const simulator = createSimulator(params(mode, 0.01), RUN);
  simulator.onMarket(book(bid, ask, T0), T0);
  return simulator;
}

const positionsOf = (simulator: Simulator) => simulator.positionUpdate('BTCUSDT', NOW).positions;

function figuresOf(...trades: (ClosedTrade | undefined)[]) {
  const statistics = new PerformanceStatistics({ run: RUN, mode: 'm', startingBalance: 1_000, riskFreeRatePct: 0 });
  for (const trade of trades) if (trade) statistics.addTrade(trade);
  return statistics.summary(NOW);
}

describe('a hand-made entry', () => {
  it('fills at the current market, whatever price, quote and time were typed, and Flatten then earns nothing', () => {
    const simulator = simulatorAt('63999.9', '64000');
    const entry = signal('LONG', 100, { ...byHand, ...quoted(99, 100), timestamp: T0 - 3_600_000 });
    const [opened] = simulator.onSignal(entry, NOW);
    expect(opened?.decision).toMatchObject({ outcome: 'OPENED', fill_price: 64_000, entry_price: 100, timestamp: NOW });
    expect(opened?.decision.reason).toBe('test (market 63999.9 / 64000 counts, not the typed price 100)');
    expect(positionsOf(simulator)).toMatchObject([{ entry_price: 64_000, entry_ts: NOW, ...byHand }]);
    const flatten = signal('EXIT_LONG', 63_999.9, { exit_reason: 'OPERATOR', ...quoted(63_999.9, 64_000) });
    const [closed] = simulator.onSignal(flatten, NOW);
    expect(closed?.trade).toMatchObject({ gross_pnl: -0.001, fees: 0.5119996, realized_pnl: -0.5129996, ...byHand });
  });

  it('rests on the near side in the LIMIT modes', () => {
    const simulator = simulatorAt('63999.9', '64000', 'HF_LIMIT');
    const entry = signal('SHORT', 100, byHand);
    expect(outcomes(simulator.onSignal(entry, NOW))).toEqual([`${entry.signal_id}:RESTING`]);
    const { orders } = simulator.positionUpdate('BTCUSDT', NOW);
    expect(orders).toMatchObject([{ price: 64_000, placed_ts: NOW, expires_ts: NOW + 30_000 }]);
  });

  it('fills at its own price if no market is known', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    const [opened] = simulator.onSignal(signal('LONG', 100, byHand), T0);
    expect(opened?.decision).toMatchObject({ outcome: 'OPENED', fill_price: 100, timestamp: T0, reason: 'test' });
  });

  it('is MISSED if the known market is over a minute old', () => {
    const late = T0 + 60_001;
    const simulator = simulatorAt('63999.9', '64000');
    const [missed] = simulator.onSignal(signal('LONG', 100, { ...byHand, ts_init: late }), late);
    expect(missed?.decision).toMatchObject({ outcome: 'MISSED' });
    expect(missed?.decision.reason).toContain('no two-sided book younger than a minute');
  });

  it.each<['LONG' | 'SHORT', number, Partial<Book>]>([
    ['LONG', 100, { asks: [] }],
    ['SHORT', 1_000_000, { bids: [] }],
  ])(
    '%s at %d is MISSED if the book has only one side, and does not fill at that price',
    (direction, price, emptied) => {
      const simulator = createSimulator(params('HF_MARKET'), RUN);
      simulator.onMarket({ ...book('63999.9', '64000', T0), ...emptied }, T0);
      const [missed] = simulator.onSignal(signal(direction, price, byHand), NOW);
      expect(missed?.decision).toMatchObject({ outcome: 'MISSED' });
      expect(missed?.decision.reason).toContain('no two-sided book');
    },
  );

  it.each([
    ['LONG', { stop_loss: 64_001 }, 'STOP_LOSS_ON_WRONG_SIDE', 64_001, 64_000, 'below'],
    ['LONG', { take_profit: 105 }, 'TAKE_PROFIT_ON_WRONG_SIDE', 105, 64_000, 'above'],
    ['SHORT', { stop_loss: 99 }, 'STOP_LOSS_ON_WRONG_SIDE', 99, 63_999.9, 'above'],
    ['SHORT', { take_profit: 63_999.9 }, 'TAKE_PROFIT_ON_WRONG_SIDE', 63_999.9, 63_999.9, 'below'],
  ] as const)('%s with %o is denied with %s', (direction, stops, code, value, limit, side) => {
    const simulator = simulatorAt('63999.9', '64000');
    const [denied] = simulator.onSignal(signal(direction, 100, { ...byHand, ...stops }), NOW);
    expect(denied?.decision).toMatchObject({ outcome: 'DENIED', denial: { code, value, limit } });
    expect(denied?.decision.reason).toContain(`${value} USDT, must lie ${side} the price ${limit} USDT`);
    expect(positionsOf(simulator)).toEqual([]);
  });

  it('keeps its own stops on the right side', () => {
    const simulator = simulatorAt('63999.9', '64000');
    simulator.onSignal(signal('LONG', 100, { ...byHand, stop_loss: 63_000, take_profit: 66_000 }), NOW);
    expect(positionsOf(simulator)).toMatchObject([{ stop_loss: 63_000, take_profit: 66_000 }]);
  });

  it.each([
    ['LONG', 63_900.14, 64_100.14, 63_900, 64_100.5],
    ['SHORT', 64_100.14, 63_900.14, 64_100.5, 63_900],
    ['LONG', 63_900.5, 64_100, 63_900.5, 64_100],
    ['LONG', 0.3, 64_100, 0.3, 64_100],
  ] as const)('%s with a stop at %d and a target at %d keeps them on the tick: %d, %d', (side, stop, target, ...on) => {
    const simulator = simulatorAt('63999.5', '64000');
    simulator.onInstrument({ symbol: 'BTCUSDT', tick_size: '0.50', step_size: '0.001', min_notional: '5' });
    const [opened] = simulator.onSignal(signal(side, 64_000, { ...byHand, stop_loss: stop, take_profit: target }), NOW);
    const stops = { stop_loss: on[0], take_profit: on[1] };
    expect(opened?.decision).toMatchObject({ outcome: 'OPENED', ...stops });
    expect(positionsOf(simulator)).toMatchObject([stops]);
  });

  it('never replaces a position of the strategy', () => {
    const simulator = simulatorAt('63999.9', '64000');
    const ours = signal('LONG', 64_000, quoted(63_999.9, 64_000));
    simulator.onSignal(ours, NOW);
    const [denied] = simulator.onSignal(signal('LONG', 100, byHand), NOW);
    expect(denied?.decision).toMatchObject({ outcome: 'DENIED', denial: { code: 'STRATEGY_POSITION_OPEN' } });
    expect(positionsOf(simulator)).toMatchObject([{ signal_id: ours.signal_id }]);
  });
});

describe('a hand-made exit', () => {
  it('takes the current market, not the typed price', () => {
    const simulator = simulatorAt('63999.9', '64000');
    simulator.onSignal(signal('LONG', 64_000, quoted(63_999.9, 64_000)), NOW);
    const [closed] = simulator.onSignal(signal('EXIT_LONG', 100_000, byHand), NOW);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 63_999.9 });
  });

  it('proves no gain on a book with only one side', () => {
    const simulator = simulatorAt('63999.9', '64000');
    simulator.onSignal(signal('LONG', 64_000, quoted(63_999.9, 64_000)), NOW);
    simulator.onMarket({ ...book('63999.9', '64000', NOW), bids: [] }, NOW);
    const [closed] = simulator.onSignal(signal('EXIT_LONG', 100_000, byHand), NOW);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 64_000 });
  });

  it('proves no gain on an old market: it takes the worse of the entry price and the last book', () => {
    const simulator = simulatorAt('100', '101');
    simulator.onSignal(signal('LONG', 100, quoted(99, 100)), T0);
    const [closed] = simulator.onSignal(signal('EXIT_LONG', 500, byHand), T0 + 100_000);
    expect(closed?.decision).toMatchObject({ fill_price: 100, liquidity: 'TAKER', origin: 'EXTERNAL' });
    simulator.onSignal(signal('LONG', 200, quoted(199, 200)), T0);
    const [again] = simulator.onSignal(signal('EXIT_LONG', 500, byHand), T0 + 100_000);
    expect(again?.decision).toMatchObject({ fill_price: 100 });
  });
});

describe('the strategy’s figures', () => {
  /** A trade with the origins of its entry and exit; it earns 0.01 × (110 − 100) before fees. */
  function roundTrip(opens: 'ENGINE' | 'EXTERNAL', closes: 'ENGINE' | 'EXTERNAL') {
    const simulator = simulatorAt('99.9', '100');
    simulator.onSignal(signal('LONG', 100, { origin: opens, ...quoted(99.9, 100) }), T0);
    simulator.onMarket(book('110', '110.1', T0 + 1), T0 + 1);
    return simulator.onSignal(signal('EXIT_LONG', 110, { origin: closes, ...quoted(110, 110.1) }), T0 + 1)[0]?.trade;
  }

  it('exclude trades opened by hand, also if the strategy closed them', () => {
    for (const closes of ['ENGINE', 'EXTERNAL'] as const) {
      const figures = figuresOf(roundTrip('EXTERNAL', closes));
      expect(figures).toMatchObject({ total_trades: 0, wins: 0, total_pnl: 0, gross_pnl: 0, total_fees: 0 });
      expect(figures).toMatchObject({ equity: 1_000, peak_equity: 1_000, day_pnl: 0, current_streak: 0 });
      expect(figures).toMatchObject({ external_trades: 1, external_pnl: 0.09916 });
    }
  });

  it('include the strategy’s own trades, also if closed by hand', () => {
    const figures = figuresOf(roundTrip('ENGINE', 'EXTERNAL'));
    expect(figures).toMatchObject({ total_trades: 1, total_pnl: 0.09916, external_trades: 0, external_pnl: 0 });
  });

  it('count trades of earlier versions without an origin as the strategy’s', () => {
    const { origin: _origin, ...old } = roundTrip('ENGINE', 'ENGINE') ?? expect.fail('no trade');
    expect(figuresOf(ClosedTrade.parse(old))).toMatchObject({ total_trades: 1, external_trades: 0 });
    const { origin: _whose, ...position } = OpenPosition.parse(openOne());
    const [closed] = createSimulator(params('HF_MARKET'), RUN, { positions: [position], resting: [] }).onSignal(
      signal('EXIT_LONG', 110, quoted(110, 110.1)),
      T0,
    );
    expect(closed?.trade?.origin).toBe('ENGINE');
  });

  function openOne() {
    const simulator = simulatorAt('99.9', '100');
    simulator.onSignal(signal('LONG', 100, quoted(99.9, 100)), T0);
    return positionsOf(simulator)[0];
  }
});

it.each([
  ['EXTERNAL', 'ENGINE'],
  ['EXTERNAL', 'EXTERNAL'],
  ['ENGINE', 'EXTERNAL'],
] as const)('the exit of a position opened by %s and closed by %s records both', (opens, closes) => {
  const simulator = simulatorAt('99.9', '100');
  const [opened] = simulator.onSignal(signal('LONG', 100, { origin: opens, ...quoted(99.9, 100) }), T0);
  const [closed] = simulator.onSignal(signal('EXIT_LONG', 110, { origin: closes, ...quoted(99.9, 100) }), T0);
  expect(opened?.decision.trade_origin).toBeUndefined();
  expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', origin: closes, trade_origin: opens });
  expect(Decision.parse(closed?.decision).trade_origin).toBe(opens);
});

it('every decision on a signal carries its signal_id', () => {
  const simulator = simulatorAt('63999.9', '64000');
  const one = signal('LONG', 100, byHand);
  const [opened] = simulator.onSignal(one, NOW);
  expect(opened?.decision).toMatchObject({ signal_id: one.signal_id, decision_id: one.signal_id });
});
