import type { Logger } from '@helios/shared/runtime/service.ts';
import { AwakeTime } from './awake-time.ts';
import { ConnectionGate } from './connection-gate.ts';
import { NoticeLog } from './notice-log.ts';
import { OutageLog } from './outage-log.ts';
import { SilenceWatch } from './silence-watch.ts';
import { StreamConnection } from './stream-connection.ts';
import { routeOf, type StreamRoute } from './stream-route.ts';

/** Each connection sends at most one message per tick, so four per second; the venue cuts a connection above ten. */
const TICK_MS = 250;
const WATCH_EVERY_MS = 1_000;
/** Streams per connection. The venue accepts 1,024; one more ends the connection with all of them. */
const MAX_STREAMS = 200;

/** Dependencies and callbacks of the market streams. */
export interface MarketStreamsOptions {
  /** Origin, such as `wss://fstream.binance.com`. */
  readonly baseUrl: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves after `ms`, or as soon as stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Uniform in 0..1. */
  readonly random: () => number;
  readonly log: Logger;
  /** Called with each received text in combined format, or garbage; `tsReceived` in epoch ms. Excludes answers to our requests. */
  readonly onFrame: (text: string, tsReceived: number) => void;
  /** Called before the first frame of newly delivering streams: state built from them earlier has a gap. */
  readonly onOpen: (streams: readonly string[]) => void;
  /** Called when open streams stop delivering, with the reason. Excludes streams that `setStreams` removed. */
  readonly onLost: (streams: readonly string[], reason: string) => void;
}

/** Keeps the venue's market streams open, over as many connections as they need. */
export class MarketStreams {
  readonly #options: MarketStreamsOptions;
  readonly #awake = new AwakeTime();
  readonly #gate: ConnectionGate;
  readonly #outages: OutageLog;
  readonly #noticeLog: NoticeLog;
  readonly #silence: SilenceWatch;
  #connections: StreamConnection[] = [];
  readonly #open = new Set<Promise<void>>();
  #fault: { readonly error: unknown } | undefined;
  #watchedMs = 0;

  constructor(options: MarketStreamsOptions) {
    this.#options = options;
    this.#gate = new ConnectionGate(options.random);
    this.#outages = new OutageLog(options.log, this.#awake);
    this.#noticeLog = new NoticeLog(options.log, this.#awake);
    this.#silence = new SilenceWatch(options.log, this.#awake);
  }

  /** Sets the wanted streams. Idempotent. Unsubscribes all others and drops their frames at once. */
  setStreams(names: readonly string[]): void {
    const wanted = new Set(names);
    for (const connection of this.#connections) {
      const unwanted = [...connection.wanted].filter((name) => !wanted.has(name));
      if (unwanted.length > 0) connection.remove(unwanted);
      this.#silence.forget(unwanted);
      for (const name of connection.wanted) wanted.delete(name);
    }
    for (const name of wanted) this.#connectionFor(routeOf(name)).add(name);
    for (const connection of this.#connections) if (connection.wanted.size === 0) this.#retire(connection);
    this.#connections = this.#connections.filter(({ wanted }) => wanted.size > 0);
  }

  /** Resolves when stopped and every connection is closed; rejects only on an error of our own code. */
  async run(): Promise<void> {
    const { stop, wait } = this.#options;
    const end = (): void => this.#endAll();
    stop.addEventListener('abort', end);
    try {
      while (!stop.aborted && this.#fault === undefined) {
        this.#tick();
        await wait(TICK_MS);
      }
    } finally {
      stop.removeEventListener('abort', end);
      this.#endAll();
      await Promise.all(this.#open);
    }
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #tick(): void {
    this.#awake.step(this.#options.now());
    for (const connection of this.#connections) connection.tick();
    this.#replaceOne();
    if (this.#awake.ms - this.#watchedMs < WATCH_EVERY_MS) return;
    this.#watchedMs = this.#awake.ms;
    this.#watch();
  }

  /** Replaces connections one after another, so that a short gap never affects all streams at once. */
  #replaceOne(): void {
    if (this.#connections.some(({ isBeingReplaced }) => isBeingReplaced)) return;
    this.#connections.find(({ isDueForReplacement }) => isDueForReplacement)?.replace();
  }

  #watch(): void {
    for (const connection of this.#connections) {
      if (connection.session?.signs.dataMs !== undefined) this.#outages.back(connection);
      this.#silence.check(connection);
    }
    this.#outages.tick();
  }

  #connectionFor(route: StreamRoute): StreamConnection {
    const known = this.#connections.find((each) => each.route === route && each.wanted.size < MAX_STREAMS);
    if (known !== undefined) return known;
    const made = this.#newConnection(route);
    this.#connections.push(made);
    return made;
  }

  #newConnection(route: StreamRoute): StreamConnection {
    const { baseUrl, now, random, onFrame, onOpen, onLost } = this.#options;
    return new StreamConnection({
      route,
      url: `${baseUrl}/${route}/stream`,
      awake: this.#awake,
      gate: this.#gate,
      now,
      random,
      onFrame,
      onOpen,
      onLost,
      onTrouble: (connection, trouble, streams) => this.#outages.lost(connection, trouble, streams),
      onNotice: (level, notice) => this.#noticeLog.say(level, notice),
      onFault: (error) => this.#onFault(error),
      onSocket: (closed) => this.#own(closed),
    });
  }

  #own(closed: Promise<void>): void {
    this.#open.add(closed);
    void closed.then(() => this.#open.delete(closed));
  }

  #onFault(error: unknown): void {
    this.#fault ??= { error };
    this.#endAll();
  }

  #retire(connection: StreamConnection): void {
    connection.end();
    this.#outages.back(connection);
  }

  #endAll(): void {
    for (const connection of this.#connections) connection.end();
  }
}
