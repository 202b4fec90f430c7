import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AwakeTime } from './awake-time.ts';
import { isSteadyStream } from './steady-stream.ts';
import type { StreamConnection } from './stream-connection.ts';
import type { Subscription } from './subscriptions.ts';

/** An acknowledged stream without data for this time is misspelt, on the wrong route, or of a quiet symbol. */
const FIRST_DATA_MS = 60_000;
const SILENT_MS = 120_000;
/** Judges single streams only if the connection delivered data within this time. */
const CONNECTION_DELIVERS_MS = 30_000;
const RENEW_PAUSE_MS = 600_000;
const LOG_PAUSE_MS = 3_600_000;
const MAX_NAMES_LOGGED = 10;

interface Memory {
  loggedMs: number;
  renewedMs: number;
}

/** Finds single silent streams on a delivering connection: logs them, and subscribes the steady kinds again. */
export class SilenceWatch {
  readonly #log: Logger;
  readonly #awake: AwakeTime;
  readonly #memory = new Map<string, Memory>();

  constructor(log: Logger, awake: AwakeTime) {
    this.#log = log;
    this.#awake = awake;
  }

  /** Forgets streams that are no longer wanted. */
  forget(names: readonly string[]): void {
    for (const name of names) this.#memory.delete(name);
  }

  check(connection: StreamConnection): void {
    const { session } = connection;
    const { ms } = this.#awake;
    if (connection.isBeingReplaced) return;
    if (session?.signs.dataMs === undefined || ms - session.signs.dataMs >= CONNECTION_DELIVERS_MS) return;
    const silent = [...session.subscriptions.all()].filter((subscription) => isSilent(subscription, ms));
    if (silent.length === 0) return;
    const names = silent.map(({ name }) => name);
    const renewed = names.filter((name) => isSteadyStream(name) && this.#isDue(name, 'renewedMs', RENEW_PAUSE_MS));
    const unlogged = names.filter((name) => this.#isDue(name, 'loggedMs', LOG_PAUSE_MS));
    this.#logSilent(unlogged);
    if (renewed.length > 0) connection.renew(renewed, 'the stream fell silent, subscribing it again');
  }

  /** True if the action was not done for this stream within `pauseMs`; marks it as done now. */
  #isDue(name: string, what: keyof Memory, pauseMs: number): boolean {
    const { ms } = this.#awake;
    const memory = this.#memory.get(name) ?? {
      loggedMs: Number.NEGATIVE_INFINITY,
      renewedMs: Number.NEGATIVE_INFINITY,
    };
    this.#memory.set(name, memory);
    if (ms - memory[what] < pauseMs) return false;
    memory[what] = ms;
    return true;
  }

  #logSilent(names: readonly string[]): void {
    const steady = names.filter(isSteadyStream);
    const quiet = names.filter((name) => !isSteadyStream(name));
    const fieldsOf = (list: readonly string[]) => ({ streams: list.slice(0, MAX_NAMES_LOGGED), count: list.length });
    if (steady.length > 0) {
      this.#log.warn(
        {
          ...fieldsOf(steady),
          advice: 'Helios subscribes them again. If it lasts, check whether these symbols still trade.',
        },
        'market streams deliver nothing',
      );
    }
    if (quiet.length > 0) this.#log.info(fieldsOf(quiet), 'market streams deliver nothing: quiet or misspelt symbols');
  }
}

function isSilent({ phase, sinceMs, heardMs }: Subscription, nowMs: number): boolean {
  if (phase !== 'OPEN') return false;
  return heardMs === undefined ? nowMs - sinceMs >= FIRST_DATA_MS : nowMs - heardMs >= SILENT_MS;
}
