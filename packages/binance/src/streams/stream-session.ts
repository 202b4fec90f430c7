import type { IncomingMessage } from 'node:http';
import { problemOf } from '@helios/shared/runtime/http-client.ts';
import { WebSocket } from 'ws';
import type { AwakeTime } from './awake-time.ts';
import { Liveness } from './liveness.ts';
import { readServerText, streamNameOf } from './server-text.ts';
import { type StreamTrouble, troubleOf, troubleOfClose, troubleOfReply } from './stream-trouble.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';

/** Maximum text; the longest known texts, all-market arrays, have about 300 KB. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const MAX_REFUSAL = 2_048;

/** Dependencies and callbacks of a session. There are no callbacks after `onEnd` or `end`. */
export interface SessionOptions {
  readonly url: string;
  /** The wanted streams; the session follows changes with the next ticks. */
  readonly wanted: ReadonlySet<string>;
  /** Maximum time without data, ms. */
  readonly muteAfterMs: number;
  readonly awake: AwakeTime;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onConnected: () => void;
  /** Called when streams begin to deliver. */
  readonly onOpen: (names: readonly string[]) => void;
  /** Called with each text; `stream` is undefined if the text belongs to no open stream. */
  readonly onFrame: (text: string, tsReceived: number, stream: string | undefined) => void;
  /** Called with a harmless complaint of the venue that an operator should know. */
  readonly onComplaint: (detail: string) => void;
  readonly onShutdownNotice: () => void;
  readonly onEnd: (trouble: StreamTrouble) => void;
  /** Called with an error of our own code in an event handler. */
  readonly onFault: (error: unknown) => void;
}

/** The life of one WebSocket, from the handshake to its end. It owns no timer: `tick` drives it. */
export class StreamSession {
  readonly subscriptions: Subscriptions;
  readonly signs: Liveness;
  /** Resolves when the socket is closed for good. */
  readonly closed: Promise<void>;
  readonly #options: SessionOptions;
  readonly #awake: AwakeTime;
  readonly #socket: WebSocket;
  #wasConnected = false;
  #hasEnded = false;
  #problem: string | undefined;
  #refusal: { readonly reply: IncomingMessage; body: string } | undefined;

