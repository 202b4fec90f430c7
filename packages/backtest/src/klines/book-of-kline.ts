import { UnitBook } from '@helios/core/book/unit-book.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import { unitPower, unitsOf, unitValue } from '@helios/core/price/unit-text.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Quote } from '@helios/shared/domain/signal.ts';

/** Assumptions about the book that no candle holds. All of them cost the strategy rather than help it. */
export interface MadeUpBook {
  /** Spread in basis points of the price; at least one tick. */
  readonly spreadBp: number;
  /** Share of the mean volume of a minute that each of the levels holds. */
  readonly levelShare: number;
  readonly levels: number;
}

/** A liquid contract has a spread of 0.1 to 2 bp, and far more than a fiftieth of a minute's volume on its best levels. */
export const PESSIMISTIC_BOOK: MadeUpBook = { spreadBp: 3, levelShare: 0.02, levels: 5 };

/** Imbalance stays below 1 even if all volume was on one side: a book has both sides. */
const MAX_IMBALANCE = 0.9;
/** Far above the rounding of a sum, far below a difference that matters. */
const ROUNDING = 1e-9;
/** Rounding moves bid and ask by at most a tick each, and a tick lies between them. */
const ROUNDED_TICKS = 2;
/** A product this close to half a unit is rounded by its text, which knows all its digits. */
const NEARLY_HALF = 1e-6;

/**
 * Makes books around a price from the candles of one symbol, in whole numbers. Buyers who took make the ask side thin: the imbalance
 * of the quantities is 1 − 2 × their share, within ±0.9.
 */
export class BookMaker {
  readonly #symbol: string;
  readonly #model: MadeUpBook;
  readonly #tick: number;
  /** The tick in units of its last decimal. */
  readonly #tickUnits: number;
  readonly #priceScale: number;
  readonly #pricePower: number;
  readonly #step: number;
  readonly #qtyScale: number;
  readonly #qtyPower: number;
  #bidQty = 0;
  #askQty = 0;

  constructor({ symbol, tick_size, step_size }: Instrument, model: MadeUpBook = PESSIMISTIC_BOOK) {
    this.#symbol = symbol;
    this.#model = model;
    this.#tick = Number(tick_size);
    this.#priceScale = decimalsOf(tick_size);
    this.#pricePower = unitPower(this.#priceScale);
    this.#tickUnits = unitsOf(tick_size, this.#priceScale);
    this.#step = Number(step_size);
    this.#qtyScale = decimalsOf(step_size);
    this.#qtyPower = 10 ** this.#qtyScale;
  }

