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

/** Two books, one side of them, and its changes. It is filled for each side of each book: a new one each time takes time. */
export interface SidePatch {
  /** Levels before the change, and after it; `out` begins as a copy of `old`. */
  old: Levels;
  out: number[];
  /** Place of the side in `old`. */
  from: number;
  end: number;
  /** Columns of changes, and the place of those of this side. */
  readonly prices: Float64Array;
  readonly qtys: Float64Array;
  changesFrom: number;
  changesEnd: number;
}

/**
 * Applies the changes that `diffSide` made to one side. Returns the index after its last value in `out`. Levels that keep their
 * place are not copied again: that halves the time.
 * @param sign 1 for bids, −1 for asks
 * @param at first index of the side in `out`
 */
export function patchSide(sign: 1 | -1, patch: SidePatch, at: number): number {
  const { old: levels, out, from, end, prices, qtys, changesFrom, changesEnd } = patch;
  const outEnd = at + 2 * MAX_LEVELS;
  let i = from;
  let o = at;
  for (let c = changesFrom; c < changesEnd && o < outEnd; c += 1) {
    const price = prices[c] ?? Number.NaN;
    for (; i < end && o < outEnd && sign * ((levels[i] ?? Number.NaN) - price) > 0; i += 2, o += 2) {
      if (o === i) continue;
      out[o] = levels[i] ?? Number.NaN;
      out[o + 1] = levels[i + 1] ?? Number.NaN;
    }
    if (i < end && levels[i] === price) i += 2;
    const qty = qtys[c] ?? Number.NaN;
    if (qty === 0 || o >= outEnd) continue;
    out[o] = price;
    out[o + 1] = qty;
    o += 2;
  }
  if (o === i) return Math.min(end, outEnd);
  for (; i < end && o < outEnd; i += 2, o += 2) {
    out[o] = levels[i] ?? Number.NaN;
    out[o + 1] = levels[i + 1] ?? Number.NaN;
  }
  return o;
}
