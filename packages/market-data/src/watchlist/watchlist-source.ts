import { exchangeInfo } from '@helios/binance/rest/endpoints/exchange-info.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { watchlistDocuments } from '@helios/market-data/watchlist/watchlist-documents.ts';
import type { WatchlistChange, WatchlistKeeper } from '@helios/market-data/watchlist/watchlist-keeper.ts';
import { Channels, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { Listing } from '@helios/shared/core/selection/market-survey.ts';
import type { Watched } from '@helios/shared/core/selection/select-watchlist.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

type OwnBatch = Batch<'public-price-ingestor'>;

/** What is watched from now on. */
export interface ChosenWatchlist {
  readonly kind: 'OK';
  readonly symbols: readonly string[];
  /** Writes it all: state, then news. */
  readonly write: (batch: OwnBatch) => void;
  /** The choice was not made on what the market looks like now: ask again soon. */
  readonly isMakeshift: boolean;
}

interface Parts {
  readonly rest: PublicRest;
  readonly governor: RateGovernor;
  readonly keeper: WatchlistKeeper;
  readonly run: string;
  readonly now: () => number;
  readonly log: Logger;
}

/** The watchlist keeper's list, without what the venue does not trade. */
export class WatchlistSource {
  readonly #parts: Parts;
  readonly #told = new Set<string>();
  #listings: ReadonlyMap<string, Listing> = new Map();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Before the venue was reached: the list as it was left, or as it begins. */
  initial(): ChosenWatchlist {
    return this.#chosen({ list: this.#parts.keeper.list, rejected: [], problem: undefined });
  }

  /** Looks at the market and chooses anew. */
  async choose(): Promise<ChosenWatchlist | RestFailure> {
    const { rest, governor, keeper, log } = this.#parts;
    const answer = await rest.ask(exchangeInfo, undefined);
    if (answer.kind === 'FAILURE') return answer;
    const { listings, weightPerMinute } = answer.value;
    if (weightPerMinute !== undefined) governor.limitPerMinute = weightPerMinute;
    this.#listings = new Map(listings.rows.map((one) => [one.symbol, one]));
    const change = await keeper.rescan();
    if (change.problem !== undefined) log.warn({ problem: change.problem }, 'watchlist stays as it is');
    return this.#chosen(change);
  }

  /** The list with symbols on which something was opened meanwhile; undefined where there are none. */
  async withHeld(): Promise<ChosenWatchlist | undefined> {
    const change = await this.#parts.keeper.includeHeld();
    return change.joined.length > 0 ? this.#chosen(change) : undefined;
  }

  #chosen({ list, rejected, problem }: Pick<WatchlistChange, 'list' | 'rejected' | 'problem'>): ChosenWatchlist {
    const { run, now } = this.#parts;
    const kept = list.filter((one) => this.#isTraded(one));
    const { symbols, scores, assets } = watchlistDocuments({ list: kept, rejected }, run, now());
    const instruments = this.#instrumentsOf(symbols);
    return {
      kind: 'OK',
      symbols,
      isMakeshift: problem !== undefined,
      write(batch) {
        if (Object.keys(instruments).length > 0) batch.setMap(Maps.instruments, instruments);
        batch.setMap(Maps.assetScores, assets);
        batch.setRanking(Rankings.watchlist, scores);
        batch.publish(Channels.watchlistChanges, { symbols });
      },
    };
  }

  #instrumentsOf(symbols: readonly string[]): Record<string, Instrument> {
    const found = symbols.flatMap((symbol) => this.#listings.get(symbol)?.instrument ?? []);
    return Object.fromEntries(found.map((one) => [one.symbol, one]));
  }

  /** What is held stays, whatever the venue says of it; before the first answer everything does. */
  #isTraded({ symbol, reason }: Watched): boolean {
    if (this.#listings.size === 0 || reason === 'HELD') return true;
    const listing = this.#listings.get(symbol);
    if (listing?.status === 'TRADING' && listing.contractType === 'PERPETUAL') return true;
    const why = listing === undefined ? 'not listed' : `${listing.contractType}, ${listing.status}`;
    this.#tell(symbol, why);
    return false;
  }

  #tell(symbol: string, why: string): void {
    if (this.#told.has(symbol)) return;
    this.#told.add(symbol);
    const advice = 'Correct trading.symbols, or leave it: the symbol is taken up once it is traded.';
    this.#parts.log.warn({ symbol, venue_says: why, advice }, 'symbol is not watched: the venue does not trade it');
  }
}
