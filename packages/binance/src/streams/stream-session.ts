import type { IncomingMessage } from 'node:http';
import { problemOf } from '@helios/shared/runtime/http-client.ts';
import { WebSocket } from 'ws';
import type { AwakeTime } from './awake-time.ts';
import { Liveness } from './liveness.ts';
import { readServerText, streamNameOf } from './server-text.ts';
import { type StreamTrouble, troubleOf, troubleOfClose, troubleOfReply } from './stream-trouble.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';

/** The longest texts known, all-market arrays, have some 300 KB. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;
const MAX_REFUSAL = 2_048;

/** What a session needs and whom it tells. Nobody is told anything after `onEnd`, or after `end`. */
export interface SessionOptions {
  readonly url: string;
  /** What is to be delivered; the session follows its changes with the next ticks. */
  readonly wanted: ReadonlySet<string>;
  /** Without data for so long, ms, it is of no use. */
  readonly muteAfterMs: number;
  readonly awake: AwakeTime;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onConnected: () => void;
  /** These streams deliver from now on. */
  readonly onOpen: (names: readonly string[]) => void;
  /** `stream` is undefined where the text is not one of a stream that is open. */
  readonly onFrame: (text: string, tsReceived: number, stream: string | undefined) => void;
  /** The venue said something that an operator should know, and that ends nothing. */
  readonly onComplaint: (detail: string) => void;
  readonly onShutdownNotice: () => void;
  readonly onEnd: (trouble: StreamTrouble) => void;
  /** A fault of ours, thrown while an event was handled. */
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

  /** The handshake was done. */
  get wasConnected(): boolean {
    return this.#wasConnected;
  }

  get isConnecting(): boolean {
    return !this.#hasEnded && !this.#wasConnected;
  }

  /** Everything wanted is subscribed, and data comes. */
  get isDelivering(): boolean {
    return !this.#hasEnded && this.signs.firstDataMs !== undefined && this.subscriptions.isSettled;
  }

  /** Sends at most one message: at four ticks a second the venue's limit of messages is never near. */
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
      // The venue's close frame is here. Its end of the connection may take half a minute more, which we do not wait for.
      this.#socket.terminate();
    }
  }

  /** Closes the socket and tells nobody. */
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

  /** What an event's handler throws would end the process from inside the socket; a fault goes the ordinary way instead. */
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
      this.#complain('a binary frame was dropped: the venue sends texts only');
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

  /** A stream may deliver before its request is answered. What was unsubscribed goes on for a moment, and is dropped. */
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

  /** The venue answered, but did not open a WebSocket: why, it says in the beginning of its answer. */
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
    // After a frame that cannot be read `ws` would wait for the venue to close.
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
