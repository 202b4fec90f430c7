import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Exchange } from '../exchange.ts';
import type { StreamFault } from '../faults/fault.ts';
import { statusReply } from '../http/fault-reply.ts';
import type { StreamListener } from '../http/faulty-server.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { StreamLog, type StreamReport } from '../limits/stream-log.ts';
import { venueErrors } from '../rest/venue-site.ts';
import { ClientConnection } from './client-connection.ts';
import { readStreamAddress, type StreamAddress } from './stream-address.ts';
import { StreamFeeds } from './stream-feeds.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { Route } from './stream-name.ts';
import { StreamQueue } from './stream-queue.ts';

/** Maximum message, bytes; no request needs more. */
const MAX_MESSAGE = 1_000_000;
/** A step of the clock waits for clients with more unread data, in waits of `WAIT_MS`. */
const UNREAD_BYTES = 1_000_000;
const WAIT_MS = 5;
const MAX_WAITS = 400;
const ADDRESSES =
  'Known: /public/stream?streams=a/b, /public/ws/a, the same under /market and /private, and without a route.';

/** The venue's market streams: its connections, and what faults do to them. */
export class StreamHub implements StreamListener {
  readonly #exchange: Exchange;
  readonly #limits: StreamLimits;
  readonly #log = new StreamLog();
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: MAX_MESSAGE });
  readonly #connections = new Set<ClientConnection>();
  readonly #feeds: StreamFeeds;
  readonly #queue: StreamQueue;
  /** Clients that did not read while the clock was stepped. */
  readonly #stuck = new WeakSet<ClientConnection>();

  /** @param tradeRoutes routes that deliver `@trade` */
  constructor(exchange: Exchange, limits: StreamLimits, tradeRoutes: readonly Route[]) {
    this.#exchange = exchange;
    this.#feeds = new StreamFeeds(exchange, tradeRoutes, (event) => this.#queue.publish(event));
    this.#limits = limits;
    this.#queue = new StreamQueue(
      exchange,
      (stream) => this.#feeds.listenersOf(stream),
      () => this.#log.onEventSent(),
    );
    exchange.trading.userStream.connect((event) => this.#queue.publish(event));
  }

  /** Number of open connections. */
  get size(): number {
    return this.#connections.size;
  }

  /** Number of events sent to clients since the start, or since the counts were cleared. */
  get eventsSent(): number {
    return this.#log.eventsSent;
  }

  report(): StreamReport {
    return this.#log.report([...this.#connections].map(({ streams }) => streams));
  }

  clearReport(): void {
    this.#log.clear();
  }

  upgrade(request: IncomingMessage, transport: Duplex, head: Buffer, url: URL): Reply | undefined {
    const address = readStreamAddress(url);
    if (address === undefined) {
      this.#log.onRefusal();
      return jsonReply(404, { error: `There are no streams at ${url.pathname}. ${ADDRESSES}` });
    }
    const refusal = this.#faults.find((one) => one.fault === 'stream-refuse' && isOn(one, address));
    if (refusal?.fault === 'stream-refuse') {
      this.#exchange.faults.use(refusal);
      this.#log.onRefusal();
      return statusReply(refusal, this.#exchange.now(), venueErrors(this.#exchange));
    }
    this.#server.handleUpgrade(request, transport, head, (socket) => this.#welcome(socket, transport, address));
    return undefined;
  }

  /** Cuts connections and sends shutdown notices, as the faults demand. */
  onFaults(): void {
    for (const fault of this.#faults) {
      const met = [...this.#connections].filter((connection) => isOn(fault, connection));
      if (fault.fault === 'stream-cut') for (const connection of met) cut(connection, fault);
      if (fault.fault === 'server-shutdown') for (const connection of met) this.#giveNotice(connection);
      if (fault.fault === 'server-shutdown' || fault.fault === 'stream-cut') this.#exchange.faults.use(fault);
    }
  }

  get #faults(): readonly StreamFault[] {
    return this.#exchange.faults.streams(this.#exchange.clock());
  }

  /** Sends a shutdown notice; in a combined stream it has its own stream name. */
  #giveNotice(connection: ClientConnection): void {
    const text = JSON.stringify({ e: 'serverShutdown', E: this.#exchange.now() });
    connection.sendText(connection.wrapped('!serverShutdown', text));
  }

  /** Sends delayed events, and checks pings, pongs and ages of the connections. */
  look(): void {
    this.#queue.drain();
    for (const connection of this.#connections) connection.look();
  }

  /** Resolves when the clients have read what a step of the clock sent. A client that reads nothing for a while is not waited for. */
  async whenRead(): Promise<void> {
    await nextTurn();
    const isBehind = (connection: ClientConnection): boolean =>
      connection.unreadBytes > UNREAD_BYTES && !this.#stuck.has(connection);
    for (let waits = 0; [...this.#connections].some(isBehind); waits += 1) {
      if (waits > MAX_WAITS)
        for (const connection of this.#connections) if (isBehind(connection)) this.#stuck.add(connection);
      await pause(WAIT_MS);
    }
  }

  /** Ends every connection; `why` becomes the close reason. */
  stop(why?: string): void {
    for (const connection of this.#connections) {
      if (why !== undefined) connection.close(1011, why.slice(0, 120));
      else connection.terminate();
    }
  }

  #welcome(socket: WebSocket, transport: Duplex, address: StreamAddress): void {
    const connection: ClientConnection = new ClientConnection({
      socket,
      transport,
      address,
      limits: this.#limits,
      nowMs: () => this.#exchange.clock(),
      machineMs: () => this.#exchange.time.base(),
      events: {
        onMessage: () => this.#log.onMessage(),
        onStreams: (added, removed) => {
          for (const name of added) this.#feeds.add(connection, name);
          for (const name of removed) this.#feeds.remove(connection, name);
        },
        onClosed: () => this.#forget(connection),
        isDead: () => this.#faults.some((one) => one.fault === 'stream-mute' && !one.pong && isOn(one, address)),
      },
    });
    this.#connections.add(connection);
    this.#log.onConnection();
    const fault = this.#faults.find((one) => one.fault === 'stream-cut' && isOn(one, address));
    if (fault?.fault === 'stream-cut') cut(connection, fault);
    else connection.open();
  }

  #forget(connection: ClientConnection): void {
    this.#connections.delete(connection);
    for (const name of connection.streams) this.#feeds.remove(connection, name);
  }
}

/** True if a fault applies to connections of this route. */
function isOn(fault: StreamFault, { route }: { readonly route: Route }): boolean {
  return !('route' in fault) || fault.route === undefined || fault.route === route;
}

function cut(connection: ClientConnection, fault: Extract<StreamFault, { fault: 'stream-cut' }>): void {
  if (fault.how === 'reset') connection.reset();
  else connection.close(fault.code, fault.reason);
}
