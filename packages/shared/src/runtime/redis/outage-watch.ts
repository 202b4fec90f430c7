import { type Backoff, backoffMs } from '../backoff.ts';
import { BusUnavailable } from '../errors.ts';
import type { Logger } from '../service.ts';
import type { Connection } from './connection.ts';

const BACKOFF: Backoff = { baseMs: 100, maxMs: 5_000 };

type Handler = () => Promise<void>;

interface Options {
  readonly log: Logger;
  /** True once commands are taken and subscriptions stand. */
  readonly isWhole: () => boolean;
  readonly onFault: (error: unknown) => void;
}

/** Knows of outages: logs their beginning and end once, and calls the reconnect handlers. */
export interface OutageWatch {
  watch(connection: Connection): void;
  /** `handler` runs after each outage; rejected for want of Redis it runs again after a pause, the others do not wait for it. */
  onReconnect(handler: Handler): void;
  /** Something is back; where all is, the outage is over. */
  restored(): void;
  stop(): void;
}

export function createOutageWatch({ log, isWhole, onFault }: Options): OutageWatch {
  const handlers: Handler[] = [];
  let lostMs: number | undefined;
  let stopped = false;
  /** Counts the returns: what is still due of an earlier one is due of the next again. */
  let returns = 0;
  let again: NodeJS.Timeout | undefined;

  /** Calls each of `due`. A Redis that is there may take no writes (memory, disk): what it refused is called again. */
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
          log.warn({ code: error.code, problem: error.message }, 'redis is back but refuses us, trying again');
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
