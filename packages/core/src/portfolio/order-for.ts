import type { OpenOrder } from '@helios/shared/domain/position.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';

/** How an order is to rest. Quantity in base currency, time in epoch ms. */
export interface Placement {
  readonly price: number;
  readonly quantity: number;
  readonly expiresTs: number;
}

/** The resting order that executes a signal. */
export function orderFor(run: string, signal: TradingSignal, { price, quantity, expiresTs }: Placement): OpenOrder {
  return {
    run,
    order_id: `sim-${signal.signal_id}`,
    signal_id: signal.signal_id,
    symbol: signal.symbol,
    side: sideOf(signal.direction),
    purpose: isExit(signal.direction) ? 'EXIT' : 'ENTRY',
    price,
    quantity,
    placed_ts: signal.timestamp,
    expires_ts: expiresTs,
    exit_reason: signal.exit_reason,
    simulated: true,
  };
}
