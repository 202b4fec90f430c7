import { isSteadyStream } from './steady-stream.ts';
import { type StreamTrouble, troubleOf } from './stream-trouble.ts';
import type { Subscriptions } from './subscriptions.ts';

const HANDSHAKE_MS = 10_000;
const ANSWER_MS = 5_000;
const QUIET_BEFORE_PING_MS = 5_000;
const PONG_MS = 5_000;
/** Where only quiet kinds of streams are open, silence says little. */
const QUIET_KINDS_MUTE_MS = 480_000;

/** What shows that a session lives, and when it must be given up. Times are awake ms; whoever owns it tells it of them. */
export class Liveness {
  readonly #url: string;
  readonly #muteAfterMs: number;
  readonly #bornMs: number;
  /** The last text or pong. */
  #heardMs: number;
  #pingedMs: number | undefined;
  #firstOpenMs: number | undefined;
  #firstDataMs: number | undefined;
  #dataMs: number | undefined;

  /** @param url for messages @param muteAfterMs without data for so long, it is of no use */
  constructor(url: string, muteAfterMs: number, bornMs: number) {
    this.#url = url;
    this.#muteAfterMs = muteAfterMs;
    this.#bornMs = bornMs;
    this.#heardMs = bornMs;
  }

  /** Since when data has been coming. */
  get firstDataMs(): number | undefined {
    return this.#firstDataMs;
  }

  /** When data came last. */
  get dataMs(): number | undefined {
    return this.#dataMs;
  }

  /** A text, a pong, or the end of the handshake. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** A text was data of a stream that is open. */
  heardData(nowMs: number): void {
    this.#dataMs = nowMs;
    this.#firstDataMs ??= nowMs;
  }

  /** A stream is open: data may be expected. */
  opened(nowMs: number): void {
    this.#firstOpenMs ??= nowMs;
  }

  pinged(nowMs: number): void {
    this.#pingedMs = nowMs;
  }

  /** Time to ask whether the other side is still there. */
  isPingDue(nowMs: number): boolean {
    return this.#pingedMs === undefined && nowMs - this.#heardMs >= QUIET_BEFORE_PING_MS;
  }

  isHandshakeLate(nowMs: number): boolean {
    return nowMs - this.#bornMs >= HANDSHAKE_MS;
  }

  /** Why an unfinished handshake is given up. */
  lateHandshake(): StreamTrouble {
    return troubleOf('DOWN', `${this.#url}: no connection within ${seconds(HANDSHAKE_MS)}.`);
  }

  /** Why an open session has to be given up now, if it has. */
  signOfDeath(subscriptions: Subscriptions, nowMs: number): StreamTrouble | undefined {
    const unanswered = subscriptions.overdue(nowMs, ANSWER_MS);
    if (unanswered !== undefined) {
      return troubleOf(
        'UNANSWERED',
        `${this.#url}: ${unanswered.method} was not answered within ${seconds(ANSWER_MS)}.`,
      );
    }
    return this.#silence(nowMs) ?? this.#muteness(subscriptions, nowMs);
  }

  #silence(nowMs: number): StreamTrouble | undefined {
    if (this.#pingedMs === undefined) return undefined;
    if (this.#heardMs >= this.#pingedMs) this.#pingedMs = undefined;
    else if (nowMs - this.#pingedMs >= PONG_MS) {
      const silentFor = seconds(nowMs - this.#heardMs);
      return troubleOf('SILENT', `${this.#url}: neither data nor the answer to a ping for ${silentFor}.`);
    }
    return undefined;
  }

  #muteness(subscriptions: Subscriptions, nowMs: number): StreamTrouble | undefined {
    if (this.#firstOpenMs === undefined) return undefined;
    const muteMs = nowMs - Math.max(this.#dataMs ?? 0, this.#firstOpenMs);
    if (muteMs < this.#muteAfterMs) return undefined;
    const names = subscriptions.openNames();
    if (names.length === 0 || (muteMs < QUIET_KINDS_MUTE_MS && !names.some(isSteadyStream))) return undefined;
    return troubleOf('MUTE', `${this.#url}: pings are answered, but there has been no data for ${seconds(muteMs)}.`);
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
