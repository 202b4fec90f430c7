import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { Channels, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ingestor } from '../publish/publisher.ts';
import { watchlistDocuments } from './watchlist-documents.ts';
import type { WatchlistChange, WatchlistKeeper } from './watchlist-keeper.ts';
import type { WatchlistMarket } from './watchlist-market.ts';

/** The new watchlist. */
export interface ChosenWatchlist {
  readonly kind: 'OK';
  readonly symbols: readonly string[];
  /** Writes state, then news. */
  readonly write: (batch: Batch<Ingestor>) => void;
  /** True if the choice does not reflect the current market: try again soon. */
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

/** Gives an ingestor the list of the watchlist keeper: chosen on request, ready to write; logs problems. */
export class WatchlistSource {
  readonly #options: WatchlistSourceOptions;
  #problem: string | undefined;
  /** Last logged reason per named symbol that is not watched. */
  #told: ReadonlyMap<string, string> = new Map();

  constructor(options: WatchlistSourceOptions) {
    this.#options = options;
  }

  /** True if the symbol had an open position or order at the last check. */
  isExposed(symbol: string): boolean {
    return this.#options.keeper.held.has(symbol);
  }

  /** The list before the venue is reached: the stored or initial list, plus exposed symbols. */
  async initial(): Promise<ChosenWatchlist> {
    return this.#chosen(await this.#options.keeper.includeExposed());
  }

  /** Surveys the market and chooses the list again. */
  async choose(): Promise<ChosenWatchlist | RestFailure> {
    const { market, keeper } = this.#options;
    const listings = await market.listings();
    if (listings.kind === 'FAILURE') return listings;
    const change = await keeper.rescan(listings.value);
    this.#tell(change);
    return this.#chosen(change);
  }

  /** The list plus newly exposed symbols; undefined if there are none. */
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

  /** Logs each problem when it is new, not with every scan. */
  #tell({ problem, rejected }: WatchlistChange): void {
    const { log, named } = this.#options;
    if (problem !== undefined && problem !== this.#problem) log.warn({ problem }, 'watchlist stays as it is');
    this.#problem = problem;
    if (problem !== undefined) return;
    const missing = rejected.filter(({ symbol }) => named.includes(symbol));
    const advice = 'Correct trading.symbols, or leave it: the symbol joins the watchlist once it is traded.';
    for (const { symbol, explanation } of missing) {
      if (this.#told.get(symbol) === explanation) continue;
      log.warn({ symbol, venue_says: explanation, advice }, 'symbol is not watched: the venue does not trade it');
    }
    this.#told = new Map(missing.map(({ symbol, explanation }) => [symbol, explanation]));
  }
}
