import type { PassedPrices } from '@helios/core/strategy/quiet-market.ts';
import type { Book, Kline, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';

/** A book whose imbalance over `depth` levels stays within ±`threshold` changes nothing. */
export interface QuietBelow {
  readonly threshold: number;
  readonly depth: number;
}

/** A book that was not played. */
export interface PassedBook {
  readonly symbol: string;
  /** Epoch ms. */
  readonly ts: number;
  /** Mid of its best prices. */
  readonly mid: number;
}

/** Sees what is left of a minute that passes. */
export interface PassedMinuteTarget {
  /** The last book. `ts`: epoch ms. */
  onPassedBook(symbol: string, ts: number, mid: number): void;
  /** A kline that closes with the minute. */
  onPassedKline(kline: Kline): void;
}

/** A minute of candles that may pass without its `MINUTE_BOOKS` books. */
export interface PassableMinute {
  readonly symbol: string;
  /** End of the minute, epoch ms. */
  readonly endTs: number;
  /** True if the imbalance of each of its books stays below a threshold. */
  staysBelow(threshold: number, depth: number): boolean;
  /** The prices of its books. */
  prices(): PassedPrices;
  /** Time (epoch ms), mid and imbalance of one of its books, without playing it. */
  glimpse(step: number, side: Side | undefined, depth: number): { ts: number; mid: number; nobi: number };
  /** Counts its books without making them, and shows the last one and the klines that close; the next minute follows. */
  pass(to: PassedMinuteTarget): void;
  /** Makes the last book of the minute that passed. */
  lastPassed(): Book;
  /** `glimpse` of the minute that passed. */
  glimpsePassed(step: number, side: Side | undefined, depth: number): { ts: number; nobi: number };
}

/** Lets pass what can change nothing. */
export interface QuietTarget {
  /** Which books of the symbol would change nothing now; undefined if every book counts. */
  below(symbol: string): QuietBelow | undefined;
  /** Counts the frame of such a book, which is not played. The last one of a minute says its time and price. */
  skip(last?: PassedBook): void;
  /** Takes the klines of a frame at a time when books may be skipped: they change nothing but the indicators. */
  passKlines(klines: readonly Kline[]): void;
  /** Lets the same minute of all symbols pass; false, and nothing happens, if a book of it must be played. */
  passMinute(minute: readonly PassableMinute[]): boolean;
}

/** A price that a candle reached, as a trade with the volume that may have met a resting order there. */
export interface ReachedPrice extends MarketTrade {
  /** Only orders placed until then were surely there before the price, epoch ms. */
  readonly placedUntilTs: number;
  readonly meets: 'BIDS' | 'ASKS' | 'BOTH';
  /** Distance beyond the limit at which it fills, quote currency. */
  readonly tick: number;
}

/** Receives the market that data hold, frame by frame. */
export interface MarketTarget {
  /** `reached`: a price that only resting orders see, before the events; undefined if there is none. */
  onFrame(events: readonly MarketEvent[], reached?: () => ReachedPrice | undefined): void;
  /** Takes a closed kline of the past, before the first frame, oldest first. */
  warm?(kline: Kline): void;
  /** Undefined if every frame counts. */
  readonly quiet?: QuietTarget | undefined;
  /**
   * Candles put the extreme first that is worse for this side: that of the symbol's open position, or the opposite of a resting
   * entry's, which thus fills after the better extreme; undefined without both.
   */
  sideOf(symbol: string): Side | undefined;
}

/** Number of frames with events after which data are cut. */
export interface DataCut {
  readonly frames: number;
  /** Market time of the last frame, epoch ms. */
  readonly ts: number;
}

/** The part of the data that is played. */
export interface DataWindow {
  /** Events before this market time are left out, epoch ms. */
  readonly sinceTs?: number;
  /** The session ends before the first frame after this market time, epoch ms. */
  readonly toTs?: number;
  /** Nothing after the cut is played, not even the end of the session. */
  readonly cut?: DataCut;
}
