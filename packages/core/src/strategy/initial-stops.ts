import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { type PriceGrid, priceBeside } from '../price/price-grid.ts';
import { signOf } from './side-sign.ts';
import { stopBeside, stopDistance } from './stop-price.ts';

/** Minimum distance of a stop, in spreads: normal noise of the book would trigger a closer one. */
const MIN_SPREADS = 2;
/** Minimum target, as a share of the entry price. */
const LOWEST_TARGET_SHARE = 0.01;
export interface InitialStops {
  readonly stopLoss: number;
  readonly takeProfit: number;
}

/**
 * Stop and target of an entry. The stop is `stop_loss_atr` ATRs of the horizon away, scaled by the regime and limited to `min_stop_pct` …
 * `max_stop_pct`. The target keeps the ratio of the two multiples, so the limits do not change reward to risk. Without any
 * volatility figure the stop has the minimum distance. A stop is at least two spreads away, unless `max_stop_pct` is less: a
 * position is valued on its closing side, and the spread alone must not close it.
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

/** Maximum spread, percent of the mid, that leaves room for a stop: two spreads within `max_stop_pct` of the lower price. */
export function widestSpreadPct({ max_stop_pct }: Pick<StrategyParams['risk'], 'max_stop_pct'>): number {
  return max_stop_pct / (MIN_SPREADS + max_stop_pct / 200);
}
