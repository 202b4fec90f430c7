import type { Exchange } from '../exchange.ts';
import { AllMarketFeed } from './all-market-feed.ts';
import { Beat } from './beat.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Feed, StreamEvent } from './feed.ts';
import { isServedOn, type Route, readStreamName, type StreamName } from './stream-name.ts';
import { SymbolStreams } from './symbol-streams.ts';

/** Name of the all-market feed. */
const ALL_MARKET = '!';

/** Who listens to which stream, and the feeds that make the events: a feed exists while somebody listens to it. */
export class StreamFeeds {
  readonly #exchange: Exchange;
  readonly #tradeRoutes: readonly Route[];
  readonly #publish: (event: StreamEvent) => void;
  readonly #listeners = new Map<string, Set<ClientConnection>>();
  /** Feeds by symbol; the all-market feed is under `ALL_MARKET`, which is no symbol name. */
  readonly #feeds = new Map<string, Feed>();
  /** Feed name of each subscribed stream. */
  readonly #feedOfStream = new Map<string, string>();

  /** @param tradeRoutes routes that deliver `@trade` */
  constructor(exchange: Exchange, tradeRoutes: readonly Route[], publish: (event: StreamEvent) => void) {
    this.#exchange = exchange;
    this.#tradeRoutes = tradeRoutes;
    this.#publish = publish;
    for (const market of exchange.markets) this.#follow(market);
  }

  listenersOf(stream: string): Iterable<ClientConnection> {
    return this.#listeners.get(stream) ?? [];
  }

  /** Adds a listener. As at the venue, an invalid or unknown name, or one on the wrong route, never sends an event. */
  add(connection: ClientConnection, name: string): void {
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

  remove(connection: ClientConnection, name: string): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined || !listeners.delete(connection) || listeners.size > 0) return;
    this.#listeners.delete(name);
    const feedName = this.#feedOfStream.get(name) ?? '';
    this.#feedOfStream.delete(name);
    const feed = this.#feeds.get(feedName);
    feed?.remove(name);
    if (feed?.isIdle === true) this.#feeds.delete(feedName);
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
    const feed =
      name === ALL_MARKET
        ? new AllMarketFeed(this.#exchange, this.#publish)
        : new SymbolStreams(name, this.#exchange, this.#publish);
    this.#feeds.set(name, feed);
    return feed;
  }
}
