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
import { AllMarketFeed } from './all-market-feed.ts';
import { Beat } from './beat.ts';
import { ClientConnection } from './client-connection.ts';
import type { Feed, StreamEvent } from './feed.ts';
import { readStreamAddress, type StreamAddress } from './stream-address.ts';
import type { StreamLimits } from './stream-limits.ts';
import { isServedOn, type Route, readStreamName, type StreamName } from './stream-name.ts';
import { StreamQueue } from './stream-queue.ts';
import { SymbolStreams } from './symbol-streams.ts';

/** Name of the all-market feed. */
const ALL_MARKET = '!';
/** Maximum message, bytes; no request needs more. */
const MAX_MESSAGE = 1_000_000;
/** A step of the clock waits for clients with more unread data, in waits of `WAIT_MS`. */
const UNREAD_BYTES = 1_000_000;
const WAIT_MS = 5;
const MAX_WAITS = 400;
const ADDRESSES =
  'Known: /public/stream?streams=a/b, /public/ws/a, the same under /market and /private, and without a route.';

/** The venue's market streams: connections, subscriptions, and the feeds that they need. */
export class StreamHub implements StreamListener {
  readonly #exchange: Exchange;
  readonly #limits: StreamLimits;
  readonly #log = new StreamLog();
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: MAX_MESSAGE });
  readonly #connections = new Set<ClientConnection>();
  readonly #listeners = new Map<string, Set<ClientConnection>>();
  /** Feeds by symbol; the all-market feed is under `ALL_MARKET`, which is no symbol name. */
  readonly #feeds = new Map<string, Feed>();
  /** Feed name of each subscribed stream. */
  readonly #feedOfStream = new Map<string, string>();
  readonly #tradeRoutes: readonly Route[];
  readonly #queue: StreamQueue;
  /** Clients that did not read while the clock was stepped. */
  readonly #stuck = new WeakSet<ClientConnection>();

  /** @param tradeRoutes routes that deliver `@trade` */
  constructor(exchange: Exchange, limits: StreamLimits, tradeRoutes: readonly Route[]) {
    this.#exchange = exchange;
    this.#tradeRoutes = tradeRoutes;
    this.#limits = limits;
    this.#queue = new StreamQueue(
      exchange,
      (stream) => this.#listeners.get(stream) ?? [],
      () => this.#log.onEventSent(),
    );
    exchange.trading.userStream.connect((event) => this.#queue.publish(event));
    for (const market of exchange.markets) this.#follow(market);
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

  #follow(market: Exchange['markets'][number]): void {
    const isFirst = market === this.#exchange.markets[0];
    const feeds = (): readonly Feed[] =>
      [...this.#feeds]
        .filter(([of]) => (of === ALL_MARKET ? isFirst : this.#exchange.homeOf(of) === market))
        .map(([, feed]) => feed);
    const beat = new Beat(this.#exchange.clock(), (atMs) => {
      for (const feed of feeds()) feed.beat(atMs);
    });
    market.watch((ms, isInclusive) => {
      if (this.#feeds.size === 0) beat.skipTo(ms, isInclusive);
      else beat.passTo(ms, isInclusive);
      if (isInclusive) for (const feed of feeds()) feed.tick(ms);
    });
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
          for (const name of added) this.#listen(connection, name);
          for (const name of removed) this.#leave(connection, name);
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

  /** Adds a listener. As at the venue, an invalid or unknown name, or one on the wrong route, never sends an event. */
  #listen(connection: ClientConnection, name: string): void {
    if (connection.route === 'private') {
      this.#addListener(connection, name);
      return;
    }
    const stream = readStreamName(name);
    if (stream === undefined || !isServedOn(connection.route, stream.kind, this.#tradeRoutes)) return;
    const feedName = this.#feedOfStream.get(name) ?? this.#feedNameOf(stream);
    if (feedName === undefined) return;
    this.#addListener(connection, name);
    this.#feedOfStream.set(name, feedName);
    this.#feed(feedName).add(stream);
  }

  #addListener(connection: ClientConnection, name: string): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, new Set([connection]));
    else listeners.add(connection);
  }

  /** The feed name of a stream; undefined for an unknown symbol. */
  #feedNameOf({ of }: StreamName): string | undefined {
    if (of === undefined) return ALL_MARKET;
    return of.by === 'symbol'
      ? this.#exchange.symbolOfStream(of.symbol)
      : this.#exchange.ofPair(of.pair.toUpperCase(), of.contractType.toUpperCase())?.contract.symbol;
  }

  #feed(name: string): Feed {
    const known = this.#feeds.get(name);
    if (known !== undefined) return known;
    const publish = (event: StreamEvent): void => this.#queue.publish(event);
    const feed =
      name === ALL_MARKET
        ? new AllMarketFeed(this.#exchange, publish)
        : new SymbolStreams(name, this.#exchange, publish);
    this.#feeds.set(name, feed);
    return feed;
  }

  #leave(connection: ClientConnection, name: string): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined || !listeners.delete(connection) || listeners.size > 0) return;
    this.#listeners.delete(name);
    const feedName = this.#feedOfStream.get(name) ?? '';
    this.#feedOfStream.delete(name);
    const feed = this.#feeds.get(feedName);
    feed?.remove(name);
    if (feed?.isIdle === true) this.#feeds.delete(feedName);
  }

  #forget(connection: ClientConnection): void {
    this.#connections.delete(connection);
    for (const name of connection.streams) this.#leave(connection, name);
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
