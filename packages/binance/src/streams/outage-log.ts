import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AwakeTime } from './awake-time.ts';
import type { StreamTrouble, TroubleCode } from './stream-trouble.ts';

/** An outage is over after this time without a loss; a loss before continues the same outage. */
const STEADY_MS = 60_000;

interface Outage {
  readonly sinceMs: number;
  readonly logged: Set<TroubleCode>;
  losses: number;
  /** When the last connection came back; undefined while any is away. */
  backMs: number | undefined;
  firstBackMs: number | undefined;
}

/** Logs outages of any number of connections: one line for the beginning, for each new trouble code, and for the end. */
export class OutageLog {
  readonly #log: Logger;
  readonly #awake: AwakeTime;
  readonly #away = new Set<object>();
  #outage: Outage | undefined;

  constructor(log: Logger, awake: AwakeTime) {
    this.#log = log;
    this.#awake = awake;
  }

  /** @param streams number of streams it delivered; 0 if the connection never opened */
  lost(connection: object, trouble: StreamTrouble, streams: number): void {
    this.#away.add(connection);
    this.#outage ??= newOutage(this.#awake.ms);
    this.#outage.losses += 1;
    this.#outage.backMs = undefined;
    const { code, detail, advice } = trouble;
    if (this.#outage.logged.has(code)) return;
    this.#outage.logged.add(code);
    const message = streams > 0 ? 'market streams lost' : 'market streams cannot be opened';
    this.#log.warn({ code, problem: detail, advice, streams }, message);
  }

  /** Call when the connection delivers again, or is no longer needed. */
  back(connection: object): void {
    if (!this.#away.delete(connection) || this.#away.size > 0 || this.#outage === undefined) return;
    this.#outage.backMs = this.#awake.ms;
    if (this.#outage.firstBackMs !== undefined) return;
    this.#outage.firstBackMs = this.#awake.ms;
    this.#log.info({ away_ms: this.#awake.ms - this.#outage.sinceMs }, 'market streams restored');
  }

  /** Ends an outage after a minute without a loss. Call it about every second. */
  tick(): void {
    const outage = this.#outage;
    if (outage?.backMs === undefined || this.#awake.ms - outage.backMs < STEADY_MS) return;
    this.#outage = undefined;
    if (outage.backMs === outage.firstBackMs) return;
    const fields = { losses: outage.losses, since_ms: this.#awake.ms - outage.sinceMs };
    this.#log.info(fields, 'market streams steady for a minute');
  }
}

function newOutage(sinceMs: number): Outage {
  return { sinceMs, logged: new Set(), losses: 0, backMs: undefined, firstBackMs: undefined };
}
