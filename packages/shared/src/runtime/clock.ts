/** The market's time for a service: the wall's, or in a replay that of the frames seen. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** A market message stamped `tsEvent` was seen. Moves a frame clock forward, never back; a wall clock ignores it. */
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
