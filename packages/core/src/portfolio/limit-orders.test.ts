import { describe, expect, it } from 'vitest';
import { book, outcomes, params, print, quoted, RUN, sessionEnd, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator, type Simulator } from '../trading/paper-trading.ts';

describe('LIMIT entries', () => {
  it('rest on the near side and open when a trade goes through', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    const entry = signal('LONG', 100.5, quoted(100, 101));
    expect(outcomes(simulator.onSignal(entry, T0))).toEqual([`${entry.signal_id}:RESTING`]);
    expect(simulator.positionUpdate('BTCUSDT', T0)).toMatchObject({
      positions: [],
      orders: [{ price: 100, purpose: 'ENTRY', expires_ts: T0 + 30_000 }],
    });
    expect(simulator.onMarket(print('100', T0 + 10), T0 + 10)).toEqual([]);
    const [opened] = simulator.onMarket(print('99.9', T0 + 20), T0 + 20);
    expect(opened).toMatchObject({
      isNew: false,
      decision: { decision_id: entry.signal_id, outcome: 'OPENED', fill_price: 100, liquidity: 'MAKER' },
    });
    expect(simulator.positionUpdate('BTCUSDT', T0).positions[0]).toMatchObject({
      entry_price: 100,
      entry_ts: T0 + 20,
      entry_fee: 0.02,
    });
    expect(simulator.restingOrders()).toBe(0);
  });

  it('open with the quantity of their placement, whatever the setting is after a restart', () => {
    const before = createSimulator(params('HF_LIMIT', 1), RUN);
    before.onSignal(signal('LONG', 100.5, quoted(100, 101)), T0);
    const resting = before.restingOf('BTCUSDT');
    const after = createSimulator(params('HF_LIMIT', 5), RUN, { positions: [], resting });
    const [opened] = after.onMarket(print('99', T0 + 1), T0 + 1);
    expect(opened?.decision.position_size).toBe(1);
    expect(after.positionUpdate('BTCUSDT', T0).positions).toMatchObject([{ quantity: 1, entry_fee: 0.02 }]);
  });

  it.each([
    ['LONG', '98', 'OPENED'],
    ['EXIT_LONG', '102', 'CLOSED'],
  ] as const)('a resting %s of an earlier version continues under its id', (direction, price, outcome) => {
    const before = createSimulator(params('HF_LIMIT', 1), RUN);
    before.onSignal(signal('LONG', 100, quoted(99, 100)), T0);
    if (direction === 'EXIT_LONG') {
      before.onMarket(print('98', T0 + 1), T0 + 1);
      before.onSignal(signal(direction, 101, quoted(100, 101)), T0 + 2);
    }
    const { positions } = before.positionUpdate('BTCUSDT', T0);
    const resting = before.restingOf('BTCUSDT').map((one) => {
      return {
        ...one,
        order: { ...one.order, order_id: `sim-${one.signal.signal_id}-of-more-than-thirty-six-characters` },
      };
    });
    const after = createSimulator(params('HF_LIMIT', 1), RUN, { positions, resting });
    expect(after.restingOf('BTCUSDT')).toEqual(resting);
    const placed = resting[0]?.order.placed_ts ?? 0;
    const late = createSimulator(params('HF_LIMIT', 1), RUN, { positions, resting });
    const expired = late.onMarket(book('95', '96', placed + 30_000), placed + 30_000);
    expect(outcomes(expired)).toEqual([
      `${resting[0]?.signal.signal_id}:${direction === 'LONG' ? 'MISSED' : 'CLOSED'}*`,
    ]);
    const filled = after.onMarket(print(price, placed + 10), placed + 10);
    expect(outcomes(filled)).toEqual([`${resting[0]?.signal.signal_id}:${outcome}*`]);
    expect(after.restingOrders()).toBe(0);
  });

  it('queue behind the visible quantity', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onMarket(book('100', '101', T0, '2'), T0);
    simulator.onSignal(signal('LONG', 100.5, quoted(100, 101)), T0);
    expect(simulator.onMarket(print('100', T0 + 1, '2'), T0 + 1)).toEqual([]);
    expect(simulator.onMarket(print('100', T0 + 2, '1'), T0 + 2)).toHaveLength(1);
  });

  it('are MISSED at the timeout, not a millisecond before, and a late trade changes nothing', () => {
    const simulator = createSimulator(params('HF_LIMIT'), RUN);
    const entry = signal('SHORT', 100.5, quoted(100, 101));
    simulator.onSignal(entry, T0);
    expect(simulator.onTimer(T0 + 29_999)).toEqual([]);
    const late = simulator.onMarket(print('102', T0 + 30_000), T0 + 30_000);
    expect(outcomes(late)).toEqual([`${entry.signal_id}:MISSED*`]);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions).toEqual([]);
  });

  it('replace a position only when filled', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 90), T0);
    simulator.onSignal(signal('LONG', 100, quoted(100, 101)), T0);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions[0]?.entry_price).toBe(90);
    const [effect] = simulator.onMarket(print('99', T0 + 1), T0 + 1);
    expect(effect?.decision.outcome).toBe('REPLACED');
    expect(simulator.positionUpdate('BTCUSDT', T0).positions[0]?.entry_price).toBe(100);
  });

  it('are cancelled by a later entry, and by an exit', () => {
    const simulator = createSimulator(params('HF_LIMIT'), RUN);
    const first = signal('LONG', 100, quoted(100, 101));
    const second = signal('LONG', 99, quoted(99, 100));
    const exit = signal('EXIT_LONG', 99, { exit_reason: 'OPERATOR' });
    simulator.onSignal(first, T0);
    expect(outcomes(simulator.onSignal(second, T0))).toEqual([
      `${first.signal_id}:MISSED*`,
      `${second.signal_id}:RESTING`,
    ]);
    expect(outcomes(simulator.onSignal(exit, T0))).toEqual([
      `${second.signal_id}:MISSED*`,
      `${exit.signal_id}:ORPHAN_EXIT`,
    ]);
    expect(simulator.restingOrders()).toBe(0);
  });

  it('are MISSED when the session ends', () => {
    const simulator = createSimulator(params('HF_LIMIT'), RUN);
    simulator.onSignal(signal('LONG', 100, quoted(100, 101)), T0);
    const [effect] = simulator.onMarket(sessionEnd(T0 + 5), T0 + 5);
    expect(effect?.decision.outcome).toBe('MISSED');
  });
});

