import { waitFor } from '@helios/shared/runtime/wait-for.ts';

/** Lets market time pass at wall-clock speed, or `speed` times as fast. */
export interface Pacer {
  /** Resolves at market time `tsMarket` (epoch ms); at once if it has passed, early when stopped. */
  until(tsMarket: number): Promise<void>;
  /** Makes the next frame due now, whatever its time; for use after a pause. */
  restart(): void;
}

export interface PacerOptions {
  readonly speed: number;
  readonly stop: AbortSignal;
  /** Maximum gap in the market that is waited for, ms: a longer one is the break between two recordings. */
  readonly longestGapMs: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly wait?: (ms: number, stop: AbortSignal) => Promise<void>;
}

/** Resolution of timers: a frame that is due sooner is sent at once. */
const TIMER_MS = 1;

/** Creates a pacer. It computes every wait from one anchor, so late timers do not add up. */
export function createPacer(options: PacerOptions): Pacer {
  const { speed, stop, longestGapMs, now = () => performance.now(), wait = waitFor } = options;
  let anchor: { wallMs: number; tsMarket: number } | undefined;
  let last = 0;

  return {
    async until(tsMarket) {
      if (anchor === undefined || tsMarket - last > longestGapMs) anchor = { wallMs: now(), tsMarket };
      last = tsMarket;
      const waitMs = anchor.wallMs + (tsMarket - anchor.tsMarket) / speed - now();
      if (waitMs > TIMER_MS) await wait(waitMs, stop);
    },
    restart() {
      anchor = undefined;
    },
  };
}
