import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Book, MarketBreak, MarketTrade } from '../../domain/market-data.ts';
import type { ExitReason, SignalDirection, TradingSignal } from '../../domain/signal.ts';
import type { SimulationMode } from '../execution/fees.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from './simulator.ts';

const RUN = 'synthetic:test';
const T0 = 1_700_000_000_000;
const fees = { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp: 0.5 };

const params = (mode: SimulationMode, position_size = 0.01) => ({
  simulation: { mode, position_size, starting_balance: 10_000, limit_timeout_sec: 30 },
  fees,
});

let made = 0;
function signal(direction: SignalDirection, entry_price: number, fields: Partial<TradingSignal> = {}): TradingSignal {
  made += 1;
  return {
    signal_id: `s${made}`,
    run: RUN,
    symbol: 'BTCUSDT',
    direction,
    timestamp: T0,
    ts_init: T0,
    confidence: 0.6,
    nobi_value: 0.5,
    entry_price,
    reason: 'test',
    model: 'none',
    origin: 'EXTERNAL',
    ...fields,
  };
}

const quoted = (bid: number, ask: number) => ({ quote: { bid, ask } });
const book = (bid: string, ask: string, ts = T0, qty = '2'): Book => ({
  type: 'book',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  last_update_id: 1,
  bids: [[bid, qty]],
  asks: [[ask, qty]],
});
const print = (price: string, ts: number, qty = '0.5', buyer_is_maker = true): MarketTrade => ({
  type: 'trade',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  trade_id: 1,
  price,
  qty,
  buyer_is_maker,
});

const outcomes = (effects: readonly SimulatorEffect[]) =>
  effects.map(({ decision, isNew }) => `${decision.decision_id}:${decision.outcome}${isNew ? '' : '*'}`);

describe('round trips by hand: LONG at 100, EXIT_LONG at 105, without a quote', () => {
  const cases: [SimulationMode, ExitReason | undefined, number][] = [
    ['HF_MARKET', undefined, 0.0004 + 0.00042],
    ['LF_MARKET', 'TAKE_PROFIT', 0.0004 + 0.00042],
    ['HF_MARKET', 'STOP_LOSS', 0.0004 + 0.00042],
    ['HF_LIMIT', undefined, 0.0002 + 0.00021],
    ['LF_LIMIT', 'TAKE_PROFIT', 0.0002 + 0.00021],
    ['HF_LIMIT', 'STOP_LOSS', 0.0002 + 0.00042],
    ['LF_LIMIT', 'TIME_EXIT', 0.0002 + 0.00042],
    ['LF_LIMIT', 'SESSION_END', 0.0002 + 0.00042],
  ];
  it.each(cases)('%s, %s', (mode, exit_reason, feesPerUnit) => {
    const simulator = createSimulator(params(mode), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    const [effect] = simulator.onSignal(signal('EXIT_LONG', 105, { exit_reason }), T0);
    // 5 × 0.01 gross; fees are rates × price (100 and 105) × 0.01.
    expect(effect?.trade?.gross_pnl).toBe(0.05);
    expect(effect?.trade?.fees).toBeCloseTo(feesPerUnit, 12);
    expect(effect?.decision.realized_pnl).toBeCloseTo(0.05 - feesPerUnit, 12);
    expect(effect?.decision.outcome).toBe('CLOSED');
  });

  it('SHORT earns when the price falls', () => {
    const simulator = createSimulator(params('HF_MARKET', 2), RUN);
    simulator.onSignal(signal('SHORT', 100), T0);
    const [effect] = simulator.onSignal(signal('EXIT_SHORT', 90), T0);
    expect(effect?.trade).toMatchObject({ gross_pnl: 20, fees: 0.152, realized_pnl: 19.848 });
  });
});

describe('MARKET fills', () => {
  it('pay the spread: in at the ask, out at the bid', () => {
    const simulator = createSimulator(params('HF_MARKET', 1), RUN);
    simulator.onSignal(signal('LONG', 100.5, quoted(100, 101)), T0);
    const [effect] = simulator.onSignal(signal('EXIT_LONG', 100.5, quoted(100, 101)), T0);
    expect(effect?.trade).toMatchObject({ entry_price: 101, exit_price: 100, gross_pnl: -1 });
  });
});

describe('an exit of our own without a quote', () => {
  const exitOn = (entry_price: number, now: number) =>
    signal('EXIT_LONG', entry_price, { origin: 'ENGINE', exit_reason: 'TAKE_PROFIT', timestamp: now });

  function withLong(): Simulator {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    simulator.onMarket(book('100.0', '100.5', T0), T0);
    return simulator;
  }

  it('decided on a mark price does not fill there, as nobody offered it', () => {
    const [closed] = withLong().onSignal(exitOn(101.2, T0 + 2_500), T0 + 2_500);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 100, liquidity: 'TAKER' });
    expect(closed?.trade?.fees).toBeCloseTo(100 * 0.0002 + 100 * 0.0004, 12);
  });

  it.each([
    // The last book is worse, or the price of the signal is.
    [101.2, 100],
    [97, 97],
  ])('fills at the worse of its price, %d, and the last book, however old that is: at %d', (price, fill_price) => {
    for (const ageMs of [60_001, 86_400_000]) {
      const [closed] = withLong().onSignal(exitOn(price, T0 + ageMs), T0 + ageMs);
      expect(closed?.decision).toMatchObject({ fill_price, liquidity: 'TAKER' });
    }
  });

  it('fills at its price where no book was ever seen', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    expect(simulator.onSignal(exitOn(101.2, T0), T0)[0]?.decision.fill_price).toBe(101.2);
  });
});

