import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
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

/** Receives the market that data hold, frame by frame. */
export interface MarketTarget {
  onFrame(events: readonly MarketEvent[]): void;
  /** Takes a closed kline of the past, before the first frame, oldest first. */
  warm?(kline: Kline): void;
  /** Which books of the symbol would change nothing now; undefined if every book counts. */
  quietBelow?(symbol: string): QuietBelow | undefined;
  /** Counts the frame of such a book, which is not played. The last one of a minute says its time and price. */
  skip?(last?: PassedBook): void;
  /** Takes the klines of a frame at a time when books may be skipped: they change nothing but the indicators. */
  passKlines?(klines: readonly Kline[]): void;
  /** Side of the symbol's open position, if there is one; candles put the worse extreme first. */
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

/** Passes on what the window shows. */
export class WindowedTarget implements MarketTarget {
  readonly #target: MarketTarget;
  readonly #sinceTs: number;
  #left: number;

  constructor(target: MarketTarget, { sinceTs = Number.NEGATIVE_INFINITY, cut }: DataWindow) {
    this.#target = target;
    this.#sinceTs = sinceTs;
    this.#left = cut?.frames ?? Number.POSITIVE_INFINITY;
  }

  /** True once the cut is reached. */
  get isOver(): boolean {
    return this.#left <= 0;
  }

  onFrame(events: readonly MarketEvent[]): void {
    const isWhole = this.#sinceTs === Number.NEGATIVE_INFINITY;
    const shown = isWhole ? events : events.filter(({ ts_event }) => ts_event >= this.#sinceTs);
    if (shown.length === 0 || this.isOver) return;
    this.#left -= 1;
    this.#target.onFrame(shown);
  }

  quietBelow(symbol: string): QuietBelow | undefined {
    return this.#sinceTs === Number.NEGATIVE_INFINITY && !this.isOver ? this.#target.quietBelow?.(symbol) : undefined;
  }

  skip(last?: PassedBook): void {
    this.#left -= 1;
    this.#target.skip?.(last);
  }

  passKlines(klines: readonly Kline[]): void {
    this.#left -= 1;
    this.#target.passKlines?.(klines);
  }

  warm(kline: Kline): void {
    this.#target.warm?.(kline);
  }

  sideOf(symbol: string): Side | undefined {
    return this.#target.sideOf(symbol);
  }
}
