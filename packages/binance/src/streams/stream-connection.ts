import type { AwakeTime } from './awake-time.ts';
import { BackOff } from './back-off.ts';
import type { StreamRoute } from './stream-route.ts';
import { StreamSession } from './stream-session.ts';
import type { StreamTrouble } from './stream-trouble.ts';
import type { VenueDoor } from './venue-door.ts';

/** The venue ends each connection after 24 h. */
const LONGEST_LIFE_MS = (23 * 60 + 50) * 60_000;
const LIFE_JITTER_MS = 20 * 60_000;
/** Data for so long makes a connection steady: its next loss is a new one. */
const STEADY_MS = 60_000;
/** A connection that stays mute is replaced after 30 s, and with each vain replacement after twice as long. */
const FIRST_MUTE_MS = 30_000;
const LONGEST_MUTE_MS = 480_000;

/** What a connection needs and whom it tells. */
export interface ConnectionOptions {
  readonly route: StreamRoute;
  /** With the route's path. */
  readonly url: string;
  readonly awake: AwakeTime;
  readonly door: VenueDoor;
  /** Epoch ms. */
  readonly now: () => number;
  /** Uniform in 0..1. */
  readonly chance: () => number;
  readonly onFrame: (text: string, tsReceived: number) => void;
  readonly onOpen: (names: readonly string[]) => void;
  readonly onLost: (names: readonly string[], reason: string) => void;
  /** It ended, or could not be opened; it will be tried again. `streams` is how many it delivered. */
  readonly onTrouble: (connection: StreamConnection, trouble: StreamTrouble, streams: number) => void;
  /** Something for the log, which ends nothing. */
  readonly onRemark: (level: 'info' | 'warn', remark: string) => void;
  readonly onFault: (error: unknown) => void;
  /** A socket has been made. */
  readonly onSocket: (closed: Promise<void>) => void;
}

/** Up to 200 streams of one route, kept open: one session after the other, and two of them for a moment when one replaces another. */
export class StreamConnection {
  readonly route: StreamRoute;
  readonly #options: ConnectionOptions;
  readonly #wanted = new Set<string>();
  readonly #backOff: BackOff;
  /** Delivers. */
  #current: StreamSession | undefined;
  /** Will replace `#current` as soon as it delivers. */
  #next: StreamSession | undefined;
  #hasEnded = false;
  #vainSessions = 0;
  #replaceTs = Number.POSITIVE_INFINITY;
  #replaceReason = '';

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.route = options.route;
    this.#backOff = new BackOff(options.chance);
  }

  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  /** The session whose data is passed on. */
  get session(): StreamSession | undefined {
    return this.#current;
  }

  get isBeingReplaced(): boolean {
    return this.#next !== undefined;
  }

  get isDueForReplacement(): boolean {
    return this.#current !== undefined && this.#next === undefined && this.#options.now() >= this.#replaceTs;
  }

  add(name: string): void {
    this.#wanted.add(name);
  }

  remove(names: readonly string[]): void {
    for (const name of names) this.#wanted.delete(name);
    this.#current?.subscriptions.drop(names);
    this.#next?.subscriptions.drop(names);
  }

  tick(): void {
    if (this.#hasEnded) return;
    this.#current?.tick();
    this.#next?.tick();
    if (this.#next?.isDelivering) this.#changeOver();
    if (this.#current === undefined && this.#mayOpen()) this.#current = this.#open();
  }

  /** Opens a session beside the one that delivers, if the venue may be asked for one. */
  replace(): void {
    if (this.#mayOpen()) this.#next = this.#open();
  }

  /** These are subscribed anew, since they deliver nothing. */
  renew(names: readonly string[], reason: string): void {
    this.#current?.subscriptions.drop(names);
    this.#options.onLost(names, reason);
  }

  /** Closes everything and tells nobody. */
  end(): void {
    this.#hasEnded = true;
    for (const session of [this.#current, this.#next]) {
      if (session?.isConnecting) this.#options.door.failed(undefined, this.#options.awake.ms);
      session?.end();
    }
    this.#current = undefined;
    this.#next = undefined;
  }

  #mayOpen(): boolean {
    const { ms } = this.#options.awake;
    // What is told of an end may well end everything.
    if (this.#hasEnded) return false;
    return this.#backOff.isOver(ms) && this.#options.door.mayTry(ms);
  }

  #open(): StreamSession {
    const { url, awake, now, door, onFault, onRemark } = this.#options;
    door.tried();
    const session: StreamSession = new StreamSession({
      url,
      awake,
      now,
      onFault,
      wanted: this.#wanted,
      muteAfterMs: Math.min(FIRST_MUTE_MS * 2 ** this.#vainSessions, LONGEST_MUTE_MS),
      onConnected: () => this.#onConnected(session),
      onOpen: (names) => {
        if (session === this.#current) this.#options.onOpen(names);
      },
      onFrame: (text, tsReceived) => {
        if (session === this.#current) this.#options.onFrame(text, tsReceived);
      },
      onComplaint: (detail) => onRemark('warn', detail),
      onShutdownNotice: () => this.#onShutdownNotice(session),
      onEnd: (trouble) => this.#onEnd(session, trouble),
    });
    this.#options.onSocket(session.closed);
    return session;
  }

  #onConnected(session: StreamSession): void {
    this.#options.door.opened();
    if (session === this.#current) this.#planReplacement();
  }

  #planReplacement(): void {
    this.#replaceTs = this.#options.now() + LONGEST_LIFE_MS - this.#options.chance() * LIFE_JITTER_MS;
    this.#replaceReason = 'replaced before the venue’s limit of 24 h';
  }

  #onShutdownNotice(session: StreamSession): void {
    if (session !== this.#current) return;
    this.#replaceTs = this.#options.now();
    this.#replaceReason = 'replaced because the venue’s server is about to shut down';
  }

  #changeOver(): void {
    const old = this.#current;
    const names = old?.subscriptions.openNames() ?? [];
    old?.end();
    const reason = this.#replaceReason;
    this.#vainSessions = 0;
    if (names.length > 0) this.#options.onLost(names, reason);
    this.#promote();
    this.#options.onRemark('info', `${this.#options.url}: ${reason}`);
  }

  /** The replacement takes the place of the session that is gone. */
  #promote(): void {
    this.#current = this.#next;
    this.#next = undefined;
    this.#planReplacement();
    const names = this.#current?.subscriptions.openNames() ?? [];
    if (names.length > 0) this.#options.onOpen(names);
  }

  #onEnd(session: StreamSession, trouble: StreamTrouble): void {
    const { awake, door, onLost, onTrouble, onRemark } = this.#options;
    if (!session.wasConnected) door.failed(trouble, awake.ms);
    const isSteady = session.signs.firstDataMs !== undefined && awake.ms - session.signs.firstDataMs >= STEADY_MS;
    if (session.signs.firstDataMs !== undefined) this.#vainSessions = 0;
    else if (trouble.code === 'MUTE') this.#vainSessions += 1;
    this.#backOff.failed(awake.ms, isSteady);
    if (session === this.#next) {
      this.#next = undefined;
      onRemark('warn', `a replacement could not be opened, the old connection goes on: ${trouble.detail}`);
      return;
    }
    const names = session.subscriptions.openNames();
    this.#current = undefined;
    if (names.length > 0) onLost(names, trouble.detail);
    onTrouble(this, trouble, names.length);
    if (this.#next !== undefined) this.#promote();
  }
}
