import type { Instrument } from '@helios/shared/domain/instrument.ts';

/** Listing of one symbol on the venue, tradable or not. */
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
  /** End of trading, epoch ms; around the year 2100 for a perpetual without a planned delisting. */
  readonly deliveryTs: number;
  /** 1 USDⓈ-M, 2 COIN-M; undefined if the row does not contain it. */
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
  /** End of the window, epoch ms of the venue; it stops when trading stops. */
  readonly closeTs: number;
}

/** Best prices of one symbol with their quantities, base currency. */
export interface BookTop {
  readonly symbol: string;
  readonly bid: number;
  readonly bidQty: number;
  readonly ask: number;
  readonly askQty: number;
}

/** One snapshot of the whole market, without unreadable rows. */
export interface MarketSurvey {
  readonly listings: readonly Listing[];
  readonly tickers: readonly DayTicker[];
  readonly tops: readonly BookTop[];
  /** The venue's time of the request for the tickers, epoch ms. Timestamps are compared with it, never with each other. */
  readonly venueTs: number;
}
