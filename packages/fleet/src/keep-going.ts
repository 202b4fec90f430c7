import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createThrottledLog } from '@helios/shared/runtime/throttled-log.ts';

/** Does work that needs Redis; undefined if it failed. */
export type KeepGoing = <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>;

/**
 * Keeps the supervisor alive when a part of its work fails: nobody restarts a supervisor, and its fleet ends with it. Logs the
 * failure, at most once a minute for each kind of work. The next round tries again.
 */
export function createKeepGoing(log: Logger, nowMs: () => number = () => performance.now()): KeepGoing {
  const troubles = createThrottledLog(log, nowMs);

  return async (what, work) => {
    try {
      return await work();
    } catch (error) {
      // The bus logs that Redis is away, and so does a supervisor that runs Redis as its child.
      if (error instanceof BusUnavailable && error.code !== 'REDIS_ODD_REPLY') {
        log.debug({ code: error.code, what }, 'redis unavailable');
        return undefined;
      }
      troubles.error(what, { what, error }, 'redis work failed, will retry');
      return undefined;
    }
  };
}
