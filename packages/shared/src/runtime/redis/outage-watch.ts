import { type Backoff, backoffMs } from '../backoff.ts';
import { BusUnavailable } from '../errors.ts';
import type { Logger } from '../service.ts';
import type { Connection } from './connection.ts';

const BACKOFF: Backoff = { baseMs: 100, maxMs: 5_000 };

type Handler = () => Promise<void>;

interface Options {
  readonly log: Logger;
  /** True once Redis takes commands and all subscriptions are active. */
  readonly isWhole: () => boolean;
  readonly onFault: (error: unknown) => void;
}

/** Detects outages, logs their start and end once, and calls the reconnect handlers. */
export interface OutageWatch {
  watch(connection: Connection): void;
  /** `handler` runs after each outage. If it rejects with `BusUnavailable`, it runs again after a pause; other handlers do not wait. */
  onReconnect(handler: Handler): void;
  /** Reports that a connection is back. The outage ends once all of them are. */
  restored(): void;
  stop(): void;
}

export function createOutageWatch({ log, isWhole, onFault }: Options): OutageWatch {
  const handlers: Handler[] = [];
  let lostMs: number | undefined;
  let stopped = false;
  /** Number of reconnects. A new one calls all handlers, so pending retries of an earlier one stop. */
  let returns = 0;
  let again: NodeJS.Timeout | undefined;

  /** Calls each of `due`. Redis may be back but take no writes (memory, disk): calls the refused handlers again later. */
  async function call(due: readonly Handler[], failures: number): Promise<void> {
    const ofReturn = returns;
    const refused: Handler[] = [];
    for (const handler of due) {
      try {
        await handler();
      } catch (error) {
        if (!(error instanceof BusUnavailable)) {
          onFault(error);
          continue;
        }
        if (refused.length === 0 && due === handlers)
          log.warn({ code: error.code, problem: error.message }, 'redis is back but refuses commands, retrying');
        refused.push(handler);
      }
    }
    if (refused.length === 0 || stopped || lostMs !== undefined || ofReturn !== returns) return;
    again = setTimeout(() => void call(refused, failures + 1), backoffMs(BACKOFF, failures));
  }

  return {
    watch(connection) {
      connection.onLost(() => {
        if (stopped || lostMs !== undefined) return;
        lostMs = performance.now();
        clearTimeout(again);
        const { code, message } = connection.trouble();
        log.warn({ code, problem: message }, 'redis connection lost');
      });
    },
    onReconnect: (handler) => void handlers.push(handler),
    restored() {
      if (stopped || lostMs === undefined || !isWhole()) return;
      log.info({ away_ms: Math.round(performance.now() - lostMs) }, 'redis connection restored');
      lostMs = undefined;
      returns += 1;
      void call(handlers, 0);
    },
    stop() {
      stopped = true;
      clearTimeout(again);
    },
  };
}
