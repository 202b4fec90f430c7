import type { RestAnswer } from '@helios/binance/rest/rest-answer.ts';
import type { Listing, MarketSurvey } from '@helios/core/selection/market-survey.ts';

/** A survey of all listed symbols, or why there is none. */
export type SurveyAnswer =
  | { readonly kind: 'SURVEY'; readonly survey: MarketSurvey }
  | {
      readonly kind: 'FAILED';
      /** What happened, for the log; one sentence. */
      readonly detail: string;
    };

/** Market data for the choice of the watchlist. Calls reject only on a bug of ours. */
export interface WatchlistMarket {
  /** All listings of the venue. */
  listings(): Promise<RestAnswer<readonly Listing[]>>;
  /** Trading data of these listings. */
  survey(listings: readonly Listing[]): Promise<SurveyAnswer>;
  /** ATR of closed hourly klines, percent of the price, for those of `symbols` that could be measured. */
  measureVolatility(symbols: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
