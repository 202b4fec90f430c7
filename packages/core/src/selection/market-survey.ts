import type { Instrument } from '@helios/shared/domain/instrument.ts';

/** What the venue says about one symbol it lists, tradable or not. */
export interface Listing {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly marginAsset: string;
  /** `PERPETUAL`, `TRADIFI_PERPETUAL`, `CURRENT_QUARTER` … */
  readonly contractType: string;
  /** `TRADING`, `SETTLING`, `TRADING_HALT` … */
  readonly status: string;
  /** `COIN`, `INDEX`, `EQUITY` … */
  readonly underlyingType: string;
  /** First day of trading, epoch ms. */
  readonly onboardTs: number;
  /** End of trading, epoch ms; a perpetual that nobody delists has one around the year 2100. */
  readonly deliveryTs: number;
  /** 1 USDⓈ-M, 2 COIN-M; absent where the row does not say. */
  readonly marginKind: number | undefined;
  readonly instrument: Instrument;
}

/** Figures of the last 24 hours of one symbol, quote currency. */
export interface DayTicker {
  readonly symbol: string;
  readonly last: number;
  readonly high: number;
  readonly low: number;
  readonly quoteVolume: number;
  /** When the window ends, epoch ms of the venue: it stops where trading does. */
  readonly closeTs: number;
}

/** Best prices of one symbol with the quantities that stand there, base currency. */
export interface BookTop {
  readonly symbol: string;
  readonly bid: number;
  readonly bidQty: number;
  readonly ask: number;
  readonly askQty: number;
}

/** One look at the whole market; rows that could not be read are not in it. */
export interface MarketSurvey {
  readonly listings: readonly Listing[];
  readonly tickers: readonly DayTicker[];
  readonly tops: readonly BookTop[];
  /** The venue's time when it was asked for the tickers, epoch ms. Stamps are compared with it, never with each other. */
  readonly venueTs: number;
}
