import type { ExitReason } from '@helios/shared/domain/signal.ts';
import { describe, expect, it } from 'vitest';
import type { SimulationMode } from '../execution/fees.ts';
import { book, params, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator, type Simulator } from '../trading/paper-trading.ts';

describe('round trips computed by hand: LONG at 100, EXIT_LONG at 105, without a quote', () => {
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

describe('our own exit without a quote', () => {
  const exitOn = (entry_price: number, now: number) =>
    signal('EXIT_LONG', entry_price, { origin: 'ENGINE', exit_reason: 'TAKE_PROFIT', timestamp: now });

  function withLong(): Simulator {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    simulator.onMarket(book('100.0', '100.5', T0), T0);
    return simulator;
  }

  it('does not fill at the mark price of its decision, because nobody offered it', () => {
    const [closed] = withLong().onSignal(exitOn(101.2, T0 + 2_500), T0 + 2_500);
    expect(closed?.decision).toMatchObject({ outcome: 'CLOSED', fill_price: 100, liquidity: 'TAKER' });
    expect(closed?.trade?.fees).toBeCloseTo(100 * 0.0002 + 100 * 0.0004, 12);
  });

  it.each([
    // The last book is worse, or the price of the signal is.
    [101.2, 100],
    [97, 97],
  ])('fills at the worse of its price, %d, and the last book of any age: at %d', (price, fill_price) => {
    for (const ageMs of [60_001, 86_400_000]) {
      const [closed] = withLong().onSignal(exitOn(price, T0 + ageMs), T0 + ageMs);
      expect(closed?.decision).toMatchObject({ fill_price, liquidity: 'TAKER' });
    }
  });

  it('fills at its price if no book was ever seen', () => {
    const simulator = createSimulator(params('HF_LIMIT', 1), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    expect(simulator.onSignal(exitOn(101.2, T0), T0)[0]?.decision.fill_price).toBe(101.2);
  });
});

describe('a signal that waited', () => {
  it('over a minute old is MISSED if it is an entry, and changes nothing else', () => {
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

  it('up to a minute old is executed, whatever timestamp was typed', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    const now = T0 + 60_000;
    expect(simulator.onSignal(signal('LONG', 100), now)[0]?.decision.outcome).toBe('OPENED');
    const typed = signal('SHORT', 100, { timestamp: T0 - 3_600_000, ts_init: now });
    expect(simulator.onSignal(typed, now)[0]?.decision.outcome).toBe('OPENED');
  });

  it('of any age is executed if it is an exit', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    expect(simulator.onSignal(signal('EXIT_LONG', 105), T0 + 3_600_000)[0]?.decision.outcome).toBe('CLOSED');
  });
});

describe('positions', () => {
  it('are keyed by symbol and direction: LONG and SHORT exist side by side', () => {
    const simulator = createSimulator(params('HF_MARKET'), RUN);
    simulator.onSignal(signal('LONG', 100), T0);
    simulator.onSignal(signal('SHORT', 100), T0);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions.map(({ side }) => side)).toEqual(['LONG', 'SHORT']);
    const [effect] = simulator.onSignal(signal('EXIT_SHORT', 99), T0);
    expect(effect?.trade?.side).toBe('SHORT');
  });

  it('are replaced by a second LONG: no trade, and the first entry fee is never charged', () => {
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

  it('an EXIT without a position is recorded and changes nothing', () => {
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
