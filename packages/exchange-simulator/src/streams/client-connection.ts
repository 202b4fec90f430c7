import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import {
  type ClientRequest,
  type RequestId,
  readStreamRequest,
  type StreamRefusal,
  tooManySubscriptions,
} from './client-request.ts';
import { SocketWatch } from './socket-watch.ts';
import type { StreamAddress } from './stream-address.ts';
import type { StreamLimits } from './stream-limits.ts';

/** Callbacks of a connection. */
export interface ConnectionEvents {
  onMessage(): void;
  /** Called after a change of its subscriptions. */
  onStreams(added: readonly string[], removed: readonly string[]): void;
  onClosed(): void;
  /** True while the connection is half open: the venue neither answers nor pings. */
  isDead(): boolean;
}

export interface ClientConnectionOptions {
  readonly socket: WebSocket;
  readonly transport: Duplex;
  readonly address: StreamAddress;
  readonly limits: StreamLimits;
  /** Epoch ms of the clock, which faults do not move. */
  readonly nowMs: () => number;
  /** Epoch ms of the machine's clock: pongs come in real time, even if the venue's clock is stepped. */
  readonly machineMs: () => number;
  readonly events: ConnectionEvents;
}

const SECOND_MS = 1_000;
/** The venue cuts a client with more unread data. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** One stream client: handles its requests, limits and end. */
export class ClientConnection {
  readonly route: StreamAddress['route'];
  readonly #options: ClientConnectionOptions;
  readonly #streams = new Set<string>();
  /** Receive times of the newest messages on the monotonic clock: messages come in real time, even if a test sets the venue's clock. */
  #received: number[] = [];
  #isCombined: boolean;
  #isEnding = false;
  readonly #watch: SocketWatch;
  #isCorked = false;

  constructor(options: ClientConnectionOptions) {
    const { socket, address } = options;
    this.#options = options;
    this.route = address.route;
    this.#isCombined = address.isCombined;
    const { limits, nowMs, machineMs } = options;
    this.#watch = new SocketWatch({
      ...{ limits, nowMs, machineMs },
      ping: (payload) => this.#ping(payload),
      close: (code, reason) => this.close(code, reason),
    });
    socket.on('message', (data: RawData) => this.#onMessage(String(data)));
    socket.on('ping', (data: Buffer) => this.#onPing(data));
    socket.on('pong', () => this.#onPong());
    // A broken frame or a lost client; a 'close' event follows.
    socket.on('error', () => {});
    socket.on('close', () => options.events.onClosed());
  }

  /** Subscribed names, served or not. */
  get streams(): ReadonlySet<string> {
    return this.#streams;
  }

  /** Subscribes to the streams of its address. */
  open(): void {
    this.#subscribe(this.#options.address.names, undefined);
  }

  /** Sent bytes that still wait for the client to read. */
  get unreadBytes(): number {
    return this.#isEnding ? 0 : this.#options.socket.bufferedAmount;
  }

  /** The text of an event for this client: bare, or wrapped with the stream's name. */
  wrapped(stream: string, text: string): string {
    return this.#isCombined ? `{"stream":${JSON.stringify(stream)},"data":${text}}` : text;
  }

  sendText(text: string): void {
    const { socket } = this.#options;
    if (this.#isEnding || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) this.terminate();
    else {
      this.#cork();
      socket.send(text);
    }
  }

  /** Joins all texts of one moment into one write to the system: a fill makes four events. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { transport } = this.#options;
    transport.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      transport.uncork();
    });
  }

  /** Ends the connection with a close frame. */
  close(code: number, reason: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#options.socket.close(code, reason);
  }

  /** Ends the connection without a close frame; by a TCP reset if the transport supports it. */
  reset(): void {
    this.#isEnding = true;
    const { transport } = this.#options;
    if ('resetAndDestroy' in transport && typeof transport.resetAndDestroy === 'function') transport.resetAndDestroy();
    else transport.destroy();
  }

  terminate(): void {
    this.#isEnding = true;
    this.#options.socket.terminate();
  }

  /** Sends a ping if one is due, and ends the connection if it is silent or too old. */
  look(): void {
    if (!this.#options.events.isDead()) this.#watch.look();
  }

  #ping(payload: string): void {
    const { socket } = this.#options;
    if (!this.#isEnding && socket.readyState === socket.OPEN) socket.ping(payload);
  }

  #onMessage(text: string): void {
    if (!this.#admit()) return;
    const request = readStreamRequest(text);
    if (request.kind === 'REFUSED') this.#refuse(request);
    else this.#answer(request);
  }

  #onPing(data: Buffer): void {
    if (this.#admit() && !this.#options.events.isDead()) this.#options.socket.pong(data);
  }

  #onPong(): void {
    this.#watch.onPong();
    this.#admit();
  }

  /** Counts a message; false if it exceeds the limit. */
  #admit(): boolean {
    if (this.#isEnding) return false;
    this.#options.events.onMessage();
    const now = performance.now();
    this.#received = [...this.#received.filter((at) => now - at < SECOND_MS), now];
    if (this.#received.length <= this.#options.limits.messagesPerSecond) return true;
    this.close(1008, 'Too many requests');
    return false;
  }

  #answer(request: ClientRequest): void {
    if (request.kind === 'SUBSCRIBE' && !this.#subscribe(request.names, request.id)) return;
    if (request.kind === 'UNSUBSCRIBE') this.#unsubscribe(request.names);
    if (request.kind === 'SET_COMBINED') this.#isCombined = request.isCombined;
    this.#reply(this.#resultOf(request), request.id);
  }

  #resultOf({ kind }: ClientRequest): unknown {
    if (kind === 'LIST_SUBSCRIPTIONS') return [...this.#streams];
    return kind === 'GET_COMBINED' ? this.#isCombined : null;
  }

  /** Accepts any name; too many names end the connection. */
  #subscribe(names: readonly string[], id: RequestId | undefined): boolean {
    const added = [...new Set(names)].filter((name) => !this.#streams.has(name));
    if (this.#streams.size + added.length > this.#options.limits.streamsPerConnection) {
      this.#refuse(tooManySubscriptions(id));
      this.close(1008, 'Too many subscriptions');
      return false;
    }
    for (const name of added) this.#streams.add(name);
    this.#options.events.onStreams(added, []);
    return true;
  }

  #unsubscribe(names: readonly string[]): void {
    const removed = names.filter((name) => this.#streams.delete(name));
    this.#options.events.onStreams([], removed);
  }

  #reply(result: unknown, id: RequestId): void {
    if (!this.#options.events.isDead()) this.sendText(JSON.stringify({ result, id }));
  }

  #refuse({ code, msg, id }: StreamRefusal): void {
    if (!this.#options.events.isDead())
      this.sendText(JSON.stringify({ error: { code, msg }, ...(id === undefined ? {} : { id }) }));
  }
}
