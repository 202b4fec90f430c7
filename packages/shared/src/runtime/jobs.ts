import { createRedisOutage } from './redis-outage.ts';
import type { Logger } from './service.ts';

/** Named repeating work of one service. */
export interface Jobs {
  every(name: string, intervalMs: number, job: () => void | Promise<void>): void;
  /** Starts no more jobs. Resolves once the running ones have ended. */
  stop(): Promise<void>;
}

/**
 * Jobs do not overlap: a late one starts its next round at once, a very late one skips rounds. While Redis is away,
 * a job only warns, once per outage. Any other rejection goes to `onFault`.
 */
export function createJobs(log: Logger, onFault: (error: unknown) => void): Jobs {
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  function schedule(delayMs: number, run: () => Promise<void>): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const round = run();
      running.add(round);
      void round.finally(() => running.delete(round));
    }, delayMs);
    timers.add(timer);
  }

  return {
    every(name, intervalMs, job) {
      let dueMs = performance.now() + intervalMs;
      const outage = createRedisOutage(log, { begun: 'job failed: redis is away' });
      async function round(): Promise<void> {
        try {
          await outage.attempt(job, { job: name });
        } catch (error) {
          onFault(error);
          return;
        }
        const now = performance.now();
        dueMs = Math.max(dueMs + intervalMs, now);
        schedule(dueMs - now, round);
      }
      schedule(intervalMs, round);
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.allSettled(running);
    },
  };
}
