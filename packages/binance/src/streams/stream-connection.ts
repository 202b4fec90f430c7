import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { AwakeTime } from './awake-time.ts';
import type { ConnectionGate } from './connection-gate.ts';
import { HandOver } from './hand-over.ts';
import { ReconnectPause } from './reconnect-pause.ts';
import type { StreamRoute } from './stream-route.ts';
import { StreamSession } from './stream-session.ts';
import type { StreamTrouble } from './stream-trouble.ts';

/** Maximum age of a connection, ms: the venue ends each connection after 24 h. */
const MAX_LIFE_MS = (23 * 60 + 50) * 60_000;
const LIFE_JITTER_MS = 20 * 60_000;
/** After this time with data a connection is steady: its next loss is a new trouble. */
const STEADY_MS = 60_000;
/** Replaces a mute connection after 30 s; each failed replacement doubles the wait. */
const MUTE_BACKOFF: Backoff = { baseMs: 30_000, maxMs: 480_000 };
/** Maximum time that two sessions deliver in parallel. */
const HAND_OVER_MS = 10_000;

/** Dependencies and callbacks of a connection. */
export interface ConnectionOptions {
  readonly route: StreamRoute;
  /** URL including the route's path. */
  readonly url: string;
  readonly awake: AwakeTime;
  readonly gate: ConnectionGate;
  /** Epoch ms. */
  readonly now: () => number;
  /** Uniform in 0..1. */
  readonly random: () => number;
  readonly onFrame: (text: string, tsReceived: number) => void;
  readonly onOpen: (names: readonly string[]) => void;
  readonly onLost: (names: readonly string[], reason: string) => void;
  /** Called when it ended or did not open; it will try again. `streams` is the number it delivered. */
  readonly onTrouble: (connection: StreamConnection, trouble: StreamTrouble, streams: number) => void;
  /** Called with a harmless notice for the log. */
  readonly onNotice: (level: 'info' | 'warn', notice: string) => void;
  readonly onFault: (error: unknown) => void;
  /** Called when a socket is made. */
  readonly onSocket: (closed: Promise<void>) => void;
}