  constructor(options: SessionOptions) {
    const { url, wanted, awake, muteAfterMs } = options;
    this.#options = options;
    this.#awake = awake;
    this.subscriptions = new Subscriptions(wanted);
    this.signs = new Liveness(url, muteAfterMs, awake.ms);
    this.#socket = new WebSocket(url, {
      maxPayload: MAX_TEXT_BYTES,
      perMessageDeflate: false,
      headers: { 'user-agent': 'helios' },
    });
    this.closed = new Promise((resolve) => void this.#socket.once('close', () => resolve()));
    this.#listen();
  }

  /** True after the handshake. */
  get wasConnected(): boolean {
    return this.#wasConnected;
  }

  get isConnecting(): boolean {
    return !this.#hasEnded && !this.#wasConnected;
  }

  /** True if all wanted streams are subscribed and data comes. */
  get isDelivering(): boolean {
    return !this.#hasEnded && this.signs.firstDataMs !== undefined && this.subscriptions.isSettled;
  }

  /** Sends at most one message: four ticks per second stay far below the venue's message limit. */
  tick(): void {
    if (this.#hasEnded) return;
    const { ms } = this.#awake;
    const { readyState } = this.#socket;
    if (readyState === WebSocket.CONNECTING) {
      if (this.signs.isHandshakeLate(ms)) this.#giveUpHandshake();
    } else if (readyState === WebSocket.OPEN) {
      const trouble = this.signs.signOfDeath(this.subscriptions, ms);
      if (trouble === undefined) this.#send(ms);
      else this.#finish(trouble);
    } else {
      // The venue's close frame has arrived. Do not wait up to half a minute for the venue to close its end.
      this.#socket.terminate();
    }
  }

  /** Closes the socket without callbacks. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#socket.removeAllListeners('message');
    this.#socket.terminate();
  }

  #listen(): void {
    this.#on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    this.#on('pong', () => this.signs.heard(this.#awake.ms));
    this.#on('open', () => this.#onConnected());
    this.#on('unexpected-response', (_request: unknown, reply: IncomingMessage) => this.#onRefused(reply));
    this.#on('error', (error: Error) => this.#onError(error));
    this.#on('close', (code: number, words: Buffer) => this.#onClose(code, words.toString()));
  }

  #on<T extends unknown[]>(event: string, handle: (...args: T) => void): void {
    this.#socket.on(event, this.#guarded(handle));
  }

  /** Passes an error of an event handler to `onFault`; inside the socket it would end the process. */
  #guarded<T extends unknown[]>(handle: (...args: T) => void): (...args: T) => void {
    return (...args) => {
      if (this.#hasEnded) return;
      try {
        handle(...args);
      } catch (error) {
        this.#options.onFault(error);
      }
    };
  }

  #onConnected(): void {
    this.#wasConnected = true;
    this.signs.heard(this.#awake.ms);
    this.#options.onConnected();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    this.signs.heard(this.#awake.ms);
    if (isBinary) {
      this.#complain('binary frame dropped, the venue sends texts only');
      return;
    }
    const text = data.toString();
    const name = streamNameOf(text);
    const subscription = name === undefined ? undefined : this.subscriptions.get(name);
    if (subscription?.phase === 'OPEN') this.#onData(subscription, text);
    else if (subscription !== undefined) this.#onEarlyOrLate(subscription, text);
    else this.#onRareText(text);
  }

  #onData(subscription: Subscription, text: string): void {
    subscription.heardMs = this.#awake.ms;
    this.signs.heardData(this.#awake.ms);
    this.#options.onFrame(text, this.#options.now(), subscription.name);
  }

  /** Handles data before the answer to a subscription, which opens the stream, and data after an unsubscription, which is dropped. */
  #onEarlyOrLate(subscription: Subscription, text: string): void {
    if (this.subscriptions.open(subscription.name, this.#awake.ms)) this.#opened([subscription.name]);
    if (subscription.phase === 'OPEN') this.#onData(subscription, text);
  }

  #onRareText(text: string): void {
    const said = readServerText(text);
    const subscription = said.kind === 'OTHER' && said.stream ? this.subscriptions.get(said.stream) : undefined;
    if (said.kind === 'ACCEPTED') this.#opened(this.subscriptions.accepted(said.id, this.#awake.ms));
    else if (said.kind === 'REFUSED') this.#onRequestRefused(said.id, said.words);
    else if (said.kind === 'SHUTDOWN') this.#options.onShutdownNotice();
    else if (subscription !== undefined) this.#onEarlyOrLate(subscription, text);
    else this.#options.onFrame(text, this.#options.now(), undefined);
  }

  #onRequestRefused(id: number | undefined, words: string): void {
    const blamed = id === undefined ? [] : this.subscriptions.refused(id, this.#awake.ms);
    this.#complain(blamed.length > 0 ? `“${words}” to the stream ${blamed.join(', ')}` : `“${words}”`);
  }

  #opened(names: readonly string[]): void {
    if (names.length === 0) return;
    this.signs.opened(this.#awake.ms);
    this.#options.onOpen(names);
  }

  #complain(detail: string): void {
    this.#options.onComplaint(`${this.#options.url}: ${detail}`);
  }

  #send(nowMs: number): void {
    if (this.signs.isPingDue(nowMs)) {
      this.signs.pinged(nowMs);
      this.#socket.ping();
      return;
    }
    const request = this.subscriptions.nextRequest(nowMs);
    if (request === undefined) return;
    this.#socket.send(JSON.stringify({ method: request.method, params: request.names, id: request.id }));
  }

  #giveUpHandshake(): void {
    if (this.#refusal) this.#finishRefused();
    else this.#finish(this.signs.lateHandshake());
  }

  /** Reads the beginning of an answer that refuses the WebSocket: it holds the reason. */
  #onRefused(reply: IncomingMessage): void {
    const refusal = { reply, body: '' };
    this.#refusal = refusal;
    const finish = this.#guarded(() => this.#finishRefused());
    reply.setEncoding('utf8');
    reply.on('data', (chunk: string) => {
      refusal.body += chunk;
      if (refusal.body.length >= MAX_REFUSAL) finish();
    });
    for (const event of ['end', 'error', 'close']) reply.on(event, finish);
  }

  #finishRefused(): void {
    if (this.#refusal === undefined) return;
    const { reply, body } = this.#refusal;
    const refused = { status: reply.statusCode ?? 0, headers: reply.headers, body };
    this.#finish(troubleOfReply(refused, this.#options.url, this.#options.now()));
  }

  #onError(error: Error & { code?: string }): void {
    // After an unreadable frame `ws` would wait until the venue closes.
    const { url } = this.#options;
    if (error.code?.startsWith('WS_ERR')) this.#finish(troubleOf('BROKEN_FRAME', `${url}: ${error.message}.`));
    else this.#problem = problemOf(error);
  }

  #onClose(code: number, words: string): void {
    const { url } = this.#options;
    if (this.#problem === undefined) this.#finish(troubleOfClose(url, code, words));
    else this.#finish(troubleOf(this.#wasConnected ? 'CUT' : 'DOWN', `${url}: ${this.#problem}.`));
  }

  #finish(trouble: StreamTrouble): void {
    if (this.#hasEnded) return;
    this.end();
    this.#options.onEnd(trouble);
  }
}
