/** Decimals of a price as the venue writes it: `"28170.10"` has 2. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

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

/** Decimal digits without an exponent, for sentences that people read: 1.2e-8 is `0.000000012`. */
export function decimalText(value: number): string {
  const [, fraction = '', exponent] = /^-?\d+(?:\.(\d+))?e-(\d+)$/.exec(String(value)) ?? [];
  return exponent === undefined ? String(value) : value.toFixed(Number(exponent) + fraction.length);
}

/** `value` to six significant digits, so that records read well and compare equal. By arithmetic: through text it takes three times as long. */
export function sixDigits(value: number): number {
  if (value === 0) return 0;
  if (!Number.isFinite(value)) return value;
  const decimals = 5 - Math.floor(Math.log10(Math.abs(value)));
  const scale = 10 ** Math.abs(decimals);
  return decimals >= 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
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
