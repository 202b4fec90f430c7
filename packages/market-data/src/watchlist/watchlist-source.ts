import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { Channels, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ingestor } from '../publish/publisher.ts';
import { watchlistDocuments } from './watchlist-documents.ts';
import type { WatchlistChange, WatchlistKeeper } from './watchlist-keeper.ts';
import type { WatchlistMarket } from './watchlist-market.ts';

/** What is watched from now on. */
export interface ChosenWatchlist {
  readonly kind: 'OK';
  readonly symbols: readonly string[];
  /** Writes it all: state, then news. */
  readonly write: (batch: Batch<Ingestor>) => void;
  /** The choice was not made on what the market looks like now: ask again soon. */
  readonly isMakeshift: boolean;
}

export interface WatchlistSourceOptions {
  readonly market: Pick<WatchlistMarket, 'listings'>;
  readonly keeper: WatchlistKeeper;
  /** `trading.symbols`. */
  readonly named: readonly string[];
  readonly run: string;
  readonly now: () => number;
  readonly log: Logger;
}

/** The watchlist keeper's list as an ingestor takes it: chosen when it asks, ready to be written, with a word where something is amiss. */
export class WatchlistSource {
  readonly #options: WatchlistSourceOptions;
  #problem: string | undefined;
  /** Why each named symbol that is not watched is not, as it was said. */
  #told: ReadonlyMap<string, string> = new Map();

  constructor(options: WatchlistSourceOptions) {
    this.#options = options;
  }

  /** A position or an order was open on the symbol when it was last looked for them. */
  isExposed(symbol: string): boolean {
    return this.#options.keeper.held.has(symbol);
  }

  /** Before the venue was reached: the list as it was left, or as it begins, and what is held. */
  async initial(): Promise<ChosenWatchlist> {
    return this.#chosen(await this.#options.keeper.includeExposed());
  }

  /** Looks at the market and chooses anew. */
  async choose(): Promise<ChosenWatchlist | RestFailure> {
    const { market, keeper } = this.#options;
    const listings = await market.listings();
    if (listings.kind === 'FAILURE') return listings;
    const change = await keeper.rescan(listings.value);
    this.#tell(change);
    return this.#chosen(change);
  }

  /** The list with symbols on which something was opened meanwhile; undefined where there are none. */
  async withExposed(): Promise<ChosenWatchlist | undefined> {
    const change = await this.#options.keeper.includeExposed();
    return change.joined.length > 0 ? this.#chosen(change) : undefined;
  }

  #chosen(change: WatchlistChange): ChosenWatchlist {
    const { run, now } = this.#options;
    const { symbols, scores, assets } = watchlistDocuments(change, run, now());
    const instruments = Object.fromEntries(change.instruments.map((one) => [one.symbol, one]));
    return {
      kind: 'OK',
      symbols,
      isMakeshift: change.problem !== undefined,
      write(batch) {
        if (change.instruments.length > 0) batch.setMap(Maps.instruments, instruments);
        batch.setMap(Maps.assetScores, assets);
        batch.setRanking(Rankings.watchlist, scores);
        batch.publish(Channels.watchlistChanges, { symbols });
      },
    };
  }

  /** Each thing is said when it is new, not with every scan. */
  #tell({ problem, rejected }: WatchlistChange): void {
    const { log, named } = this.#options;
    if (problem !== undefined && problem !== this.#problem) log.warn({ problem }, 'watchlist stays as it is');
    this.#problem = problem;
    if (problem !== undefined) return;
    const missing = rejected.filter(({ symbol }) => named.includes(symbol));
    const advice = 'Correct trading.symbols, or leave it: the symbol is taken up once it is traded.';
    for (const { symbol, explanation } of missing) {
      if (this.#told.get(symbol) === explanation) continue;
      log.warn({ symbol, venue_says: explanation, advice }, 'symbol is not watched: the venue does not trade it');
    }
    this.#told = new Map(missing.map(({ symbol, explanation }) => [symbol, explanation]));
  }
}
