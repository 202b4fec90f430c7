/** Decimals of money. The venue books USDT to 1e-8; all amounts here are whole units of that, as bigint. */
const MONEY_DECIMALS = 8;

/** Parses a decimal such as `-12.5` into money units. More than eight decimals are cut off. */
export function moneyOf(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const digits = whole + fraction.slice(0, MONEY_DECIMALS).padEnd(MONEY_DECIMALS, '0');
  // A number of 15 digits is exact, and becomes a bigint faster than a text.
  const units = digits.length <= 15 ? BigInt(Number(digits)) : BigInt(digits);
  return negative ? -units : units;
}

/** Writes money with its eight decimals: `-1.77340000`. */
export function moneyText(money: bigint): string {
  return scaledText(money, MONEY_DECIMALS);
}

/** Writes `units` × 10^−`decimals` with all its decimals. */
export function scaledText(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Divides and rounds half away from zero; `divisor` is positive. */
export function divided(amount: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return (amount < 0n ? amount - half : amount + half) / divisor;
}

/** The absolute amount. */
export function absMoney(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
