/** Resolution of the wall clock, ms. */
const TICK_MS = 1;

/**
 * The wall clock with microseconds: the wall clock gives the millisecond, the monotonic clock the part below it. It follows a wall
 * clock that is set.
 * @param now wall clock, epoch ms
 * @param monotonic ms from any start, with fractions
 * @returns epoch µs
 */
export function createMicroClock(now: () => number, monotonic: () => number): () => number {
  let offsetMs = Number.NEGATIVE_INFINITY;
  return () => {
    const wall = now();
    const steady = monotonic();
    const aheadMs = offsetMs + steady - wall;
    if (aheadMs < 0) offsetMs = wall - steady;
    else if (aheadMs >= TICK_MS) offsetMs = wall + TICK_MS - steady;
    const us = Math.floor((offsetMs + steady - wall) * 1_000);
    return wall * 1_000 + Math.min(999, Math.max(0, us));
  };
}
