import { ENTRY_SETTLED_MS } from '@helios/shared/domain/freshness.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';

/**
 * Watches for entry signals of which nothing is heard until nothing can become of them: Redis may have lost one in a crash, or
 * decision-logger is away. On the machine's clock, since a replay may be far ahead of the news.
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
      // A clock that was set back begins the wait again.
      const since = (id: string) => Math.min(sinceMs.get(id) ?? now, now);
      sinceMs = new Map(pending.map((id) => [id, since(id)]));
      return [...sinceMs.values()].some((ts) => now - ts >= ENTRY_SETTLED_MS);
    },
  };
}
