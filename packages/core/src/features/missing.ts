/** The quotient; missing (NaN) if the divisor is 0 or missing. */
export function ratio(dividend: number, divisor: number): number {
  return divisor > 0 ? dividend / divisor : Number.NaN;
}

/** (a − b) / (a + b), −1..1; missing (NaN) if both are 0 or one is missing. */
export function balance(a: number, b: number): number {
  return ratio(a - b, a + b);
}

/** So many missing (NaN) values. */
export function missingValues(count: number): number[] {
  return Array.from({ length: count }, () => Number.NaN);
}