describe('a signal that waited', () => {
  it('for over a minute is MISSED where it would enter, and touches nothing else', () => {
    const simulator = createSimulator(params('HF_LIMIT'), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    simulator.onSignal(signal('LONG', 100, { ts_init: T0 + 50_000, ...quoted(100, 101) }), T0 + 60_000);
    const before = simulator.positionUpdate('BTCUSDT', T0);
    const [missed, ...others] = simulator.onSignal(signal('LONG', 100, quoted(100, 101)), T0 + 60_001);
    expect(others).toEqual([]);
    expect(missed).toMatchObject({
      isNew: true,
      decision: { outcome: 'MISSED', reason: 'test (too old: read 60 s after it was made)' },
    });
    expect(simulator.positionUpdate('BTCUSDT', T0)).toEqual(before);
  });

  it('is taken up to a minute, with whatever timestamp it was typed', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    const now = T0 + 60_000;
    expect(simulator.onSignal(signal('LONG', 100), now)[0]?.decision.outcome).toBe('OPENED');
    const typed = signal('SHORT', 100, { timestamp: T0 - 3_600_000, ts_init: now });
    expect(simulator.onSignal(typed, now)[0]?.decision.outcome).toBe('OPENED');
  });

  it('is taken whatever its age where it leaves', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    expect(simulator.onSignal(signal('EXIT_LONG', 105), T0 + 3_600_000)[0]?.decision.outcome).toBe('CLOSED');
  });
});

