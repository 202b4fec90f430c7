import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import { type PriceGrid, priceBeside } from '../price/price-grid.ts';
import { sixDigits } from '../price/significant-digits.ts';

/** Relative error that a difference of prices may have. */
const FLOAT_TAIL = 1e-9;

/** A distance of `atrs` ATRs, limited to the minimum and maximum stop distance, in price units. */
export function stopDistance(price: number, atr: number, atrs: number, risk: StrategyParams['risk']): number {
  const nearest = (price * risk.min_stop_pct) / 100;
  const farthest = (price * risk.max_stop_pct) / 100;
  return Math.min(Math.max(atr * atrs, nearest), farthest);
}

/**
 * The stop of a position at price `from`; `sign` is 1 for LONG. It lies on the grid of the venue, rounded away from `from`, or
 * towards it if it would lie beyond `farthest`.
 */
export function stopBeside(
  from: number,
  sign: 1 | -1,
  { distance, farthest }: { readonly distance: number; readonly farthest: number },
  grid: PriceGrid,
): number {
  const outward = priceBeside(from, -sign * distance, grid);
  if (sign * (from - outward) <= farthest * (1 + FLOAT_TAIL)) return outward;
  const { units, decimals } = grid;
  const inward = Number((outward + (sign * units) / 10 ** decimals).toFixed(decimals));
  return sign * (from - inward) > 0 ? inward : sixDigits(from - sign * distance);
}
