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

/** The same decimal without zeros at its end, as `tick_size` and `step_size` are written: `0.0000100` is `0.00001`. */
export function withoutEndZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
