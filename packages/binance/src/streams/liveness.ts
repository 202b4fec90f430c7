import { isSteadyStream } from './steady-stream.ts';
import { type StreamTrouble, troubleOf } from './stream-trouble.ts';
import type { Subscriptions } from './subscriptions.ts';

const HANDSHAKE_MS = 10_000;
const ANSWER_MS = 5_000;
const QUIET_BEFORE_PING_MS = 5_000;
const PONG_MS = 5_000;
/** Maximum time without data if only quiet kinds of streams are open. */
const QUIET_KINDS_MUTE_MS = 480_000;

/** Decides from signs of life when to give a session up. Times are awake ms; the session reports the events. */
export class Liveness {
  readonly #url: string;
  readonly #muteAfterMs: number;
  readonly #bornMs: number;
  /** Time of the last text or pong. */
  #heardMs: number;
  #pingedMs: number | undefined;
  #firstOpenMs: number | undefined;
  #firstDataMs: number | undefined;
  #dataMs: number | undefined;

  /** @param url for messages @param muteAfterMs maximum time without data */
  constructor(url: string, muteAfterMs: number, bornMs: number) {
    this.#url = url;
    this.#muteAfterMs = muteAfterMs;
    this.#bornMs = bornMs;
    this.#heardMs = bornMs;
  }

  /** Time of the first data. */
  get firstDataMs(): number | undefined {
    return this.#firstDataMs;
  }

  /** Time of the last data. */
  get dataMs(): number | undefined {
    return this.#dataMs;
  }

  /** Call for a text, a pong, or the end of the handshake. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** Call for data of an open stream. */
  heardData(nowMs: number): void {
    this.#dataMs = nowMs;
    this.#firstDataMs ??= nowMs;
  }

  /** Call when a stream is open and data may come. */
  opened(nowMs: number): void {
    this.#firstOpenMs ??= nowMs;
  }

  pinged(nowMs: number): void {
    this.#pingedMs = nowMs;
  }

  /** True if it is time to ping the other side. */
  isPingDue(nowMs: number): boolean {
    return this.#pingedMs === undefined && nowMs - this.#heardMs >= QUIET_BEFORE_PING_MS;
  }

  isHandshakeLate(nowMs: number): boolean {
    return nowMs - this.#bornMs >= HANDSHAKE_MS;
  }

  /** The trouble of an unfinished handshake. */
  lateHandshake(): StreamTrouble {
    return troubleOf('DOWN', `${this.#url}: no connection within ${seconds(HANDSHAKE_MS)}.`);
  }

  /** Why an open session must be given up now; undefined if it is well. */
  signOfDeath(subscriptions: Subscriptions, nowMs: number): StreamTrouble | undefined {
    const unanswered = subscriptions.overdue(nowMs, ANSWER_MS);
    if (unanswered !== undefined) {
      return troubleOf('UNANSWERED', `${this.#url}: no answer to ${unanswered.method} within ${seconds(ANSWER_MS)}.`);
    }
    return this.#silence(nowMs) ?? this.#muteness(subscriptions, nowMs);
  }

  #silence(nowMs: number): StreamTrouble | undefined {
    if (this.#pingedMs === undefined) return undefined;
    if (this.#heardMs >= this.#pingedMs) this.#pingedMs = undefined;
    else if (nowMs - this.#pingedMs >= PONG_MS) {
      const silentFor = seconds(nowMs - this.#heardMs);
      return troubleOf('SILENT', `${this.#url}: neither data nor an answer to a ping for ${silentFor}.`);
    }
    return undefined;
  }

  #muteness(subscriptions: Subscriptions, nowMs: number): StreamTrouble | undefined {
    if (this.#firstOpenMs === undefined) return undefined;
    const muteMs = nowMs - Math.max(this.#dataMs ?? 0, this.#firstOpenMs);
    if (muteMs < this.#muteAfterMs) return undefined;
    const names = subscriptions.openNames();
    if (names.length === 0 || (muteMs < QUIET_KINDS_MUTE_MS && !names.some(isSteadyStream))) return undefined;
    return troubleOf('MUTE', `${this.#url}: the venue answers pings, but sent no data for ${seconds(muteMs)}.`);
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
