import type { Clock } from '@helios/shared/runtime/clock.ts';

/** An entry that decision-logger has not spoken of for so long is asked after. */
const SILENCE_MS = 30_000;

/**
 * Watches for entry signals of which nothing is heard: Redis may have lost one in a crash. On the machine's clock, since a
 * replay may be far ahead of the news.
 */
export interface SilentEntries {
  /** True where one of these signals, the pending ones, has been pending for too long. */
  overdue(pending: readonly string[]): boolean;
}

export function createSilentEntries(wall: Clock): SilentEntries {
  let sinceMs = new Map<string, number>();
  return {
    overdue(pending) {
      const now = wall.now();
      sinceMs = new Map(pending.map((id) => [id, sinceMs.get(id) ?? now]));
      return [...sinceMs.values()].some((since) => now - since >= SILENCE_MS);
    },
  };
}
