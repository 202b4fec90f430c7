import type { PollJob } from './poll-loop.ts';

/** Often, because our own clock may be set, and what seems to come from the future is not used. */
const CLOCK_CHECK_MS = 60_000;
/** How often it is looked for positions on symbols that are not watched. */
const EXPOSED_CHECK_MS = 5_000;

interface Parts {
  readonly now: () => number;
  readonly checkClock: () => Promise<void>;
  /** When the watchlist is to be chosen anew, epoch ms. */
  readonly rescanTs: () => number;
  readonly rescan: () => Promise<void>;
  readonly includeExposed: () => Promise<void>;
}

/** Jobs that belong to no symbol: the clock, the watchlist, and what is held beside it. All go before books. */
export function ownJobs({ now, checkClock, rescanTs, rescan, includeExposed }: Parts): readonly PollJob[] {
  const first = { urgency: 1, keepFree: 0 };
  const every = (ms: number) => (begunTs: number | undefined) => (begunTs ?? now()) + ms;
  return [
    // At once where the loop begins anew, which it also does when the machine's clock was set back.
    {
      ...first,
      name: 'clock',
      weight: 1,
      dueAfter: (begunTs) => (begunTs === undefined ? now() : begunTs + CLOCK_CHECK_MS),
      run: checkClock,
    },
    { ...first, name: 'watchlist', weight: 1, dueAfter: rescanTs, run: rescan },
    // A signal by hand may open a position on any symbol.
    { ...first, name: 'held symbols', weight: 0, dueAfter: every(EXPOSED_CHECK_MS), run: includeExposed },
  ];
}
