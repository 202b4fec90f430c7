import { waitFor } from '@helios/shared/runtime/wait-for.ts';

/** Makes market time pass as wall time does, or `speed` times as fast. */
export interface Pacer {
  /** Resolves when market time `tsMarket` (epoch ms) has come; at once where it is past. Resolves early when stopped. */
  until(tsMarket: number): Promise<void>;
  /** The next frame is due now, whatever its time: after a pause. */
  restart(): void;
}

export interface PacerOptions {
  readonly speed: number;
  readonly stop: AbortSignal;
  /** A longer hole in the market is not waited for, ms: it is the break between two recordings. */
  readonly longestGapMs: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly wait?: (ms: number, stop: AbortSignal) => Promise<void>;
}

/** Timers are no finer than this, so a frame that is due sooner goes at once. */
const TIMER_MS = 1;

/** Every wait is reckoned from one anchor, so waits that end late do not add up. */
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
