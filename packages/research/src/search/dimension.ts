/** A setting that the search varies. Places on it run from 0 to 1. */
export type Dimension = ChoiceDimension | RangeDimension;

/** Listed values, in no order. */
export interface ChoiceDimension {
  readonly kind: 'CHOICE';
  /** `section.key`. */
  readonly path: string;
  readonly texts: readonly string[];
}

/** Numbers between inclusive bounds. */
export interface RangeDimension {
  readonly kind: 'RANGE';
  readonly path: string;
  readonly low: number;
  readonly high: number;
  /** A place is a share of the logarithm: for bounds far apart. */
  readonly isLog: boolean;
  readonly isInteger: boolean;
  /** Distance of neighbours from `low` on; absent for any number. */
  readonly step?: number;
}

/** Digits of a value: steps finer than this share of a range tell nothing. */
const DIGITS = 3;

/** Number of different values; infinite for a range of any numbers. */
export function sizeOf(dimension: Dimension): number {
  if (dimension.kind === 'CHOICE') return dimension.texts.length;
  const { low, high, isInteger, step = isInteger ? 1 : undefined } = dimension;
  return step === undefined ? Number.POSITIVE_INFINITY : Math.floor((high - low) / step + 1e-9) + 1;
}

/** The text of the setting at a place, 0..1. */
export function textAt(dimension: Dimension, place: number): string {
  if (dimension.kind === 'CHOICE') return dimension.texts[indexAt(dimension, place)] ?? '';
  return String(numberAt(dimension, place));
}

/** Number of the listed value at a place. */
export function indexAt({ texts }: ChoiceDimension, place: number): number {
  return Math.min(texts.length - 1, Math.floor(place * texts.length));
}

/** The place of the value that stands at a place: values have gaps between them. */
export function snapped(dimension: Dimension, place: number): number {
  if (dimension.kind === 'CHOICE') return (indexAt(dimension, place) + 0.5) / dimension.texts.length;
  return placeOfNumber(dimension, numberAt(dimension, place));
}

/** The place of a number, 0..1. */
export function placeOfNumber({ low, high, isLog }: RangeDimension, value: number): number {
  if (high === low) return 0.5;
  const place = isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, place));
}

function numberAt(dimension: RangeDimension, place: number): number {
  const { low, high, isLog, isInteger, step = isInteger ? 1 : undefined } = dimension;
  const value = isLog ? low * (high / low) ** place : low + (high - low) * place;
  if (step !== undefined)
    return rounded(dimension, low + Math.min(sizeOf(dimension) - 1, Math.round((value - low) / step)) * step);
  return Math.min(high, Math.max(low, rounded(dimension, value)));
}

/** With as many digits as the range needs, so that 0.1 + 0.2 is 0.3. */
function rounded({ low, high }: RangeDimension, value: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const extra = high > low && largest > 0 ? Math.max(0, Math.ceil(Math.log10(largest / (high - low)))) : 0;
  return Number(value.toPrecision(Math.min(15, DIGITS + extra)));
}
