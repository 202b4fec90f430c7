import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createThrottledLog } from '@helios/shared/runtime/throttled-log.ts';

/** Does work that needs Redis; undefined where it failed. */
export type KeepGoing = <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>;

/**
 * For the supervisor's rounds: a service that fails is started again, a supervisor is not, and its fleet ends with it. So
 * what fails is logged, once a minute for each work, and tried again in the next round.
 */
export function createKeepGoing(log: Logger, nowMs: () => number = () => performance.now()): KeepGoing {
  const troubles = createThrottledLog(log, nowMs);

  return async (what, work) => {
    try {
      return await work();
    } catch (error) {
      // Redis being away is logged by the bus, and by the supervisor where Redis is a child of its own.
      if (error instanceof BusUnavailable && error.code !== 'REDIS_ODD_REPLY') {
        log.debug({ code: error.code, what }, 'redis is away');
        return undefined;
      }
      troubles.error(what, { what, error }, 'the supervisor could not use redis, trying again');
      return undefined;
    }
  };
}
