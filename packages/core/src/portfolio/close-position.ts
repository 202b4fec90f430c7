import type { ClosedTrade, OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { addMoney, roundMoney } from './money.ts';

/** One executed leg. `rate` is the fee as a fraction of notional, `slippage` a part of the price in quote currency. */
export interface Fill {
  readonly price: number;
  readonly ts: number;
  readonly rate: number;
  readonly slippage: number;
}

/**
 * The round trip that a fill completes: gross = (exit − entry) × quantity, sign by side; fees = both legs;
 * realised = gross − fees − funding. Quote currency.
 */
export function closePosition(position: OpenPosition, exit: TradingSignal, fill: Fill): ClosedTrade {
  const rise = addMoney(fill.price, -position.entry_price);
  const gross = roundMoney((position.side === 'LONG' ? rise : -rise) * position.quantity);
  const fees = addMoney(position.entry_fee, fill.price * position.quantity * fill.rate);
  const { funding = 0, funding_times_missed } = position;
  return {
    run: position.run,
    entry_signal_id: position.signal_id,
    exit_signal_id: exit.signal_id,
    symbol: position.symbol,
    side: position.side,
    quantity: position.quantity,
    entry_price: position.entry_price,
    exit_price: fill.price,
    entry_ts: position.entry_ts,
    exit_ts: fill.ts,
    exit_reason: exit.exit_reason,
    gross_pnl: gross,
    fees,
    slippage: addMoney(position.entry_slippage ?? 0, fill.slippage),
    funding,
    ...(funding_times_missed !== undefined && { funding_times_missed }),
    realized_pnl: addMoney(addMoney(gross, -fees), -funding),
    origin: position.origin ?? 'ENGINE',
    simulated: position.simulated,
  };
}