describe('positions', () => {
  it('are keyed by symbol and direction: LONG and SHORT stand side by side', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    simulator.onSignal(signal('SHORT', 100), T0);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions.map(({ side }) => side)).toEqual(['LONG', 'SHORT']);
    const [effect] = simulator.onSignal(signal('EXIT_SHORT', 99), T0);
    expect(effect?.trade?.side).toBe('SHORT');
  });

  it('a second LONG replaces: no trade, and the first entry fee is never charged', () => {
    const simulator = createSimulator(params('HF_MARKET', 1), RUN);
    simulator.onSignal(signal('LONG', 50_000), T0);
    const second = signal('LONG', 100);
    const [replaced] = simulator.onSignal(second, T0);
    expect(replaced?.decision.outcome).toBe('REPLACED');
    expect(replaced?.trade).toBeUndefined();
    expect(replaced?.decision.fees).toBeUndefined();
    const [closed] = simulator.onSignal(signal('EXIT_LONG', 105), T0);
    expect(closed?.trade).toMatchObject({ entry_signal_id: second.signal_id, gross_pnl: 5, fees: 0.082 });
  });

  it('an EXIT without a position is logged and changes nothing', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    simulator.onSignal(signal('SHORT', 100), T0);
    const before = simulator.positionUpdate('BTCUSDT', T0);
    const effects = simulator.onSignal(signal('EXIT_LONG', 105), T0);
    expect(effects).toHaveLength(1);
    expect(effects[0]?.decision.outcome).toBe('ORPHAN_EXIT');
    expect(effects[0]?.decision.realized_pnl).toBeUndefined();
    expect(simulator.positionUpdate('BTCUSDT', T0)).toEqual(before);
  });
});

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

  it('open with the quantity they were placed with, whatever the setting says after a restart', () => {
    const before = createSimulator(params('HF_LIMIT', 1), RUN);
    before.onSignal(signal('LONG', 100.5, quoted(100, 101)), T0);
    const resting = before.restingOf('BTCUSDT');
    const after = createSimulator(params('HF_LIMIT', 5), RUN, { positions: [], resting });
    const [opened] = after.onMarket(print('99', T0 + 1), T0 + 1);
    expect(opened?.decision.position_size).toBe(1);
    expect(after.positionUpdate('BTCUSDT', T0).positions).toMatchObject([{ quantity: 1, entry_fee: 0.02 }]);
  });

  it('queue behind what the book showed', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onMarket(book('100', '101', T0, '2'), T0);
    simulator.onSignal(signal('LONG', 100.5, quoted(100, 101)), T0);
    expect(simulator.onMarket(print('100', T0 + 1, '2'), T0 + 1)).toEqual([]);
    expect(simulator.onMarket(print('100', T0 + 2, '1'), T0 + 2)).toHaveLength(1);
  });

  it('are MISSED at the timeout, not a millisecond before, and a late trade does not help', () => {
    const simulator = createSimulator(params('HF_LIMIT'), RUN);
    const entry = signal('SHORT', 100.5, quoted(100, 101));
    simulator.onSignal(entry, T0);
    expect(simulator.onTimer(T0 + 29_999)).toEqual([]);
    const late = simulator.onMarket(print('102', T0 + 30_000), T0 + 30_000);
    expect(outcomes(late)).toEqual([`${entry.signal_id}:MISSED*`]);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions).toEqual([]);
  });

  it('replace a position only once filled', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 90), T0);
    simulator.onSignal(signal('LONG', 100, quoted(100, 101)), T0);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions[0]?.entry_price).toBe(90);
    const [effect] = simulator.onMarket(print('99', T0 + 1), T0 + 1);
    expect(effect?.decision.outcome).toBe('REPLACED');
    expect(simulator.positionUpdate('BTCUSDT', T0).positions[0]?.entry_price).toBe(100);
  });

  it('give way to a later entry, and to an exit', () => {
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

const sessionEnd = (ts: number): MarketBreak => ({
  type: 'break',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  kind: 'SESSION_END',
  reason: 'recording ended',
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

  it('missed, become a taker fill at the last known book', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    simulator.onMarket(book('103', '104', T0 + 20_000), T0 + 20_000);
    const [closed] = simulator.onTimer(T0 + 31_000);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 103, liquidity: 'TAKER' });
    expect(closed?.trade?.fees).toBeCloseTo(100 * 0.0002 + 103 * 0.0004, 12);
  });

  it('missed without any book since, take the far side of their own quote', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    expect(simulator.onTimer(T0 + 31_000)[0]?.decision.fill_price).toBe(105);
  });

  it('missed, take what the book offers that tells of the time', () => {
    const simulator = withLong();
    simulator.onSignal(takeProfit(), T0 + 1_000);
    const [closed] = simulator.onMarket(book('80', '81', T0 + 31_000), T0 + 31_000);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 80, liquidity: 'TAKER' });
  });

  it('missed while nothing of the last minute is known, wait for the next book', () => {
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

  it('missed after the books were handed over, take the newest of them', () => {
    const before = withLong();
    before.onSignal(takeProfit(), T0 + 1_000);
    before.onMarket(book('90', '91', T0 + 20_000), T0 + 20_000);
    // Read from state, and older.
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

  it('asked for again keep the first deadline', () => {
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

  it('give way to the SESSION_END exit that follows the break', () => {
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
  it('each signal is new exactly once, in order, and rests at most until it is changed once', () => {
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

  it('realised is gross minus fees, both non-negative fees, and one position a key', () => {
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

  it('a simulator restored half-way goes on as if nothing had happened', () => {
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
