import { Channels, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';

export interface FeedOptions {
  readonly bus: Bus<'decision-logger'>;
  /** Every event of a frame must be seen, not only what fills orders. */
  readonly lockStep: boolean;
  readonly onEvent: (event: MarketEvent) => void;
  /** Symbols with a position or an order, on the watchlist or not. */
  readonly heldSymbols: () => readonly string[];
  /** The book of a followed or held symbol as Redis keeps it. */
  readonly onSample: (book: Book) => void;
}

/** Follows the market of the watchlist's symbols, whatever the list is at the moment. */
export class MarketFeed {
  readonly #options: FeedOptions;
  readonly #followed = new Set<string>();
  #wanted: readonly string[] = [];
  #tail: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Listens for changes, then reads the list as it is. */
  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(Channels.watchlistChanges, ({ symbols }) => {
      this.#wanted = symbols;
      void this.catchUp();
    });
    await this.hydrate();
  }

  /** Reads the watchlist and the books anew: news of them may have been lost, or not yet be there. */
  async hydrate(): Promise<void> {
    const { bus, heldSymbols, onSample } = this.#options;
    const ranking = await bus.getRanking(Rankings.watchlist);
    this.#wanted = ranking.map(({ member }) => member);
    await this.catchUp();
    for (const symbol of new Set([...this.#followed, ...heldSymbols()])) {
      const book = await bus.get(Values.orderbook, { symbol });
      if (book) onSample(book);
    }
  }

  /** Subscribes to what is new and leaves what is gone. While Redis is away it is put off until the next call. */
  catchUp(): Promise<void> {
    this.#tail = this.#tail.then(() => this.#catchUp());
    return this.#tail;
  }

  async #catchUp(): Promise<void> {
    try {
      for (const symbol of this.#wanted) if (!this.#followed.has(symbol)) await this.#follow(symbol);
      for (const symbol of [...this.#followed]) if (!this.#wanted.includes(symbol)) await this.#leave(symbol);
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
    }
  }

  async #follow(symbol: string): Promise<void> {
    const { bus, onEvent } = this.#options;
    try {
      for (const channel of this.#channels()) await bus.subscribe(channel, onEvent, { symbol });
      this.#followed.add(symbol);
    } catch (error) {
      // Half a subscription, made whole later, would hand over its half twice.
      await this.#leave(symbol).catch(() => {});
      throw error;
    }
  }

  async #leave(symbol: string): Promise<void> {
    this.#followed.delete(symbol);
    for (const channel of this.#channels()) await this.#options.bus.unsubscribe(channel, { symbol });
  }

  /** In lock-step also what changes nothing: every frame must be seen, and acknowledged while an order rests. */
  #channels() {
    const needed = [Channels.books, Channels.marketTrades, Channels.marketBreaks, Channels.markPrices] as const;
    return this.#options.lockStep ? ([...needed, Channels.closedKlines] as const) : needed;
  }
}
