import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AwakeTime } from './awake-time.ts';
import type { StreamTrouble, TroubleCode } from './stream-trouble.ts';

/** What is lost again so soon after it came back was not really there: the outage goes on. */
const STEADY_MS = 60_000;

interface Outage {
  readonly sinceMs: number;
  readonly told: Set<TroubleCode>;
  losses: number;
  /** When the last connection came back; undefined while one is away. */
  backMs: number | undefined;
  firstBackMs: number | undefined;
}

/** Tells of outages: the beginning, each new kind of trouble and the end, in one line each, however many connections there are. */
export class OutageLog {
  readonly #log: Logger;
  readonly #awake: AwakeTime;
  readonly #away = new Set<object>();
  #outage: Outage | undefined;

  constructor(log: Logger, awake: AwakeTime) {
    this.#log = log;
    this.#awake = awake;
  }

  /** @param streams how many it delivered; 0 where it could not be opened */
  lost(connection: object, trouble: StreamTrouble, streams: number): void {
    this.#away.add(connection);
    this.#outage ??= newOutage(this.#awake.ms);
    this.#outage.losses += 1;
    this.#outage.backMs = undefined;
    const { code, detail, advice } = trouble;
    if (this.#outage.told.has(code)) return;
    this.#outage.told.add(code);
    const message = streams > 0 ? 'market streams lost' : 'market streams cannot be opened';
    this.#log.warn({ code, problem: detail, advice, streams }, message);
  }

  /** It delivers, or is not needed any more. */
  back(connection: object): void {
    if (!this.#away.delete(connection) || this.#away.size > 0 || this.#outage === undefined) return;
    this.#outage.backMs = this.#awake.ms;
    if (this.#outage.firstBackMs !== undefined) return;
    this.#outage.firstBackMs = this.#awake.ms;
    this.#log.info({ away_ms: this.#awake.ms - this.#outage.sinceMs }, 'market streams restored');
  }

  /** Ends an outage that has been over for a minute; to be called every second or so. */
  tick(): void {
    const outage = this.#outage;
    if (outage?.backMs === undefined || this.#awake.ms - outage.backMs < STEADY_MS) return;
    this.#outage = undefined;
    if (outage.backMs === outage.firstBackMs) return;
    const fields = { losses: outage.losses, since_ms: this.#awake.ms - outage.sinceMs };
    this.#log.info(fields, 'market streams have been steady for a minute again');
  }
}

function newOutage(sinceMs: number): Outage {
  return { sinceMs, told: new Set(), losses: 0, backMs: undefined, firstBackMs: undefined };
}
