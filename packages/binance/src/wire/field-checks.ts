import { parseDecimal } from '@helios/core/price/parse-decimal.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

/** A JSON object whose fields are not known yet. */
export interface Loose {
  readonly [field: string]: unknown;
}

export function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number that JSON carried exactly: an id, or epoch milliseconds. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const SYMBOL = /^[A-Z0-9_]{2,30}$/;

/** A symbol as the venue writes it, upper case. */
export function isSymbol(value: unknown): value is string {
  return typeof value === 'string' && SYMBOL.test(value);
}

/** A decimal string above zero. */
export function isPositiveDecimal(value: unknown): value is string {
  return typeof value === 'string' && parseDecimal(value) > 0;
}

/** A decimal string, zero included. */
export function isUnsignedDecimal(value: unknown): value is string {
  return typeof value === 'string' && parseDecimal(value) >= 0;
}

/** A decimal string that may have a sign, as a funding rate has. */
export function isSignedDecimal(value: unknown): value is string {
  return typeof value === 'string' && parseDecimal(value.startsWith('-') ? value.slice(1) : value) >= 0;
}

/** Pairs of a positive price and a quantity; 0 removes the level. */
export function isLevels(value: unknown): value is Level[] {
  if (!Array.isArray(value)) return false;
  for (const level of value) {
    if (!Array.isArray(level) || level.length !== 2) return false;
    if (!isPositiveDecimal(level[0]) || !isUnsignedDecimal(level[1])) return false;
  }
  return true;
}
