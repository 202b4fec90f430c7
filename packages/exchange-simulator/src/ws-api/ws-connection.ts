import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Exchange } from '../exchange.ts';
import { carryOut, type FaultyPlace } from '../http/carry-out.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { subjectOf } from '../rest/faulty-answer.ts';
import { judged, venueErrors } from '../rest/venue-site.ts';
import { SocketWatch } from '../streams/socket-watch.ts';
import type { StreamLimits } from '../streams/stream-limits.ts';
import { rateLimitsText, wsAnswer } from './ws-answer.ts';
import { badRequestRefusal } from './ws-refusal.ts';
import { readWsRequest, type WsRequest } from './ws-request.ts';
import type { WsSession } from './ws-session.ts';

/** Path of the WebSocket API; faults of requests find its methods under it. */
export const WS_API_PATH = '/ws-fapi/v1';

export interface WsConnectionOptions {
  readonly exchange: Exchange;
  readonly session: WsSession;
  readonly socket: WebSocket;
  readonly transport: Duplex;
  readonly limits: StreamLimits;
  readonly onClosed: () => void;
}

/** One client of the WebSocket API. Its requests are answered in their order. */
export class WsConnection {
  readonly #options: WsConnectionOptions;
  readonly #watch: SocketWatch;
  readonly #place: FaultyPlace;
  #answered: Promise<void> = Promise.resolve();

  constructor(options: WsConnectionOptions) {
    const { exchange, socket, limits, onClosed } = options;
    this.#options = options;
    this.#place = {
      faults: exchange.faults,
      now: () => exchange.now(),
      clock: () => exchange.clock(),
      errors: venueErrors(exchange),
    };
    this.#watch = new SocketWatch({
      limits,
      nowMs: () => exchange.clock(),
      machineMs: () => exchange.machineNow(),
      ping: (payload) => socket.ping(payload),
      close: (code, reason) => socket.close(code, reason),
    });
    socket.on('message', (data: RawData) => this.#take(String(data)));
    socket.on('pong', () => this.#watch.onPong());
    // A broken frame or a lost client; a 'close' event follows.
    socket.on('error', () => {});
    socket.on('close', onClosed);
  }

  /** Sends a ping if one is due, and ends the connection if it is silent or too old. */
  look(): void {
    const { socket } = this.#options;
    if (socket.readyState === socket.OPEN) this.#watch.look();
  }

  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
  }

  terminate(): void {
    this.#options.socket.terminate();
  }

  #take(text: string): void {
    this.#answered = this.#answered
      .then(() => this.#answer(text))
      .catch((error: unknown) => {
        this.close(1011, `The simulator failed: ${String(error)}`.slice(0, 120));
      });
  }

  async #answer(text: string): Promise<void> {
    const request = readWsRequest(text);
    if (request.kind === 'BAD') {
      const { status, code, msg } = badRequestRefusal(request);
      this.#send(wsAnswer(request.id, jsonReply(status, { code, msg }), undefined));
      return;
    }
    const { exchange, session } = this.#options;
    const reply = await this.#replyTo(request);
    if (reply === undefined) return;
    const limits = session.returnsRateLimits(request.params) ? rateLimitsText(exchange, reply.headers) : undefined;
    this.#send(wsAnswer(request.id, reply, limits));
  }

  /** The answer after faults; undefined if there is none. */
  async #replyTo({ method, params }: WsRequest): Promise<Reply | undefined> {
    const { exchange, session, transport, socket } = this.#options;
    const endpoint = session.endpointOf(method);
    const query = new URLSearchParams([...params]);
    const received = { method: endpoint.method, path: endpoint.path, query, sent: session.sentOf(params) };
    const asked = { path: `${WS_API_PATH}/${method}`, method: endpoint.method, ...subjectOf(received, exchange) };
    const answer = async (): Promise<ReturnType<typeof judged>> => {
      await exchange.advance();
      return judged(exchange, endpoint, received);
    };
    const isGone = (): boolean => socket.readyState !== socket.OPEN;
    const { end, weight } = await carryOut(this.#place, asked, answer, isGone);
    exchange.requests.add(WS_API_PATH, weight, typeof end === 'string' ? 0 : end.status, exchange.now());
    if (end === 'RESET') transport.destroy();
    return typeof end === 'string' ? undefined : end;
  }

  #send(text: string): void {
    const { socket } = this.#options;
    if (socket.readyState === socket.OPEN) socket.send(text);
  }
}
