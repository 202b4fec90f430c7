import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import { unitsOf, unitText } from '@helios/core/price/unit-text.ts';

/** Decimals of a symbol's whole numbers; −1 while unknown. */
export interface UnitScales {
  readonly price: number;
  readonly qty: number;
  readonly tradePrice: number;
  readonly tradeQty: number;
  readonly mark: number;
  readonly index: number;
  readonly rate: number;
}

export const NO_SCALES: UnitScales = {
  price: -1,
  qty: -1,
  tradePrice: -1,
  tradeQty: -1,
  mark: -1,
  index: -1,
  rate: -1,
};

/** A number holds 15 digits exactly. */
const MAX_DECIMALS = 15;

/** A text as a whole number of 10^−`scale`, where `scale` is its number of decimals; undefined if the number cannot give it back. */
export function exactUnits(text: string): { readonly units: number; readonly scale: number } | undefined {
  const scale = decimalsOf(text);
  if (scale > MAX_DECIMALS) return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  const units = sign * unitsOf(sign < 0 ? text.slice(1) : text, scale);
  return Number.isSafeInteger(units) && signedText(units, scale) === text ? { units, scale } : undefined;
}

/** The text of a number that may be negative. */
export function signedText(units: number, scale: number): string {
  return units < 0 ? `-${unitText(-units, scale)}` : unitText(units, scale);
}
