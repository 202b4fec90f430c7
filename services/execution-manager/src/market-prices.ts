import { Channels, Maps } from '@helios/shared/contracts/catalog.ts';
import type { Book, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { createSymbolFollower, readWatchlist } from '@helios/shared/runtime/follow-symbols.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';
import type { LivePath } from './live-path.ts';

/** An older message waited in a paused process: its price is history. */
const MAX_AGE_MS = 3_000;

interface PricesOptions {
  readonly bus: Bus<'execution-manager'>;
  readonly path: LivePath;
  /** Epoch ms. */
  readonly now: () => number;
  /** Symbols with a position or an order, on the watchlist or not. */
  readonly exposedSymbols: () => readonly string[];
  /** Called with each newly followed symbol. */
  readonly onSymbol: (symbol: string) => void;
}

/** Passes marks, best prices and instruments of the watched and exposed symbols to live trading. */
export class MarketPrices {
  readonly #options: PricesOptions;
  readonly #follower;
  #watchlist: readonly string[] = [];

  constructor(options: PricesOptions) {
    const { bus, onSymbol } = options;
    const onMark = (mark: MarkPrice): void => this.#onMark(mark);
    const onBook = (book: Book): void => this.#onBook(book);
    this.#options = options;
    this.#follower = createSymbolFollower({
      async join(symbol) {
        await bus.subscribe(Channels.markPrices, onMark, { symbol });
        await bus.subscribe(Channels.books, onBook, { symbol });
      },
      async leave(symbol) {
        await bus.unsubscribe(Channels.markPrices, { symbol });
        await bus.unsubscribe(Channels.books, { symbol });
      },
      onNew: async (symbols) => {
        await this.readInstruments();
        for (const symbol of symbols) onSymbol(symbol);
      },
    });
  }

  /** Subscribes to the changes of the watchlist, then reads it. @throws BusUnavailable */
  async start(): Promise<void> {
    await this.#options.bus.subscribe(Channels.watchlistChanges, ({ symbols }) => {
      this.#watchlist = symbols;
      void skipWhileAway(() => this.follow());
    });
    await this.reload();
  }

  /** Reads watchlist and instruments again, after an outage. @throws BusUnavailable */
  async reload(): Promise<void> {
    this.#watchlist = await readWatchlist(this.#options.bus);
    await this.readInstruments();
    await this.follow();
  }

  /** Follows the present symbols. @throws BusUnavailable */
  follow(): Promise<void> {
    return this.#follower.follow(() => [...this.#watchlist, ...this.#options.exposedSymbols()]);
  }

  followed(): readonly string[] {
    return this.#follower.followed();
  }

  /** The venue sometimes changes a step or a limit. @throws BusUnavailable */
  async readInstruments(): Promise<void> {
    const instruments = Object.values(await this.#options.bus.getMap(Maps.instruments));
    this.#options.path.act((trading) => {
      for (const instrument of instruments) trading.onInstrument(instrument);
    });
  }

  #isOld({ ts_init }: { readonly ts_init: number }): boolean {
    return this.#options.now() - ts_init > MAX_AGE_MS;
  }

  #onMark(event: MarkPrice): void {
    if (this.#isOld(event)) return;
    const { symbol, mark_price } = event;
    this.#options.path.act((trading, nowMs) => trading.onPrice(symbol, { mark: Number(mark_price) }, nowMs));
  }

  #onBook(book: Book): void {
    const { symbol, bids, asks } = book;
    if (this.#isOld(book)) return;
    const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
    if (bid === undefined || ask === undefined) return;
    const price = { bid: Number(bid), ask: Number(ask) };
    this.#options.path.act((trading, nowMs) => trading.onPrice(symbol, price, nowMs));
  }
}
