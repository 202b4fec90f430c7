import { BusUnavailable } from '../errors.ts';
import type { Logger } from '../service.ts';
import type { Connection } from './connection.ts';

interface Options {
  readonly log: Logger;
  /** True once commands are taken and subscriptions stand. */
  readonly isWhole: () => boolean;
  readonly onFault: (error: unknown) => void;
}

/** Knows of outages: logs their beginning and end once, and calls the reconnect handlers. */
export interface OutageWatch {
  watch(connection: Connection): void;
  onReconnect(handler: () => Promise<void>): void;
  /** Something is back; where all is, the outage is over. */
  restored(): void;
  stop(): void;
}

export function createOutageWatch({ log, isWhole, onFault }: Options): OutageWatch {
  const handlers: (() => Promise<void>)[] = [];
  let lostMs: number | undefined;
  let stopped = false;

  async function callHandlers(): Promise<void> {
    for (const handler of handlers) {
      try {
        await handler();
      } catch (error) {
        // Gone again: its next return calls all handlers anew.
        if (error instanceof BusUnavailable) return;
        onFault(error);
      }
    }
  }

  return {
    watch(connection) {
      connection.onLost(() => {
        if (stopped || lostMs !== undefined) return;
        lostMs = performance.now();
        const { code, message } = connection.trouble();
        log.warn({ code, problem: message }, 'redis connection lost');
      });
    },
    onReconnect: (handler) => void handlers.push(handler),
    restored() {
      if (stopped || lostMs === undefined || !isWhole()) return;
      log.info({ away_ms: Math.round(performance.now() - lostMs) }, 'redis connection restored');
      lostMs = undefined;
      void callHandlers();
    },
    stop() {
      stopped = true;
    },
  };
}
