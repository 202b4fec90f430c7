import type { Level } from '@helios/shared/domain/market-data.ts';
import { decimalsOf } from '../price/decimal-text.ts';
import { parseDecimal } from '../price/parse-decimal.ts';
import { BookSide } from './book-side.ts';
import type { UnitLevels } from './unit-levels.ts';

/** Absolute quantities per price on both sides, as decimal strings. The wire parser has validated them. */
export interface BookLevels {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  /** The same levels as whole numbers, if the parser has them: then the book needs no texts. */
  readonly units?: UnitLevels | undefined;
}

/**
 * A level-2 book. It returns every level exactly as it received it. It does not check sequence numbers: the caller makes sure that
 * no update is missing. An empty book takes the decimals of its prices and quantities from the next update.
 */
export class OrderBook {
  readonly #bids = new BookSide('bids');
  readonly #asks = new BookSide('asks');
  #priceScale = 0;
  #qtyScale = 0;

  /** Drops all levels and loads a snapshot. */
  reset(snapshot: BookLevels): void {
    this.#bids.clear(0, 0);
    this.#asks.clear(0, 0);
    this.apply(snapshot);
  }

  /** Applies one depth update; a quantity of 0 removes the level. */
  apply(update: BookLevels): void {
    const { units } = update;
    if (this.#bids.size === 0 && this.#asks.size === 0) this.#takeScales(update);
    if (units !== undefined && units.priceScale === this.#priceScale && units.qtyScale === this.#qtyScale) {
      this.#bids.applyUnits(units.values, 0, units.asksFrom);
      this.#asks.applyUnits(units.values, units.asksFrom, units.values.length);
    } else {
      this.#bids.applyTexts(update.bids);
      this.#asks.applyTexts(update.asks);
    }
  }

  get bestBid(): Level | undefined {
    return this.#bids.best;
  }

  get bestAsk(): Level | undefined {
    return this.#asks.best;
  }

  /** True if the best bid is at or above the best ask; a valid book never shows this. */
  get isCrossed(): boolean {
    const bid = this.#bids.bestUnits;
    const ask = this.#asks.bestUnits;
    return bid !== undefined && ask !== undefined && bid >= ask;
  }

  /** Mean of the best prices; undefined while a side is empty. */
  get mid(): number | undefined {
    const { bestBid, bestAsk } = this;
    return bestBid && bestAsk && (parseDecimal(bestBid[0]) + parseDecimal(bestAsk[0])) / 2;
  }

  /** The best `count` levels of each side, best first. */
  top(count: number): { bids: Level[]; asks: Level[] } {
    return { bids: this.#bids.top(count), asks: this.#asks.top(count) };
  }

  /** The same levels as whole numbers; undefined if a level is not written with the decimals of the book. */
  topUnits(count: number): UnitLevels | undefined {
    if (!this.#bids.isPlain || !this.#asks.isPlain) return undefined;
    const values: number[] = [];
    this.#bids.pushUnits(count, values);
    const asksFrom = values.length;
    this.#asks.pushUnits(count, values);
    return { priceScale: this.#priceScale, qtyScale: this.#qtyScale, values, asksFrom };
  }

  /** The level at a price of a side; undefined if there is none. */
  at(side: 'bids' | 'asks', price: string): Level | undefined {
    return (side === 'bids' ? this.#bids : this.#asks).at(price);
  }

  /** Number of levels on each side. */
  get depth(): { bids: number; asks: number } {
    return { bids: this.#bids.size, asks: this.#asks.size };
  }

  #takeScales({ units, bids, asks }: BookLevels): void {
    const level = units === undefined ? (bids[0] ?? asks[0]) : undefined;
    this.#priceScale = units?.priceScale ?? decimalsOf(level?.[0] ?? '');
    this.#qtyScale = units?.qtyScale ?? decimalsOf(level?.[1] ?? '');
    this.#bids.clear(this.#priceScale, this.#qtyScale);
    this.#asks.clear(this.#priceScale, this.#qtyScale);
  }
}