describe('LIMIT exits', () => {
  function withLong(): Simulator {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    return simulator;
  }
  const takeProfit = () =>
    signal('EXIT_LONG', 105, { exit_reason: 'TAKE_PROFIT', timestamp: T0 + 1_000, ...quoted(105, 106) });

  it('rest at the ask and close as maker', () => {
    const simulator = withLong();
    const exit = takeProfit();
    expect(outcomes(simulator.onSignal(exit, T0 + 1_000))).toEqual([`${exit.signal_id}:RESTING`]);
    const [closed] = simulator.onMarket(print('106.1', T0 + 2_000), T0 + 2_000);
    expect(closed?.trade).toMatchObject({ exit_price: 106, gross_pnl: 6, fees: 0.0412, exit_ts: T0 + 2_000 });
  });

  it('become a taker fill at the last known book after the timeout', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    simulator.onMarket(book('103', '104', T0 + 20_000), T0 + 20_000);
    const [closed] = simulator.onTimer(T0 + 31_000);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 103, liquidity: 'TAKER' });
    expect(closed?.trade?.fees).toBeCloseTo(100 * 0.0002 + 103 * 0.0004, 12);
  });

  it('take the far side of their own quote after the timeout if no book arrived', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    expect(simulator.onTimer(T0 + 31_000)[0]?.decision.fill_price).toBe(105);
  });

  it('fill at the book whose time ends them', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    const [closed] = simulator.onMarket(book('80', '81', T0 + 31_000), T0 + 31_000);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 80, liquidity: 'TAKER' });
  });

  it('wait for the next book if nothing of the last minute is known at the timeout', () => {
    const before = withLong();
    before.onSignal(takeProfit(), T0 + 1_000);
    const { positions } = before.positionUpdate('BTCUSDT', T0);
    const books = [book('105', '106', T0 + 1_000)];
    const after = createSimulator(params('HF_LIMIT', 1), RUN, {
      positions,
      resting: before.restingOf('BTCUSDT'),
      books,
    });
    expect(after.onTimer(T0 + 61_001)).toEqual([]);
    expect(after.restingOrders()).toBe(1);
    const [closed] = after.onMarket(book('80', '81', T0 + 90_000), T0 + 90_000);
    expect(closed?.decision).toMatchObject({ fill_price: 80, liquidity: 'TAKER' });
  });

  it('take the newest restored book after the timeout', () => {
    const before = withLong();
    before.onSignal(takeProfit(), T0 + 1_000);
    before.onMarket(book('90', '91', T0 + 20_000), T0 + 20_000);
    // A book from Redis, which is older.
    before.onMarket(book('95', '96', T0 + 19_000), T0 + 20_000);
    const { positions } = before.positionUpdate('BTCUSDT', T0);
    const restored = { positions, resting: before.restingOf('BTCUSDT'), books: before.books() };
    const after = createSimulator(params('HF_LIMIT', 1), RUN, restored);
    expect(after.onTimer(T0 + 31_000)[0]?.decision.fill_price).toBe(90);
  });

  it('are cancelled by a stop, which fills at once', () => {
    const simulator = withLong();
    const exit = takeProfit();
    const stop = signal('EXIT_LONG', 98, { exit_reason: 'STOP_LOSS', ...quoted(97, 98) });
    simulator.onSignal(exit, T0 + 1_000);
    const effects = simulator.onSignal(stop, T0 + 2_000);
    expect(outcomes(effects)).toEqual([`${exit.signal_id}:MISSED*`, `${stop.signal_id}:CLOSED`]);
    expect(effects[1]?.trade).toMatchObject({ exit_price: 97, exit_signal_id: stop.signal_id });
    expect(simulator.onTimer(T0 + 100_000)).toEqual([]);
  });

  it('keep the first deadline if requested again', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    simulator.onSignal({ ...takeProfit(), timestamp: T0 + 20_000 }, T0 + 20_000);
    expect(simulator.positionUpdate('BTCUSDT', T0).orders).toMatchObject([{ expires_ts: T0 + 31_000 }]);
  });

  it('are cancelled when their position is replaced', () => {
    const simulator = withLong();
    const exit = takeProfit();
    const entry = signal('LONG', 101);
    simulator.onSignal(exit, T0 + 1_000);
    expect(outcomes(simulator.onSignal(entry, T0 + 2_000))).toEqual([
      `${exit.signal_id}:MISSED*`,
      `${entry.signal_id}:REPLACED`,
    ]);
  });

  it('are replaced by the SESSION_END exit that follows the break', () => {
    const simulator = withLong();
    const exit = takeProfit();
    simulator.onSignal(exit, T0 + 1_000);
    expect(simulator.onMarket(sessionEnd(T0 + 3_000), T0 + 3_000)).toEqual([]);
    const end = signal('EXIT_LONG', 104, { exit_reason: 'SESSION_END', ...quoted(104, 105) });
    const effects = simulator.onSignal(end, T0 + 3_000);
    expect(outcomes(effects)).toEqual([`${exit.signal_id}:MISSED*`, `${end.signal_id}:CLOSED`]);
    expect(effects[1]?.decision).toMatchObject({ fill_price: 104, liquidity: 'TAKER', exit_reason: 'SESSION_END' });
  });
});
