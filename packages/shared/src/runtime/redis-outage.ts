import { BusUnavailable } from './errors.ts';
import type { Logger } from './service.ts';
import { waitFor } from './wait-for.ts';

const RETRY_MS = 250;

/** Runs work that may be skipped while Redis is away; false if it was. Throws any other error. */
export async function skipWhileAway(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof BusUnavailable)) throw error;
    return false;
  }
}

/** Log messages of an outage; without `over` its end is not logged. */
interface OutageMessages {
  readonly begun: string;
  readonly over?: string;
}

/** Tracks outages of Redis for one kind of work, with one warning per outage. */
export interface RedisOutage {
  /** Reports failed work. Throws the error unless it is a `BusUnavailable`. */
  begin(error: unknown, fields?: object): void;
  /** Reports successful work. True if that ends an outage. */
  end(): boolean;
  /** Runs the work; false if Redis is away. Throws any other error. */
  attempt(work: () => void | Promise<void>, fields?: object): Promise<boolean>;
}

export function createRedisOutage(log: Logger, { begun, over }: OutageMessages): RedisOutage {
  let isAway = false;

  function begin(error: unknown, fields: object = {}): void {
    if (!(error instanceof BusUnavailable)) throw error;
    if (!isAway) log.warn({ ...fields, code: error.code, problem: error.message }, begun);
    isAway = true;
  }

  function end(): boolean {
    const ends = isAway;
    isAway = false;
    if (ends && over !== undefined) log.info({}, over);
    return ends;
  }

  return {
    begin,
    end,
    async attempt(work, fields) {
      try {
        await work();
        end();
        return true;
      } catch (error) {
        begin(error, fields);
        return false;
      }
    },
  };
}

export interface RedisRetryOptions {
  readonly log: Logger;
  readonly stop: AbortSignal;
  /** Called when Redis is back after an outage. */
  readonly onBack?: () => void;
}

/** Repeats a request until Redis accepts it, with one warning per outage. Undefined when stopped. Throws any other error. */
export type RedisRetry = <T>(request: () => Promise<T>) => Promise<T | undefined>;

export function createRedisRetry({ log, stop, onBack }: RedisRetryOptions): RedisRetry {
  return async (request) => {
    const outage = createRedisOutage(log, { begun: 'paused until redis is back', over: 'redis is back, continuing' });
    while (!stop.aborted) {
      try {
        const answer = await request();
        if (outage.end()) onBack?.();
        return answer;
      } catch (error) {
        outage.begin(error);
        await waitFor(RETRY_MS, stop);
      }
    }
    return undefined;
  };
}
