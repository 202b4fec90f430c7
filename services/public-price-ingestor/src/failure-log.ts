import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** At most one line per kind of failure in this time. */
const LOG_EVERY_MS = 60_000;

/** Tells of single requests that failed, without a line for each. */
export class FailureLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #told = new Map<string, { ts: number; unlogged: number }>();

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  onFailure({ code, detail }: RestFailure): void {
    const now = this.#now();
    const told = this.#told.get(code);
    if (told !== undefined && now - told.ts < LOG_EVERY_MS) {
      told.unlogged += 1;
      return;
    }
    this.#told.set(code, { ts: now, unlogged: 0 });
    this.#log.warn({ code, problem: detail, unlogged: told?.unlogged ?? 0 }, 'a request failed');
  }
}
