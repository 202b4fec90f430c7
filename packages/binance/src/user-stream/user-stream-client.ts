import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { SignedRest } from '../rest/signed-rest.ts';
import { AwakeTime } from '../streams/awake-time.ts';
import { StreamSession } from '../streams/stream-session.ts';
import { createListenKey, extendListenKey } from './listen-key.ts';
import { parseUserEvent, type UserEvent } from './parse-user-event.ts';

const TICK_MS = 250;
/** The key lives 60 minutes: a failed extension has forty more tries. */
const EXTEND_EVERY_MS = 20 * 60_000;
const EXTEND_AGAIN_MS = 60_000;
/** The venue ends each connection after 24 h. */
const MAX_LIFE_MS = (23 * 60 + 45) * 60_000;
const PAUSE: Backoff = { baseMs: 500, maxMs: 30_000, jitter: 0.25 };
const NO_SUCH_KEY = -1125;

export interface UserStreamOptions {
  /** Origin of the streams, such as `wss://fstream.binance.com`. */
  readonly baseUrl: string;
  readonly rest: Pick<SignedRest, 'send'>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves after `ms`, or as soon as stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Uniform in 0..1. */
  readonly random: () => number;
  readonly log: Logger;
  /** Called with each event; one event may come twice while a connection replaces another. */
  readonly onEvent: (event: UserEvent, tsReceived: number) => void;
  /** Called when events begin to come: everything before may be missing, so the caller must reconcile. */
  readonly onOpen: () => void;
  /** Called when events stop coming, with the reason. */
  readonly onLost: (reason: string) => void;
}

/** Keeps the account's user stream open: listen key, extension, reconnects, and the change of connections before 24 hours. */
export class UserStreamClient {
  readonly #options: UserStreamOptions;
  readonly #awake = new AwakeTime();
  #key: { readonly text: string; extendAtMs: number } | undefined;
  #isAsking = false;
  #session: StreamSession | undefined;
  /** The session that replaces `#session`. */
  #next: StreamSession | undefined;
  #isOpen = false;
  #openedMs = 0;
  #failures = 0;
  #dueMs = 0;
  #fault: { readonly error: unknown } | undefined;

  constructor(options: UserStreamOptions) {
    this.#options = options;
  }

  /** True while events come. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves when stopped; rejects only on an error of our own code. */
  async run(): Promise<void> {
    const { stop, wait } = this.#options;
    try {
      while (!stop.aborted && this.#fault === undefined) {
        this.#tick();
        await wait(TICK_MS);
      }
    } finally {
      this.#endSessions();
    }
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #tick(): void {
    this.#awake.step(this.#options.now());
    const { ms } = this.#awake;
    this.#session?.tick();
    this.#next?.tick();
    if (this.#key === undefined) {
      if (ms >= this.#dueMs) this.#ask(() => this.#createKey());
      return;
    }
    if (ms >= this.#key.extendAtMs) this.#ask(() => this.#extendKey());
    if (this.#session === undefined && ms >= this.#dueMs) this.#session = this.#open(this.#key.text);
    const isOld = this.#isOpen && ms - this.#openedMs >= MAX_LIFE_MS;
    if (isOld && this.#next === undefined && ms >= this.#dueMs) this.#next = this.#open(this.#key.text);
  }

  /** Runs one request for the key at a time. */
  #ask(request: () => Promise<void>): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    request()
      .catch((error: unknown) => {
        this.#fault ??= { error };
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  async #createKey(): Promise<void> {
    const answer = await this.#options.rest.send(createListenKey, undefined);
    if (answer.kind === 'OK') this.#key = { text: answer.value, extendAtMs: this.#awake.ms + EXTEND_EVERY_MS };
    else this.#pause(answer.detail, answer.retryAfterMs);
  }

  async #extendKey(): Promise<void> {
    const answer = await this.#options.rest.send(extendListenKey, undefined);
    if (answer.kind === 'FAILURE' && answer.serverCode === NO_SUCH_KEY) {
      this.#loseKey(answer.detail);
      return;
    }
    if (answer.kind === 'FAILURE') this.#options.log.warn({ detail: answer.detail }, 'listen key not extended');
    const inMs = answer.kind === 'OK' ? EXTEND_EVERY_MS : Math.max(EXTEND_AGAIN_MS, answer.retryAfterMs ?? 0);
    if (this.#key !== undefined) this.#key.extendAtMs = this.#awake.ms + inMs;
  }

  #open(key: string): StreamSession {
    const session: StreamSession = new StreamSession({
      url: `${this.#options.baseUrl}/private/stream`,
      wanted: new Set([key]),
      // An account without orders is silent for days; pings tell whether the connection lives.
      muteAfterMs: Number.POSITIVE_INFINITY,
      awake: this.#awake,
      now: this.#options.now,
      onConnected: () => {},
      onOpen: () => this.#onOpen(session),
      onFrame: (text, tsReceived) => this.#onText(text, tsReceived),
      onComplaint: (detail) => this.#options.log.warn({ detail }, 'user stream: complaint of the venue'),
      onShutdownNotice: () => {
        this.#openedMs = Number.NEGATIVE_INFINITY;
      },
      onEnd: ({ detail, retryAfterMs }) => this.#onEnd(session, detail, retryAfterMs),
      onFault: (error) => {
        this.#fault ??= { error };
      },
    });
    return session;
  }

  #onOpen(session: StreamSession): void {
    this.#failures = 0;
    this.#openedMs = this.#awake.ms;
    if (session === this.#next) {
      // The old connection delivered until now: there is no gap.
      this.#session?.end();
      this.#session = session;
      this.#next = undefined;
      return;
    }
    this.#isOpen = true;
    this.#options.onOpen();
  }

  #onText(text: string, tsReceived: number): void {
    const event = parseUserEvent(text);
    if (event.kind === 'FAULT') {
      this.#options.log.warn({ code: event.code, detail: event.detail }, 'user event dropped');
      // What it said is unknown, so everything must be read again.
      this.#options.onLost(`an unreadable event: ${event.detail}`);
      this.#options.onOpen();
    } else if (event.kind === 'LISTEN_KEY_EXPIRED') this.#loseKey('the venue ended the listen key');
    else this.#options.onEvent(event, tsReceived);
  }

  #onEnd(session: StreamSession, detail: string, retryAfterMs: number | undefined): void {
    this.#pause(detail, retryAfterMs);
    if (session === this.#next) {
      this.#next = undefined;
      return;
    }
    this.#session = undefined;
    this.#lost(detail);
  }

  #loseKey(reason: string): void {
    this.#key = undefined;
    this.#endSessions();
    this.#lost(reason);
  }

  #lost(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.onLost(reason);
  }

  #pause(detail: string, retryAfterMs: number | undefined): void {
    const ms = retryAfterMs ?? backoffMs(PAUSE, this.#failures, this.#options.random);
    this.#failures += 1;
    this.#dueMs = this.#awake.ms + ms;
    this.#options.log.warn({ detail, retry_ms: Math.round(ms) }, 'user stream not open');
  }

  #endSessions(): void {
    this.#session?.end();
    this.#next?.end();
    this.#session = undefined;
    this.#next = undefined;
  }
}
