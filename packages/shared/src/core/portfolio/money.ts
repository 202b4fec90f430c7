const DIGITS = 1e10;

/** Rounds an amount of money to ten decimals, so that 105.1 − 100 reads 5.1 and sums do not carry binary dust. */
export function roundMoney(amount: number): number {
  return Math.round(amount * DIGITS) / DIGITS;
}
