import type { PollJob } from './poll-loop.ts';

/** A short interval: our own clock may be set, and data from the future is not used. */
const CLOCK_CHECK_MS = 60_000;
/** Interval of the check for positions on unwatched symbols. */
const EXPOSED_CHECK_MS = 5_000;

interface Parts {
  readonly now: () => number;
  readonly checkClock: () => Promise<void>;
  /** Time of the next choice of the watchlist, epoch ms. */
  readonly rescanTs: () => number;
  readonly rescan: () => Promise<void>;
  readonly includeExposed: () => Promise<void>;
}

/** Jobs without a symbol: the clock, the watchlist, and symbols with open positions. All run before books. */
export function ownJobs({ now, checkClock, rescanTs, rescan, includeExposed }: Parts): readonly PollJob[] {
  const first = { urgency: 1, keepFree: 0 };
  const every = (ms: number) => (begunTs: number | undefined) => (begunTs ?? now()) + ms;
  return [
    // Due at once when the loop restarts, which also happens after the clock was set back.
    {
      ...first,
      name: 'clock',
      weight: 1,
      dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + CLOCK_CHECK_MS),
      run: checkClock,
    },
    { ...first, name: 'watchlist', weight: 1, dueAfter: rescanTs, run: rescan },
    // A hand-made signal may open a position on any symbol.
    { ...first, name: 'held symbols', weight: 0, dueAfter: every(EXPOSED_CHECK_MS), run: includeExposed },
  ];
}
