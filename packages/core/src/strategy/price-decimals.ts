/** Decimals of a price as the venue writes it: `"28170.10"` has 2. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
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
 * A price beside `from`, `distance` away (negative: below), on the venue's decimals and never nearer than asked.
 * Where the decimals are too coarse to lie strictly beside `from` and above zero, six significant digits are kept instead.
 */
export function priceBeside(from: number, distance: number, decimals: number): number {
  const scale = 10 ** decimals;
  const exact = from + distance;
  // The small push keeps a price that already lies on the grid from being moved by its own rounding error.
  const steps = distance > 0 ? Math.ceil(exact * scale - 1e-6) : Math.floor(exact * scale + 1e-6);
  const rounded = steps / scale;
  const strictlyBeside = distance > 0 ? rounded > from : rounded < from;
  return rounded > 0 && strictlyBeside ? rounded : sixDigits(exact);
}
