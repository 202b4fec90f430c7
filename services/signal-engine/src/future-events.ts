import { Throttle } from '@helios/core/time/throttle.ts';
import { MAX_EVENT_AHEAD_MS } from '@helios/shared/domain/freshness.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Clock } from '@helios/shared/runtime/clock.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const LOG_EVERY_MS = 60_000;

export interface FutureEvents {
  isFromFuture(event: MarketEvent): boolean;
}

/**
 * Detects events stamped in the future, counts them, and logs them at most once a minute. An accepted one would block newer
 * prices until its time. Only for the clock of the machine: in a replay the frames set the time.
 */
export function createFutureEvents(clock: Clock, log: Logger): FutureEvents {
  let dropped = 0;
  const logLines = new Throttle(LOG_EVERY_MS);
  return {
    isFromFuture({ type, symbol, ts_event }) {
      const now = clock.now();
      const aheadMs = ts_event - now;
      if (aheadMs <= MAX_EVENT_AHEAD_MS) return false;
      dropped += 1;
      if (logLines.take(now)) {
        log.warn({ symbol, type, ahead_ms: aheadMs, dropped }, 'market event from the future dropped');
      }
      return true;
    },
  };
}
