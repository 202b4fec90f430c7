/** Number of decimals of a price text: 2 for `"28170.10"`. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

/** Decimal text without an exponent, for people: 1.2e-8 is `0.000000012`. */
export function decimalText(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const [, fraction = '', exponent] = /^-?\d+(?:\.(\d+))?e-(\d+)$/.exec(text) ?? [];
  return exponent === undefined ? text : value.toFixed(Number(exponent) + fraction.length);
}

/** Removes trailing zeros, as in `tick_size` and `step_size`: `0.0000100` becomes `0.00001`. */
export function withoutEndZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** True if all digits are zero: `0`, `0.000`. */
export function isZeroText(decimal: string): boolean {
  for (let i = 0; i < decimal.length; i += 1) {
    const code = decimal.charCodeAt(i);
    if (code !== 48 && code !== 46) return false;
  }
  return true;
}
