import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

const WINDOW_MS = 60_000;
const BACKOFF: Backoff = { baseMs: 1_000, maxMs: 30_000 };

/**
 * How long to wait before a crashed process is started again: at once, from the third crash within a minute after 1 s,
 * 2 s, 4 s … 30 s.
 * @param crashesMs when it crashed, the crash at hand included, any order
 */
export function restartDelayMs(crashesMs: readonly number[], nowMs: number): number {
  const recent = crashesMs.filter((at) => Math.abs(nowMs - at) < WINDOW_MS).length;
  return recent < 3 ? 0 : backoffMs(BACKOFF, recent - 3);
}

/** Crashes that still count. */
export const recentCrashes = (crashesMs: readonly number[], nowMs: number): number[] =>
  crashesMs.filter((at) => Math.abs(nowMs - at) < WINDOW_MS);
