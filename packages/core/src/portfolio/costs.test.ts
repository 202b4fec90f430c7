import type { Book, Level } from '@helios/shared/domain/market-data.ts';
import { describe, expect, it } from 'vitest';
import { params, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator } from '../trading/paper-trading.ts';

const levels = (best: number, step: number): Level[] =>
  Array.from({ length: 20 }, (_, i) => [(best + i * step).toFixed(1), '0.300']);
const deep: Book = {
  type: 'book',
  symbol: 'BTCUSDT',
  ts_event: T0,
  ts_init: T0,
  last_update_id: 1,
  asks: levels(64_000, 10),
  bids: levels(63_999, -10),
};
/** No fees, and the given slippage. */
const simulate = (size: number, slippage_bp: number) => {
  const settings = params('HF_MARKET', size);
  const simulator = createSimulator({ ...settings, fees: { ...settings.fees, slippage_bp } }, RUN);
  simulator.onMarket(deep, T0);
  return simulator;
};
const decidedOn = { origin: 'ENGINE', ...quoted(63_999, 64_000) } as const;

describe('the costs of a simulated trade', () => {
  it('a MARKET entry and exit walk through the levels, and the trade records the cost', () => {
    const simulator = simulate(0.75, 0);
    const [opened] = simulator.onSignal(signal('LONG', 64_000, decidedOn), T0);
    expect(opened?.decision).toMatchObject({ fill_price: 64_008, slippage: 6 });
    expect(opened?.decision.beyond_book_qty).toBeUndefined();
    const [closed] = simulator.onSignal(signal('EXIT_LONG', 63_999, { exit_reason: 'STOP_LOSS', ...decidedOn }), T0);
    expect(closed?.trade).toMatchObject({ entry_price: 64_008, exit_price: 63_991, gross_pnl: -12.75, slippage: 12 });
    expect(closed?.decision).toMatchObject({ fill_price: 63_991, gross_pnl: -12.75, slippage: 12 });
  });

  it('25 BTC do not fill at the first ask of 0.3: the quantity beyond the book costs more and is recorded', () => {
    const simulator = simulate(25, 0);
    const [opened] = simulator.onSignal(signal('LONG', 64_000, decidedOn), T0);
    expect(opened?.decision).toMatchObject({ position_size: 25, beyond_book_qty: 19 });
    expect(opened?.decision.fill_price).toBeGreaterThan(64_190);
    expect(simulator.positionUpdate('BTCUSDT', T0).positions[0]?.entry_price).toBe(opened?.decision.fill_price);
  });

  it('slippage_bp is part of every taker fill, also of an exit whose LIMIT order timed out', () => {
    const simulator = simulate(0.3, 0.5);
    const [opened] = simulator.onSignal(signal('SHORT', 63_999, decidedOn), T0);
    expect(opened?.decision.fill_price).toBe(63_995.80005);
    const settings = params('HF_LIMIT', 1);
    const limit = createSimulator({ ...settings, fees: { ...settings.fees, slippage_bp: 10 } }, RUN);
    limit.onSignal(signal('LONG', 100), T0);
    limit.onSignal(signal('EXIT_LONG', 105, { exit_reason: 'TAKE_PROFIT', ...quoted(105, 106) }), T0);
    const [closed] = limit.onTimer(T0 + 30_000);
    expect(closed?.decision).toMatchObject({ liquidity: 'TAKER', fill_price: 104.895, slippage: 0.105 });
  });

  it('a hand-made price costs no slippage if no market is known', () => {
    const settings = params('HF_MARKET', 1);
    const simulator = createSimulator({ ...settings, fees: { ...settings.fees, slippage_bp: 10 } }, RUN);
    const [opened] = simulator.onSignal(signal('LONG', 100), T0);
    expect(opened?.decision).toMatchObject({ fill_price: 100, slippage: 0 });
  });
});
