import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';

const RETRY_MS = 250;

export interface PatienceOptions {
  readonly log: Logger;
  readonly stop: AbortSignal;
  /** Called when Redis is back after an outage. */
  readonly onBack?: () => void;
}

/** Repeats a request until Redis takes it. */
export type Patiently = <T>(request: () => Promise<T>) => Promise<T | undefined>;

/** While Redis is away requests wait, with one warning per outage. A request ends undefined when stopped; any other error is thrown. */
export function createPatience({ log, stop, onBack }: PatienceOptions): Patiently {
  return async (request) => {
    let isAway = false;
    while (!stop.aborted) {
      try {
        const answer = await request();
        if (isAway) {
          log.info({}, 'redis is back, going on');
          onBack?.();
        }
        return answer;
      } catch (error) {
        if (!(error instanceof BusUnavailable)) throw error;
        if (!isAway) log.warn({ code: error.code, problem: error.message }, 'paused until redis is back');
        isAway = true;
        await waitFor(RETRY_MS, stop);
      }
    }
    return undefined;
  };
}
