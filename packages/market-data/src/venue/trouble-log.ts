import type { Logger } from '@helios/shared/runtime/service.ts';

/** At most one line per kind of trouble in this time. */
const LOG_EVERY_MS = 60_000;

/** Tells of single things that went wrong, without a line for each. */
export class TroubleLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #told = new Map<string, { ts: number; unlogged: number }>();

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** Of one `kind` a line a minute, with how many were not told since the last one. */
  tell(kind: string, fields: object, message: string): void {
    const now = this.#now();
    const told = this.#told.get(kind);
    // A clock that was set back ends the silence.
    if (told !== undefined && Math.abs(now - told.ts) < LOG_EVERY_MS) {
      told.unlogged += 1;
      return;
    }
    this.#told.set(kind, { ts: now, unlogged: 0 });
    this.#log.warn({ ...fields, unlogged: told?.unlogged ?? 0 }, message);
  }
}
