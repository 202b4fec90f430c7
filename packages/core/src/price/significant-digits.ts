/** A double holds nearly 16 significant digits; one or two operations may spoil the last ones. */
const DIGITS = 14;
const MAX_DECIMALS = 100;

/**
 * Rounds an amount to 14 significant digits of `scale` (default: the amount itself). Coins cost from 1e-8 to 1e5, so a fixed
 * number of decimals would round small amounts to nothing. For a sum or difference, pass the larger operand as `scale`: 105.1 −
 * 100 is then 5.1.
 */
export function roundMoney(amount: number, scale: number = amount): number {
  if (amount === 0 || scale === 0 || !Number.isFinite(amount)) return amount + 0;
  const decimals = DIGITS - 1 - Math.floor(Math.log10(Math.abs(scale)));
  if (decimals < 0) return Number(amount.toPrecision(DIGITS));
  return Number(amount.toFixed(Math.min(decimals, MAX_DECIMALS)));
}

/** a + b without binary rounding noise. */
export function addMoney(a: number, b: number): number {
  return roundMoney(a + b, Math.max(Math.abs(a), Math.abs(b)));
}

/** The sum of two base quantities without binary rounding noise: a quantity on its step may have one digit more than money. */
export function addQuantity(a: number, b: number): number {
  if (a === 0 || b === 0 || a === -b) return a + b;
  const scale = Math.max(Math.abs(a), Math.abs(b));
  const decimals = DIGITS - Math.floor(Math.log10(scale));
  const sum = a + b;
  return decimals < 0 ? Number(sum.toPrecision(DIGITS + 1)) : Number(sum.toFixed(Math.min(decimals, MAX_DECIMALS)));
}

/**
 * `value` to six significant digits, so that records are readable and comparable. Uses arithmetic; going through text takes three
 * times as long.
 */
export function sixDigits(value: number): number {
  if (value === 0) return 0;
  if (!Number.isFinite(value)) return value;
  const decimals = 5 - Math.floor(Math.log10(Math.abs(value)));
  const scale = 10 ** Math.abs(decimals);
  return decimals >= 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
}