/** Keeps up to 200 streams of one route open. It has one session at a time, or two for a short time when one replaces the other. */
export class StreamConnection {
  readonly route: StreamRoute;
  readonly #options: ConnectionOptions;
  readonly #wanted = new Set<string>();
  readonly #backOff: ReconnectPause;
  /** The session that delivers. */
  #current: StreamSession | undefined;
  /** The session that replaces `#current`, stream by stream. */
  #next: StreamSession | undefined;
  #handOver = new HandOver();
  /** Since when `#next` delivers all wanted streams, awake ms. */
  #handOverMs: number | undefined;
  #hasEnded = false;
  #vainSessions = 0;
  #replaceTs = Number.POSITIVE_INFINITY;
  #replaceReason = '';

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.route = options.route;
    this.#backOff = new ReconnectPause(options.random);
  }

  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  /** The session that delivers, if any. */
  get session(): StreamSession | undefined {
    return this.#current;
  }

  get isBeingReplaced(): boolean {
    return this.#next !== undefined;
  }

  get isDueForReplacement(): boolean {
    const isDue = this.#current !== undefined && this.#next === undefined && this.#options.now() >= this.#replaceTs;
    return isDue && this.#mayOpen();
  }

  add(name: string): void {
    this.#wanted.add(name);
  }

  remove(names: readonly string[]): void {
    for (const name of names) this.#wanted.delete(name);
    this.#current?.subscriptions.drop(names);
    this.#next?.subscriptions.drop(names);
    this.#handOver.forget(names);
  }

  tick(): void {
    if (this.#hasEnded) return;
    this.#current?.tick();
    this.#next?.tick();
    if (this.#next?.isDelivering) this.#tickHandOver();
    if (this.#current === undefined && this.#mayOpen()) this.#current = this.#open();
  }

  /** Opens a second session to replace the present one. Call it if `isDueForReplacement`. */
  replace(): void {
    this.#handOver = new HandOver();
    this.#handOverMs = undefined;
    this.#next = this.#open();
  }

  /** Subscribes silent streams again. */
  renew(names: readonly string[], reason: string): void {
    this.#current?.subscriptions.drop(names);
    this.#options.onLost(names, reason);
  }

  /** Closes all sessions without callbacks. */
  end(): void {
    this.#hasEnded = true;
    for (const session of [this.#current, this.#next]) {
      if (session?.isConnecting) this.#options.gate.failed(undefined, this.#options.awake.ms);
      session?.end();
    }
    this.#current = undefined;
    this.#next = undefined;
  }

  #mayOpen(): boolean {
    const { ms } = this.#options.awake;
    // A callback may have ended this connection.
    if (this.#hasEnded) return false;
    return this.#backOff.isOver(ms) && this.#options.gate.mayTry(ms);
  }

  #open(): StreamSession {
    const { url, awake, now, gate, onFault, onNotice } = this.#options;
    gate.tried();
    const session: StreamSession = new StreamSession({
      url,
      awake,
      now,
      onFault,
      wanted: this.#wanted,
      muteAfterMs: backoffMs(MUTE_BACKOFF, this.#vainSessions),
      onConnected: () => this.#onConnected(session),
      onOpen: (names) => {
        if (session === this.#current) this.#options.onOpen(names);
      },
      onFrame: (text, tsReceived, stream) => {
        if (this.#isHeard(session, text, stream)) this.#options.onFrame(text, tsReceived);
      },
      onComplaint: (detail) => onNotice('warn', detail),
      onShutdownNotice: () => this.#onShutdownNotice(session),
      onEnd: (trouble) => this.#onEnd(session, trouble),
    });
    this.#options.onSocket(session.closed);
    return session;
  }

  #onConnected(session: StreamSession): void {
    this.#options.gate.opened();
    if (session === this.#current) this.#planReplacement();
  }

  #planReplacement(): void {
    this.#replaceTs = this.#options.now() + MAX_LIFE_MS - this.#options.random() * LIFE_JITTER_MS;
    this.#replaceReason = 'replaced before the venue’s 24 h limit';
  }

  #onShutdownNotice(session: StreamSession): void {
    if (session !== this.#current) return;
    this.#replaceTs = this.#options.now();
    this.#replaceReason = 'replaced because the venue’s server will shut down';
  }

  #isHeard(session: StreamSession, text: string, stream: string | undefined): boolean {
    const isCurrent = session === this.#current;
    if (this.#next === undefined || stream === undefined) return isCurrent;
    return isCurrent ? this.#handOver.takesOld(stream, text) : this.#handOver.takesNew(stream, text);
  }

  #tickHandOver(): void {
    const { ms } = this.#options.awake;
    this.#handOverMs ??= ms;
    const isOver = ms - this.#handOverMs >= HAND_OVER_MS;
    const names = this.#current?.subscriptions.openNames() ?? [];
    const hasMoved = (name: string): boolean => this.#handOver.hasMoved(name);
    if (!isOver && !names.every(hasMoved)) return;
    const reason = this.#replaceReason;
    this.#current?.end();
    this.#takeOver(names, (name) => hasMoved(name) || this.#handOver.wasQuiet(name), reason);
    this.#options.onNotice('info', `${this.#options.url}: ${reason}`);
  }

  /** Makes the replacement the current session. Reports the streams that have a gap as lost and opened. */
  #takeOver(before: readonly string[], isWhole: (name: string) => boolean, reason: string): void {
    const after = this.#next?.subscriptions.openNames() ?? [];
    const known = new Set(before);
    const whole = new Set(after.filter((name) => known.has(name) && isWhole(name)));
    this.#current = this.#next;
    this.#next = undefined;
    this.#planReplacement();
    this.#tellLost(
      before.filter((name) => !whole.has(name)),
      reason,
    );
    const opened = after.filter((name) => !whole.has(name));
    if (opened.length > 0) this.#options.onOpen(opened);
  }

  /** Drops a failed replacement. The old session delivers the moved streams again; they have a gap. */
  #takeBack(reason: string): void {
    const moved = (this.#current?.subscriptions.openNames() ?? []).filter((name) => this.#handOver.hasMoved(name));
    this.#next = undefined;
    this.#tellLost(moved, reason);
    if (moved.length > 0) this.#options.onOpen(moved);
    this.#options.onNotice('warn', `replacement failed, keeping the old connection: ${reason}`);
  }

  #tellLost(names: readonly string[], reason: string): void {
    if (names.length > 0) this.#options.onLost(names, reason);
  }

  #onEnd(session: StreamSession, trouble: StreamTrouble): void {
    const { awake, gate, onTrouble } = this.#options;
    const { firstDataMs } = session.signs;
    if (!session.wasConnected) gate.failed(trouble, awake.ms);
    if (firstDataMs !== undefined) this.#vainSessions = 0;
    else if (trouble.code === 'MUTE') this.#vainSessions += 1;
    this.#backOff.failed(awake.ms, firstDataMs !== undefined && awake.ms - firstDataMs >= STEADY_MS);
    if (session === this.#next) {
      this.#takeBack(trouble.detail);
      return;
    }
    const names = session.subscriptions.openNames();
    this.#current = undefined;
    if (this.#next === undefined) this.#tellLost(names, trouble.detail);
    else this.#takeOver(names, (name) => this.#handOver.hasMoved(name), trouble.detail);
    onTrouble(this, trouble, names.length);
  }
}
