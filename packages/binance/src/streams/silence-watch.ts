import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AwakeTime } from './awake-time.ts';
import { isSteadyStream } from './steady-stream.ts';
import type { StreamConnection } from './stream-connection.ts';
import type { Subscription } from './subscriptions.ts';

/** An acknowledged stream that delivered nothing within this time was misspelt, misrouted, or is of a quiet symbol. */
const FIRST_DATA_MS = 60_000;
const SILENT_MS = 120_000;
/** Single streams are judged only where the connection as a whole delivers. */
const CONNECTION_DELIVERS_MS = 30_000;
const RENEW_PAUSE_MS = 600_000;
const TELL_PAUSE_MS = 3_600_000;
const MAX_NAMES_LOGGED = 10;

interface Memory {
  toldMs: number;
  renewedMs: number;
}

/** Finds single streams that are silent on a connection that delivers: tells of them, and has the steady kinds subscribed anew. */
export class SilenceWatch {
  readonly #log: Logger;
  readonly #awake: AwakeTime;
  readonly #memory = new Map<string, Memory>();

  constructor(log: Logger, awake: AwakeTime) {
    this.#log = log;
    this.#awake = awake;
  }

  /** What is not wanted any more need not be remembered. */
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
    const untold = names.filter((name) => this.#isDue(name, 'toldMs', TELL_PAUSE_MS));
    this.#tell(untold);
    if (renewed.length > 0) connection.renew(renewed, 'the stream fell silent and is subscribed anew');
  }

  /** Whether that has not been done to the stream for `pauseMs`; it counts as done now. */
  #isDue(name: string, what: keyof Memory, pauseMs: number): boolean {
    const { ms } = this.#awake;
    const memory = this.#memory.get(name) ?? { toldMs: Number.NEGATIVE_INFINITY, renewedMs: Number.NEGATIVE_INFINITY };
    this.#memory.set(name, memory);
    if (ms - memory[what] < pauseMs) return false;
    memory[what] = ms;
    return true;
  }

  #tell(names: readonly string[]): void {
    const steady = names.filter(isSteadyStream);
    const quiet = names.filter((name) => !isSteadyStream(name));
    const told = (list: readonly string[]) => ({ streams: list.slice(0, MAX_NAMES_LOGGED), count: list.length });
    if (steady.length > 0) {
      this.#log.warn(
        { ...told(steady), advice: 'They are subscribed anew. If it lasts, look whether these symbols still trade.' },
        'market streams deliver nothing',
      );
    }
    if (quiet.length > 0)
      this.#log.info(told(quiet), 'market streams deliver nothing: quiet symbols, or misspelt ones');
  }
}

function isSilent({ phase, sinceMs, heardMs }: Subscription, nowMs: number): boolean {
  if (phase !== 'OPEN') return false;
  return heardMs === undefined ? nowMs - sinceMs >= FIRST_DATA_MS : nowMs - heardMs >= SILENT_MS;
}
