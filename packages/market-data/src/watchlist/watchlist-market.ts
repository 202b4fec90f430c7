import type { RestAnswer } from '@helios/binance/rest/rest-answer.ts';
import type { Listing, MarketSurvey } from '@helios/core/selection/market-survey.ts';

/** One look at everything the venue lists, or why there is none. */
export type SurveyAnswer =
  | { readonly kind: 'SURVEY'; readonly survey: MarketSurvey }
  | {
      readonly kind: 'FAILED';
      /** What happened, for the log; one sentence. */
      readonly detail: string;
    };

/** The market as the watchlist is chosen from it. Nothing here rejects but a fault of ours. */
export interface WatchlistMarket {
  /** Everything the venue lists. */
  listings(): Promise<RestAnswer<readonly Listing[]>>;
  /** What trades in these. */
  survey(listings: readonly Listing[]): Promise<SurveyAnswer>;
  /** ATR of closed hourly candles, percent of price, of as many of `symbols` as could be measured. */
  measureVolatility(symbols: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
