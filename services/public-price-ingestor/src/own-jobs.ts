import { serverTime } from '@helios/binance/rest/endpoints/server-time.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { PollJob } from './poll-loop.ts';
import type { VenueClock } from './venue-clock.ts';

const CLOCK_CHECK_MS = 300_000;
/** How often it is looked for positions on symbols that are not watched. */
const HELD_CHECK_MS = 5_000;

interface Parts {
  readonly rest: PublicRest;
  readonly clock: VenueClock;
  readonly now: () => number;
  readonly onAnswer: (answer: Awaited<ReturnType<PublicRest['ask']>>) => void;
  /** When the watchlist is to be chosen anew, epoch ms. */
  readonly rescanTs: () => number;
  readonly rescan: () => Promise<void>;
  readonly includeHeld: () => Promise<void>;
}

/** Jobs that belong to no symbol: the clock, the watchlist, and what is held beside it. All go before books. */
export function ownJobs({ rest, clock, now, onAnswer, rescanTs, rescan, includeHeld }: Parts): readonly PollJob[] {
  const first = { urgency: 1, keepFree: 0 };
  return [
    {
      ...first,
      name: 'clock',
      weight: 1,
      dueAfter: (begunTs) => (begunTs ?? now()) + CLOCK_CHECK_MS,
      run: async () => {
        const time = await rest.ask(serverTime, undefined);
        if (time.kind === 'OK') clock.measure(time);
        onAnswer(time);
      },
    },
    { ...first, name: 'watchlist', weight: 1, dueAfter: rescanTs, run: rescan },
    // A signal by hand may open a position on any symbol.
    {
      ...first,
      name: 'held symbols',
      weight: 0,
      dueAfter: (begunTs) => (begunTs ?? now()) + HELD_CHECK_MS,
      run: includeHeld,
    },
  ];
}
