/** Price and quantity of levels in turn, best first, as whole numbers. */
type Levels = readonly number[];

/** Levels of a side in a published book. */
const MAX_LEVELS = 20;

/** The part of an array that holds one side: indexes of its first value and after its last one. */
export interface SideRange {
  readonly from: number;
  readonly end: number;
}

/**
 * Appends to `changes` the levels that differ, best first; a quantity of 0 means that the level has gone. Levels that better ones
 * push out of the 20 are left out. Returns the number of levels appended.
 * @param sign 1 for bids, −1 for asks
 */
export function diffSide(
  sign: 1 | -1,
  [old, { from, end }]: readonly [Levels, SideRange],
  [now, { from: nowFrom, end: nowEnd }]: readonly [Levels, SideRange],
  changes: number[],
): number {
  const before = changes.length;
  let [i, k] = [from, nowFrom];
  while (k < nowEnd) {
    const price = now[k] ?? Number.NaN;
    const order = i < end ? sign * ((old[i] ?? Number.NaN) - price) : -1;
    if (order > 0) changes.push(old[i] ?? Number.NaN, 0);
    else if (order < 0 || old[i + 1] !== now[k + 1]) changes.push(price, now[k + 1] ?? Number.NaN);
    if (order >= 0) i += 2;
    if (order <= 0) k += 2;
  }
  const isFull = nowEnd - nowFrom === 2 * MAX_LEVELS;
  if (!isFull) for (; i < end; i += 2) changes.push(old[i] ?? Number.NaN, 0);
  return (changes.length - before) / 2;
}

/** Changes of one side in two columns. */
export interface ChangedLevels {
  readonly prices: Float64Array;
  readonly qtys: Float64Array;
  /** Index of the first change, and after the last one. */
  readonly from: number;
  readonly end: number;
}

/**
 * Writes the changed side to `out` from index `at` on, and returns the index after it. `diffSide` made the changes.
 * @param sign 1 for bids, −1 for asks
 */
export function patchSide(
  sign: 1 | -1,
  [old, { from, end }]: readonly [Levels, SideRange],
  { prices, qtys, from: firstChange, end: changesEnd }: ChangedLevels,
  [out, at]: readonly [number[], number],
): number {
  const outEnd = at + 2 * MAX_LEVELS;
  let [i, c, o] = [from, firstChange, at];
  while (c < changesEnd && o < outEnd) {
    const price = prices[c] ?? Number.NaN;
    while (i < end && o < outEnd && sign * ((old[i] ?? Number.NaN) - price) > 0) {
      out[o] = old[i] ?? Number.NaN;
      out[o + 1] = old[i + 1] ?? Number.NaN;
      i += 2;
      o += 2;
    }
    if (i < end && old[i] === price) i += 2;
    const qty = qtys[c] ?? Number.NaN;
    c += 1;
    if (qty === 0 || o >= outEnd) continue;
    out[o] = price;
    out[o + 1] = qty;
    o += 2;
  }
  for (; i < end && o < outEnd; i += 2, o += 2) {
    out[o] = old[i] ?? Number.NaN;
    out[o + 1] = old[i + 1] ?? Number.NaN;
  }
  return o;
}
