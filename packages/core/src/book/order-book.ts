import type { Level } from '@helios/shared/domain/market-data.ts';
import { BookSide } from './book-side.ts';

/** Absolute quantities per price on both sides, as decimal strings. The wire parser has validated them. */
export interface BookLevels {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/**
 * A level-2 book. It keeps the venue's strings, so it returns exactly what it received. It does not check sequence numbers: the
 * caller makes sure that no update is missing.
 */
export class OrderBook {
  readonly #bids = new BookSide('bids');
  readonly #asks = new BookSide('asks');

  /** Drops all levels and loads a snapshot. */
  reset(snapshot: BookLevels): void {
    this.#bids.clear();
    this.#asks.clear();
    this.apply(snapshot);
  }

  /** Applies one depth update; a quantity of 0 removes the level. */
  apply(update: BookLevels): void {
    this.#bids.apply(update.bids);
    this.#asks.apply(update.asks);
  }

  get bestBid(): Level | undefined {
    return this.#bids.best;
  }

  get bestAsk(): Level | undefined {
    return this.#asks.best;
  }

  /** True if the best bid is at or above the best ask; a valid book never shows this. */
  get isCrossed(): boolean {
    const bid = this.#bids.bestPrice;
    const ask = this.#asks.bestPrice;
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  /** Mean of the best prices; undefined while a side is empty. */
  get mid(): number | undefined {
    const bid = this.#bids.bestPrice;
    const ask = this.#asks.bestPrice;
    return bid === undefined || ask === undefined ? undefined : (bid + ask) / 2;
  }

  /** The best `count` levels of each side, best first. */
  top(count: number): { bids: Level[]; asks: Level[] } {
    return { bids: this.#bids.top(count), asks: this.#asks.top(count) };
  }

  /** The level at a price of a side; undefined if there is none. */
  at(side: 'bids' | 'asks', price: string): Level | undefined {
    return (side === 'bids' ? this.#bids : this.#asks).at(price);
  }

  /** Number of levels on each side. */
  get depth(): { bids: number; asks: number } {
    return { bids: this.#bids.size, asks: this.#asks.size };
  }
}
