import { decimalText } from '@helios/core/price/decimal-text.ts';

const DECIMAL = /^\d+(?:\.\d+)?$/;
const SCIENTIFIC = /^\d+(?:\.\d+)?e[+-]?\d+$/i;
/** Microseconds of a time with this many digits: seconds, ms, µs or ns. */
const UNIT_US: Readonly<Record<number, number>> = { 10: 1e6, 13: 1e3, 16: 1, 19: 1e-3 };

/** An unsigned decimal; a number in scientific notation is written out. Undefined for anything else, such as NaN. */
export function decimalCell(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  if (DECIMAL.test(trimmed)) return trimmed;
  return SCIENTIFIC.test(trimmed) ? decimalOfNumber(Number(trimmed)) : undefined;
}

/** A number as the shortest decimal that gives it back; undefined if there is none without sign and exponent. */
export function decimalOfNumber(value: number): string | undefined {
  const text = decimalText(value);
  return DECIMAL.test(text) ? text : undefined;
}

/** Epoch µs of a whole number of seconds to nanoseconds; undefined for anything else. */
export function timeCell(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const unit = UNIT_US[trimmed.length];
  return unit === undefined || !/^\d+$/.test(trimmed) ? undefined : Math.floor(Number(trimmed) * unit);
}

/** `true` and `false` as Binance, Python and Tardis write them. */
export function booleanCell(text: string | undefined): boolean | undefined {
  const lower = text?.trim().toLowerCase();
  return lower === 'true' || lower === 'false' ? lower === 'true' : undefined;
}

/** A whole number; undefined for anything else, such as a text. */
export function idCell(text: string | undefined): number | undefined {
  const value = /^\d+$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The venue's symbol without the marks that other venues write, as `BTC-USDT`; undefined for anything else. */
export function symbolCell(text: string | undefined): string | undefined {
  const symbol = text?.trim().toUpperCase().replace(/[-/]/g, '') ?? '';
  return /^[A-Z0-9_]{2,30}$/.test(symbol) ? symbol : undefined;
}
