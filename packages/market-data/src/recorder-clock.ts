/** Times further apart than this do not belong to one moment: one of them is damaged. Clocks and networks stay well within. */
export const STRAY_MS = 30_000;
/** So many strays in a row that agree with one another are no damage: the recorder's clock was set. */
const CLOCK_SET_LINES = 10;

/**
 * How far the venue's clock is ahead of a recorder's (`E` − receive time), followed line by line: it differs from file to file
 * but hardly from line to line, whatever time passes between them. So a damaged time shows, which would drag everybody's clock along.
 */
export class RecorderClock {
  #aheadMs: number;
  /** What strays in a row say instead, and how many do. */
  #otherMs = Number.NaN;
  #others = 0;

  /** @param firstMs what a file's first lines say, of which a few may be damaged */
  constructor(firstMs: readonly number[]) {
    this.#aheadMs = firstMs.toSorted((a, b) => a - b)[(firstMs.length - 1) >> 1] ?? Number.NaN;
  }

  /** Whether a line's times fit the lines before it. */
  fits(aheadMs: number): boolean {
    if (!isNear(aheadMs, this.#aheadMs)) {
      this.#others = isNear(aheadMs, this.#otherMs) ? this.#others + 1 : 1;
      this.#otherMs = aheadMs;
      if (this.#others < CLOCK_SET_LINES) return false;
    }
    this.#aheadMs = aheadMs;
    this.#others = 0;
    return true;
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= STRAY_MS;
}
