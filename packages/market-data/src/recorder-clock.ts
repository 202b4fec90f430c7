/**
 * Maximum difference between two times of one event: with a larger one, one of them is damaged. Clocks and networks
 * stay well within it.
 */
export const STRAY_MS = 30_000;
/** This many consecutive strays that agree mean that the clock of the recorder was set, not damage. */
const CLOCK_SET_LINES = 10;

/**
 * Tracks how far the venue's clock is ahead of the recorder's (`E` − receive time), line by line. The offset differs between
 * files but hardly changes between lines, even after long gaps. So it reveals damaged times, which would otherwise move the
 * market clock.
 */
export class RecorderClock {
  #aheadMs: number;
  /** Offset of the current strays, and (below) their number. */
  #otherMs = Number.NaN;
  #others = 0;

  /** @param firstMs offsets of the first lines of a file; a few may be damaged */
  constructor(firstMs: readonly number[]) {
    this.#aheadMs = firstMs.toSorted((a, b) => a - b)[(firstMs.length - 1) >> 1] ?? Number.NaN;
  }

  /** True if the times of a line fit the lines before it. */
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
