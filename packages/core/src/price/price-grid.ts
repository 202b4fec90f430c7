import { decimalsOf } from './decimal-text.ts';
import { sixDigits } from './significant-digits.ts';

/** The prices that a venue takes: multiples of `units` × 10^−`decimals`. */
export interface PriceGrid {
  readonly units: number;
  readonly decimals: number;
}

/** The multiples of a tick; `"0.50"` is half a unit. */
export function gridOfTick(tick: string): PriceGrid {
  const decimals = decimalsOf(tick);
  return { units: Math.round(Number(tick) * 10 ** decimals), decimals };
}

/** All prices with so many decimals: where nobody tells the tick. */
export function gridOfDecimals(decimals: number): PriceGrid {
  return { units: 1, decimals };
}

/**
 * A price beside `from`, `distance` away (negative: below), on the venue's grid and never nearer than asked.
 * Where the grid is too coarse to lie strictly beside `from` and above zero, six significant digits are kept instead.
 */
export function priceBeside(from: number, distance: number, { units, decimals }: PriceGrid): number {
  const scale = 10 ** decimals;
  const exact = from + distance;
  // The small push keeps a price that already lies on the grid from being moved by its own rounding error.
  const steps = distance > 0 ? Math.ceil((exact * scale) / units - 1e-6) : Math.floor((exact * scale) / units + 1e-6);
  const rounded = (steps * units) / scale;
  const strictlyBeside = distance > 0 ? rounded > from : rounded < from;
  return rounded > 0 && strictlyBeside ? rounded : sixDigits(exact);
}
