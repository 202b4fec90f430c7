import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from './close-position.ts';
import { roundMoney } from './money.ts';

/** The position that an entry's fill opens; its fee is paid in quote currency. */
export function openPosition(run: string, entry: TradingSignal, quantity: number, fill: Fill): OpenPosition {
  return {
    run,
    symbol: entry.symbol,
    side: sideOf(entry.direction),
    quantity,
    entry_price: fill.price,
    entry_ts: fill.ts,
    entry_fee: roundMoney(fill.price * quantity * fill.rate),
    entry_slippage: fill.slippage,
    signal_id: entry.signal_id,
    stop_loss: entry.stop_loss,
    take_profit: entry.take_profit,
    regime: entry.regime,
    origin: entry.origin,
    simulated: true,
  };
}
