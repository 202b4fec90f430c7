import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { type PriceGrid, priceBeside } from '../price/price-grid.ts';
import { signOf } from './side-sign.ts';
import { stopBeside, stopDistance } from './stop-price.ts';

/** A stop nearer than this many spreads would be reached by the next flicker of the book. */
const MIN_SPREADS = 2;
/** A target never lies below this share of the entry price, however far its distance. */
const LOWEST_TARGET_SHARE = 0.01;
export interface InitialStops {
  readonly stopLoss: number;
  readonly takeProfit: number;
}

/**
 * Stop and target of an entry: the stop `stop_loss_atr` ATRs away, scaled by the regime and kept within `min_stop_pct` and
 * `max_stop_pct`; the target in the ratio of the two multiples, so that clamping leaves reward to risk as it was set.
 * Without any measure of volatility the stop is the nearest one allowed. No stop lies within twice the spread, unless
 * `max_stop_pct` is less than that: a position is judged on the side it could be closed at, and the spread alone must not close it.
 */
export function initialStops(
  side: Side,
  entryPrice: number,
  volatility: { readonly atr: number | undefined; readonly stopFactor: number; readonly spread: number },
  risk: StrategyParams['risk'],
  grid: PriceGrid,
): InitialStops {
  const sign = signOf(side);
  const { atr = 0, stopFactor, spread } = volatility;
  const atrs = risk.stop_loss_atr * stopFactor;
  const farthest = (entryPrice * risk.max_stop_pct) / 100;
  const distance = Math.min(Math.max(stopDistance(entryPrice, atr, atrs, risk), MIN_SPREADS * spread), farthest);
  const reach = (distance * risk.take_profit_atr) / risk.stop_loss_atr;
  const target = side === 'LONG' ? reach : Math.min(reach, entryPrice * (1 - LOWEST_TARGET_SHARE));
  return {
    stopLoss: stopBeside(entryPrice, sign, { distance, farthest }, grid),
    takeProfit: priceBeside(entryPrice, sign * target, grid),
  };
}

/** Widest spread, in percent of the mid, that leaves room for a stop: two of them within `max_stop_pct` of the lower price. */
export function widestSpreadPct({ max_stop_pct }: Pick<StrategyParams['risk'], 'max_stop_pct'>): number {
  return max_stop_pct / (MIN_SPREADS + max_stop_pct / 200);
}
