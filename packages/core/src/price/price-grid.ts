import { decimalsOf } from './decimal-text.ts';
import { sixDigits } from './significant-digits.ts';

/** The valid prices of a venue: multiples of `units` × 10^−`decimals`. */
export interface PriceGrid {
  readonly units: number;
  readonly decimals: number;
}

/** The grid of a tick; `"0.50"` is half a unit. */
export function gridOfTick(tick: string): PriceGrid {
  const decimals = decimalsOf(tick);
  return { units: Math.round(Number(tick) * 10 ** decimals), decimals };
}

/** The grid of all prices with this number of decimals, for an unknown tick. */
export function gridOfDecimals(decimals: number): PriceGrid {
  return { units: 1, decimals };
}

/** True for a multiple of the tick, up to rounding error. */
export function isOnGrid(price: number, { units, decimals }: PriceGrid): boolean {
  const steps = (price * 10 ** decimals) / units;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

/**
 * The price `distance` away from `from` (negative: below), rounded to the grid away from `from`. If the grid is too coarse for a
 * price that differs from `from` and is above zero, the result has six significant digits instead.
 */
export function priceBeside(from: number, distance: number, { units, decimals }: PriceGrid): number {
  const scale = 10 ** decimals;
  const exact = from + distance;
  // The small offset keeps a price that is already on the grid from moving through rounding error.
  const steps = distance > 0 ? Math.ceil((exact * scale) / units - 1e-6) : Math.floor((exact * scale) / units + 1e-6);
  const rounded = (steps * units) / scale;
  const strictlyBeside = distance > 0 ? rounded > from : rounded < from;
  return rounded > 0 && strictlyBeside ? rounded : sixDigits(exact);
}
