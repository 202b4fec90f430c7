import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Exchange } from '../exchange.ts';
import type { StreamListener } from '../http/faulty-server.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { banned, tooManyRequests } from '../rest/refusal.ts';
import type { StreamHub } from '../streams/stream-hub.ts';
import type { StreamLimits } from '../streams/stream-limits.ts';
import { WS_API_PATH, WsConnection } from './ws-connection.ts';
import { WsSession } from './ws-session.ts';

/** Weight of a new connection. */
const HANDSHAKE_WEIGHT = 5;
/** Maximum message, bytes; no request needs more. */
const MAX_REQUEST = 1_000_000;

/** The WebSocket side of the venue: its WebSocket API at `/ws-fapi/v1`, and the streams everywhere else. */
export class WsApi implements StreamListener {
  readonly #exchange: Exchange;
  readonly #hub: StreamHub;
  readonly #limits: StreamLimits;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST });
  readonly #connections = new Set<WsConnection>();

  constructor(exchange: Exchange, hub: StreamHub, limits: StreamLimits) {
    this.#exchange = exchange;
    this.#hub = hub;
    this.#limits = limits;
  }

  /** Number of open connections, streams included. */
  get size(): number {
    return this.#connections.size + this.#hub.size;
  }

  upgrade(request: IncomingMessage, transport: Duplex, head: Buffer, url: URL): Reply | undefined {
    if (url.pathname !== WS_API_PATH) return this.#hub.upgrade(request, transport, head, url);
    const refusal = this.#charge();
    if (refusal !== undefined) return refusal;
    const returnsRateLimits = url.searchParams.get('returnRateLimits') !== 'false';
    this.#server.handleUpgrade(request, transport, head, (socket) =>
      this.#welcome(socket, transport, returnsRateLimits),
    );
    return undefined;
  }

  /** The answer instead of the upgrade if the address has used up its weight. */
  #charge(): Reply | undefined {
    const { meter, requests } = this.#exchange;
    const now = this.#exchange.now();
    const verdict = meter.charge(HANDSHAKE_WEIGHT, now);
    const refusal =
      verdict.kind === 'BANNED'
        ? banned(verdict.untilMs)
        : verdict.kind === 'TOO_MANY'
          ? tooManyRequests(meter.limits.weightPerMinute)
          : undefined;
    requests.add(WS_API_PATH, HANDSHAKE_WEIGHT, refusal?.status ?? 101, now);
    return refusal && jsonReply(refusal.status, { code: refusal.code, msg: refusal.msg });
  }

  #welcome(socket: WebSocket, transport: Duplex, returnsRateLimits: boolean): void {
    const connection: WsConnection = new WsConnection({
      ...{ exchange: this.#exchange, socket, transport, limits: this.#limits },
      session: new WsSession(this.#exchange, returnsRateLimits),
      onClosed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }

  onFaults(): void {
    this.#hub.onFaults();
  }

  report(): ReturnType<StreamHub['report']> {
    return this.#hub.report();
  }

  clearReport(): void {
    this.#hub.clearReport();
  }

  /** Checks pings, pongs and ages of all connections, and sends delayed events. */
  look(): void {
    this.#hub.look();
    for (const connection of this.#connections) connection.look();
  }

  /** Ends every connection; `why` becomes the close reason. */
  stop(why?: string): void {
    this.#hub.stop(why);
    for (const connection of this.#connections) {
      if (why === undefined) connection.terminate();
      else connection.close(1011, why.slice(0, 120));
    }
  }
}
