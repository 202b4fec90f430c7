import type { Clock } from '../runtime/clock.ts';

/** A clock that a test sets. `observe` moves it forward as a frame clock does. */
export interface FakeClock extends Clock {
  set(nowMs: number): void;
  advance(byMs: number): void;
}

/** Starts at `startMs`, epoch milliseconds. */
export function createFakeClock(startMs = 1_700_000_000_000): FakeClock {
  let now = startMs;
  return {
    now: () => now,
    observe(tsEvent) {
      if (tsEvent > now) now = tsEvent;
    },
    set(nowMs) {
      now = nowMs;
    },
    advance(byMs) {
      now += byMs;
    },
  };
}
