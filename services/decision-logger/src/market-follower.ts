import { Channels, Values } from '@helios/shared/contracts/catalog.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { createWatchlistFollower, type WatchlistFollower } from '@helios/shared/runtime/follow-symbols.ts';

export interface FeedOptions {
  readonly bus: Bus<'decision-logger'>;
  /** False if prices come with the signals. Only events that positions need are then received. */
  readonly subscribesToBooks: boolean;
  readonly onEvent: (event: MarketEvent) => void;
  /** Symbols with a position or an order, on the watchlist or not. */
  readonly exposedSymbols: () => readonly string[];
  /** Receives the sampled book of a symbol that is watched or has a position or order. */
  readonly onSample: (book: Book) => void;
}

/** Follows the market of the watchlist's symbols. */
export class MarketFollower {
  readonly #options: FeedOptions;
  readonly #watchlist: WatchlistFollower;

  constructor(options: FeedOptions) {
    const { bus, onEvent } = options;
    this.#options = options;
    this.#watchlist = createWatchlistFollower({
      bus,
      join: async (symbol) => {
        for (const channel of this.#channels()) await bus.subscribe(channel, onEvent, { symbol });
      },
      leave: async (symbol) => {
        for (const channel of this.#channels()) await bus.unsubscribe(channel, { symbol });
      },
    });
  }

  /** Subscribes to changes, then reads the present list. */
  async start(): Promise<void> {
    await this.#watchlist.start();
    await this.#readSamples();
  }

  /** Reads the watchlist and the books again: during an outage messages may be lost. */
  async hydrate(): Promise<void> {
    await this.#watchlist.reload();
    await this.#readSamples();
  }

  /** Does the work that an outage postponed. */
  catchUp(): Promise<void> {
    return this.#watchlist.catchUp();
  }

  async #readSamples(): Promise<void> {
    const { bus, exposedSymbols, onSample } = this.#options;
    for (const symbol of new Set([...this.#watchlist.followed(), ...exposedSymbols()])) {
      const book = await bus.get(Values.orderbook, { symbol });
      if (book) onSample(book);
    }
  }

  #channels() {
    const always = [Channels.marketBreaks, Channels.markPrices] as const;
    return this.#options.subscribesToBooks ? ([Channels.books, Channels.marketTrades, ...always] as const) : always;
  }
}
