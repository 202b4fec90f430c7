import { decimalText } from '@helios/core/price/decimal-text.ts';

/** Digits that a double holds of any decimal. */
const EXACT_DIGITS = 15;

/** The decimal text of a price or quantity on its grid. Removes what binary sums add: 0.1 + 0.2 is `0.3`. */
export function requestDecimal(value: number): string {
  return decimalText(Number(value.toPrecision(EXACT_DIGITS)));
}
