import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PassedBook, ReachedPrice } from '../data/market-target.ts';

/** Times of the books in a minute, ms after its open: at its open, its two extremes and its close. */
export const PATH_MS = [1_000, 20_000, 40_000, 59_000] as const;
/** The steps of a minute, one book each. */
export const PATH_STEPS = PATH_MS.map((_, step) => step);
/** The last book of a minute is always played: prices are sampled there, and books further apart would end the session. */
export const LAST_STEP = PATH_STEPS.length - 1;

/** The candles of one symbol as market events, minute by minute. */
export interface PlayedKlines {
  readonly symbol: string;
  /** True if the next minute may pass whole: then this is a `PassableMinute`. */
  readonly isPassable: boolean;
  /** Open time of the next minute, epoch ms; undefined at the end. */
  readonly nextTs: number | undefined;
  /** Ends the session if candles are missing before the next minute. */
  bridge(): readonly MarketEvent[];
  /** False where the minute has no book at that step; the first candle of a session, which has none before it, has no books. */
  hasBook(step: number): boolean;
  /** True if the imbalance of the next book stays below a threshold. */
  isBelow(threshold: number, depth: number, step: number): boolean;
  /** Counts a book that is not played; returns it if it is the last of its minute. */
  skip(step: number): PassedBook | undefined;
  /**
   * The book at a step of the minute.
   * @param side of the open position, if there is one
   */
  book(step: number, side: Side | undefined): MarketEvent;
  /** The price of the book that was made last, at this step, as resting orders see it; undefined if none can fill there. */
  reached(step: number, side: Side | undefined): ReachedPrice | undefined;
  /** The klines that the end of the minute closes; the next minute follows. */
  close(): readonly Kline[];
  /** Ends the session if there is one. */
  end(reason: string): readonly MarketEvent[];
}
