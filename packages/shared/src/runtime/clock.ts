/** Market time of a service: the wall clock, or in a replay the time of the last frame. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Reports a market message stamped `tsEvent`. Moves a frame clock forward only; a wall clock ignores it. */
  observe(tsEvent: number): void;
}

/** The machine's time. */
export const wallClock: Clock = { now: () => Date.now(), observe: () => {} };

/** Stands still between frames; 0 before the first. */
export function createFrameClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    observe(tsEvent) {
      if (tsEvent > now) now = tsEvent;
    },
  };
}
