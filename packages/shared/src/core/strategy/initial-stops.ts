import type { StrategyParams } from '../../domain/settings.ts';
import type { Side } from '../../domain/signal.ts';
import { priceBeside } from './price-decimals.ts';
import { signOf } from './side-sign.ts';
import { stopDistance } from './trailing.ts';

/** A target never lies below this share of the entry price, however far its distance. */
const LOWEST_TARGET_SHARE = 0.01;

export interface InitialStops {
  readonly stopLoss: number;
  readonly takeProfit: number;
}

/**
 * Stop and target of an entry: the stop `stop_loss_atr` ATRs away, scaled by the regime and kept within `min_stop_pct` and
 * `max_stop_pct`; the target in the ratio of the two multiples, so that clamping leaves reward to risk as it was set.
 * Without any measure of volatility the stop is the nearest one allowed.
 */
export function initialStops(
  side: Side,
  entryPrice: number,
  atr: number | undefined,
  stopFactor: number,
  risk: StrategyParams['risk'],
  decimals: number,
): InitialStops {
  const sign = signOf(side);
  const distance = stopDistance(entryPrice, atr ?? 0, risk.stop_loss_atr * stopFactor, risk);
  const reach = (distance * risk.take_profit_atr) / risk.stop_loss_atr;
  const target = side === 'LONG' ? reach : Math.min(reach, entryPrice * (1 - LOWEST_TARGET_SHARE));
  return {
    stopLoss: priceBeside(entryPrice, -sign * distance, decimals),
    takeProfit: priceBeside(entryPrice, sign * target, decimals),
  };
}
