import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

const WINDOW_MS = 60_000;
const BACKOFF: Backoff = { baseMs: 1_000, maxMs: 30_000 };

/** How long to wait before a process that crashed at these times is started again, ms. */
export type RestartDelay = (crashesMs: readonly number[], nowMs: number) => number;

/**
 * Wait before a crashed process restarts: none for two crashes within a minute, then 1 s, 2 s, 4 s … 30 s.
 * @param crashesMs times of its crashes including the present one, in any order
 */
export function restartDelayMs(crashesMs: readonly number[], nowMs: number): number {
  const recent = crashesMs.filter((at) => Math.abs(nowMs - at) < WINDOW_MS).length;
  return recent < 3 ? 0 : backoffMs(BACKOFF, recent - 3);
}

/** Crashes that still count. */
export const recentCrashes = (crashesMs: readonly number[], nowMs: number): number[] =>
  crashesMs.filter((at) => Math.abs(nowMs - at) < WINDOW_MS);
