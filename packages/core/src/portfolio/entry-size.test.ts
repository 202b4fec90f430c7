import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { describe, expect, it } from 'vitest';
import { book, byNotional, outcomes, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator } from '../trading/paper-trading.ts';

const BTC: Instrument = {
  symbol: 'BTCUSDT',
  tick_size: '0.1',
  step_size: '0.001',
  min_qty: '0.001',
  min_notional: '100',
};
const XRP: Instrument = { symbol: 'XRPUSDT', tick_size: '0.0001', step_size: '0.1', min_qty: '0.1', min_notional: '5' };
/** By notional, in quote currency, with both instruments known. */
const simulate = (notional: number, mode: 'HF_MARKET' | 'HF_LIMIT' = 'HF_MARKET') =>
  createSimulator(byNotional(mode, notional), RUN, { positions: [], resting: [], instruments: [BTC, XRP] });

describe('simulated entries are sized by notional', () => {
  it('so that BTC and XRP have the same value', () => {
    const simulator = simulate(1_000);
    const [btc] = simulator.onSignal(signal('LONG', 64_000, quoted(63_999.9, 64_000)), T0);
    const [xrp] = simulator.onSignal(signal('SHORT', 0.58, { symbol: 'XRPUSDT', ...quoted(0.58, 0.5801) }), T0);
    expect(btc?.decision).toMatchObject({ outcome: 'OPENED', position_size: 0.015 });
    expect(xrp?.decision).toMatchObject({ outcome: 'OPENED', position_size: 1_724.1 });
    expect(simulator.positionUpdate('XRPUSDT', T0).positions).toMatchObject([{ quantity: 1_724.1 }]);
  });

  it('and denied below the minimum with its figures; open positions and orders stay unchanged', () => {
    const simulator = simulate(110, 'HF_LIMIT');
    simulator.onMarket(book('64000', '64000.1', T0), T0);
    const held = signal('SHORT', 64_000, { symbol: 'XRPUSDT' });
    const resting = signal('LONG', 50_000, quoted(50_000, 50_000.1));
    simulator.onSignal(held, T0);
    expect(outcomes(simulator.onSignal(resting, T0))).toEqual([`${resting.signal_id}:RESTING`]);
    const entry = signal('LONG', 64_000, quoted(64_000, 64_000.1));
    const effects = simulator.onSignal(entry, T0);
    expect(outcomes(effects)).toEqual([`${entry.signal_id}:DENIED`]);
    expect(effects[0]?.decision).toMatchObject({
      denial: { code: 'NOTIONAL_BELOW_MINIMUM', value: 64, limit: 100 },
      reason: expect.stringContaining('raise simulation.position_notional (64 USDT against 100 USDT)'),
    });
    expect(effects[0]?.decision.position_size).toBeUndefined();
    const update = simulator.positionUpdate('BTCUSDT', T0);
    expect(update.orders).toMatchObject([{ signal_id: resting.signal_id }]);
    expect(simulator.takeExecutions().at(-1)).toMatchObject({
      signal_id: entry.signal_id,
      answer: 'DENIED',
      denial: { code: 'NOTIONAL_BELOW_MINIMUM', value: 64, limit: 100 },
    });
  });
});