  /**
   * Sets the quantities of the next books around `price`. `volume`: mean of the last minutes, base currency; `buyShare`: 0..1, NaN
   * if unknown. Levels further apart than a basis point hold more in proportion: a coarse tick collects the orders of many prices.
   */
  useVolume(volume: number, buyShare: number, price: number): void {
    const imbalance = MAX_IMBALANCE * (1 - 2 * (buyShare >= 0 ? buyShare : 0.5));
    const levelBp = Math.max(1, (10_000 * this.#tick) / price);
    const quantity = Math.max(this.#step, volume * this.#model.levelShare * levelBp);
    this.#bidQty = this.#unitsOfQty(quantity * (1 - imbalance));
    this.#askQty = this.#unitsOfQty(quantity * (1 + imbalance));
  }

  /** The book around a price. `ts`: epoch ms. `half`: distance of best bid and ask from the price, quote currency. */
  at(price: number, ts: number, id: number, half = this.#half(price)): UnitBook {
    const { levels } = this.#model;
    const bid = this.#bid(price, half);
    const ask = this.#ask(price, half, bid);
    const values = new Array<number>(4 * levels);
    for (let level = 0; level < levels; level += 1) {
      values[2 * level] = Math.max(1, bid - level) * this.#tickUnits;
      values[2 * level + 1] = this.#bidQty;
      values[2 * (levels + level)] = (ask + level) * this.#tickUnits;
      values[2 * (levels + level) + 1] = this.#askQty;
    }
    const units = { priceScale: this.#priceScale, qtyScale: this.#qtyScale, values, asksFrom: 2 * levels };
    return new UnitBook({ symbol: this.#symbol, ts_event: ts, ts_init: ts, last_update_id: id, units });
  }

  /** Best bid and ask of the book around a price. */
  quoteAt(price: number): Quote {
    const half = this.#half(price);
    const bid = this.#bid(price, half);
    return { bid: this.#valueOf(bid), ask: this.#valueOf(this.#ask(price, half, bid)) };
  }

  /** The mid of the book around a price. */
  midAt(price: number): number {
    const half = this.#half(price);
    const bid = this.#bid(price, half);
    return (this.#valueOf(bid) + this.#valueOf(this.#ask(price, half, bid))) / 2;
  }

  /** True if the imbalance of the book around a price stays within ±`threshold`, without making the book. */
  isBelow(price: number, threshold: number, depth: number): boolean {
    return Math.abs(this.imbalanceAt(price, depth)) < threshold - ROUNDING;
  }

  /** True if the same surely holds for every price between two; false if it may not. */
  isBelowBetween(low: number, high: number, threshold: number, depth: number): boolean {
    const { levels, spreadBp } = this.#model;
    const spread = spreadBp / 10_000;
    const lowest = low / this.#tick;
    const offset = (Math.min(depth, levels) - 1) / 2;
    const bid = lowest * (1 - spread) - offset - ROUNDED_TICKS;
    if (!(bid > 1 && high >= low)) return false;
    // Asks lie above bids, by most where the price is lowest, in shares of the price.
    const widest = 1 + (lowest * spread + 2 * (offset + ROUNDED_TICKS)) / bid;
    const ratio = this.#askQty / this.#bidQty;
    const limit = threshold - ROUNDING;
    return (1 - ratio) / (1 + ratio) < limit && (ratio * widest - 1) / (ratio * widest + 1) < limit;
  }

  /** The imbalance of the best `depth` levels of the book around a price, −1..1. */
  imbalanceAt(price: number, depth: number): number {
    const half = this.#half(price);
    const bid = this.#bid(price, half);
    const ask = this.#ask(price, half, bid);
    // The mean distance of the levels from the best one, in ticks.
    const offset = (Math.min(depth, this.#model.levels) - 1) / 2;
    const bids = Math.max(1, bid - offset) * this.#bidQty;
    const asks = (ask + offset) * this.#askQty;
    return (asks - bids) / (asks + bids);
  }

  /** The same, summed level by level as a book is read: equal to the last digit. */
  exactImbalanceAt(price: number, depth: number): number {
    const half = this.#half(price);
    const bid = this.#bid(price, half);
    const ask = this.#ask(price, half, bid);
    const bidQty = unitValue(this.#bidQty, this.#qtyScale);
    const askQty = unitValue(this.#askQty, this.#qtyScale);
    let [bids, asks] = [0, 0];
    for (let level = 0; level < Math.min(depth, this.#model.levels); level += 1) {
      bids += this.#valueOf(Math.max(1, bid - level)) * bidQty;
      asks += this.#valueOf(ask + level) * askQty;
    }
    return bids > 0 && asks > 0 ? (asks - bids) / (asks + bids) : 0;
  }

  #half(price: number): number {
    return (price * this.#model.spreadBp) / 20_000;
  }

  /** Best bid in ticks. */
  #bid(price: number, half: number): number {
    const tick = this.#tick;
    return Math.max(1, Math.min(Math.floor((price - half) / tick), Math.ceil(price / tick) - 1));
  }

  /** Best ask in ticks. */
  #ask(price: number, half: number, bid: number): number {
    return Math.max(Math.ceil((price + half) / this.#tick), bid + 1);
  }

  /** The price of so many ticks. */
  #valueOf(ticks: number): number {
    return (ticks * this.#tickUnits) / this.#pricePower;
  }

  /** Units of the nearest quantity of so many decimals, as `toFixed` rounds. */
  #unitsOfQty(quantity: number): number {
    const atLeast = Math.max(this.#step, quantity);
    const product = atLeast * this.#qtyPower;
    if (Math.abs(product - Math.floor(product) - 0.5) > NEARLY_HALF) return Math.round(product);
    return unitsOf(atLeast.toFixed(this.#qtyScale), this.#qtyScale);
  }
}
