import { parseDecimal } from '@helios/core/price/parse-decimal.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

/** A JSON object with unchecked fields. */
export interface Loose {
  readonly [field: string]: unknown;
}

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a whole number that JSON carries exactly: an id, or epoch ms. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const SYMBOL = /^[A-Z0-9_]{2,30}$/;

/** True for a symbol in upper case, as the venue writes it. */
export function isSymbol(value: unknown): value is string {
  return typeof value === 'string' && SYMBOL.test(value);
}

/** True for a row of a symbol that Helios does not trade, such as one with other letters than A to Z. */
export function isOfOtherSymbol(row: unknown, field: string): boolean {
  return isLoose(row) && typeof row[field] === 'string' && !isSymbol(row[field]);
}

/** True for a decimal string above zero. */
export function isPositiveDecimal(value: unknown): value is string {
  return typeof value === 'string' && parseDecimal(value) > 0;
}

/** True for a decimal string of zero or more. */
export function isUnsignedDecimal(value: unknown): value is string {
  return typeof value === 'string' && parseDecimal(value) >= 0;
}

/** True for a decimal string with an optional sign, such as a funding rate. */
export function isSignedDecimal(value: unknown): value is string {
  return typeof value === 'string' && parseDecimal(value.startsWith('-') ? value.slice(1) : value) >= 0;
}

/** True for pairs of a positive price and a quantity; quantity 0 removes the level. */
export function isLevels(value: unknown): value is Level[] {
  if (!Array.isArray(value)) return false;
  for (const level of value) {
    if (!Array.isArray(level) || level.length !== 2) return false;
    if (!isPositiveDecimal(level[0]) || !isUnsignedDecimal(level[1])) return false;
  }
  return true;
}
