import type { Book, Level } from '@helios/shared/domain/market-data.ts';
import { unitPower, unitValue } from '../price/unit-text.ts';
import { levelTexts, type UnitLevels } from './unit-levels.ts';

/** The fields of a book whose levels are whole numbers. */
export interface UnitBookFields {
  readonly symbol: string;
  /** Both times: epoch ms. */
  readonly ts_event: number;
  readonly ts_init: number;
  readonly last_update_id: number;
  readonly seq?: number | undefined;
  /** Up to 20 levels a side, best first; each quantity is above 0. */
  readonly units: UnitLevels;
}

/**
 * A book whose levels are whole numbers. Their texts are made on the first request: most books of a backtest never need them.
 * `bids` and `asks` are getters, which a spread leaves out: copy a book with `copyOfBook`.
 */
export class UnitBook implements Book {
  readonly type = 'book';
  readonly symbol: string;
  readonly ts_event: number;
  readonly ts_init: number;
  readonly seq: number | undefined;
  readonly last_update_id: number;
  // Private, so that a book has no other own keys than its schema.
  readonly #units: UnitLevels;
  #bids: Level[] | undefined;
  #asks: Level[] | undefined;

  constructor({ symbol, ts_event, ts_init, seq, last_update_id, units }: UnitBookFields) {
    this.symbol = symbol;
    this.ts_event = ts_event;
    this.ts_init = ts_init;
    this.seq = seq;
    this.last_update_id = last_update_id;
    this.#units = units;
  }

  get units(): UnitLevels {
    return this.#units;
  }

  get bids(): Level[] {
    this.#bids ??= levelTexts('bids', this.#units);
    return this.#bids;
  }

  get asks(): Level[] {
    this.#asks ??= levelTexts('asks', this.#units);
    return this.#asks;
  }

  /** Number of levels of a side. */
  count(side: 'bids' | 'asks'): number {
    const { asksFrom, values } = this.#units;
    return (side === 'bids' ? asksFrom : values.length - asksFrom) / 2;
  }

  /** Price of the level at `index`, best first: equals the number of its text. NaN beyond the last level. */
  priceAt(side: 'bids' | 'asks', index: number): number {
    const at = this.#at(side, index);
    return at < 0 ? Number.NaN : unitValue(this.#units.values[at] ?? Number.NaN, this.#units.priceScale);
  }

  /** Base quantity of the level at `index`: equals the number of its text. NaN beyond the last level. */
  qtyAt(side: 'bids' | 'asks', index: number): number {
    const at = this.#at(side, index);
    return at < 0 ? Number.NaN : unitValue(this.#units.values[at + 1] ?? Number.NaN, this.#units.qtyScale);
  }

  /** Quote value of the best `depth` levels of a side: the sum of price × quantity in the order of the levels. */
  notional(side: 'bids' | 'asks', depth: number): number {
    const { values, asksFrom, priceScale, qtyScale } = this.#units;
    const pricePower = unitPower(priceScale);
    const qtyPower = unitPower(qtyScale);
    const from = side === 'bids' ? 0 : asksFrom;
    const end = Math.min(from + 2 * depth, side === 'bids' ? asksFrom : values.length);
    let sum = 0;
    for (let i = from; i < end; i += 2) {
      sum += ((values[i] ?? Number.NaN) / pricePower) * ((values[i + 1] ?? Number.NaN) / qtyPower);
    }
    return sum;
  }

  /** The plain book with all texts, as `JSON.stringify` writes it. */
  toJSON(): Book {
    const { type, symbol, ts_event, ts_init, seq, last_update_id, bids, asks } = this;
    const stamps = seq === undefined ? { symbol, ts_event, ts_init } : { symbol, ts_event, ts_init, seq };
    return { type, ...stamps, last_update_id, bids, asks };
  }

  /** Index of a level's price; negative if there is no such level. */
  #at(side: 'bids' | 'asks', index: number): number {
    const { asksFrom, values } = this.#units;
    const at = side === 'bids' ? 2 * index : asksFrom + 2 * index;
    return at < (side === 'bids' ? asksFrom : values.length) ? at : -1;
  }
}

/** A copy of a book with another time or number. A spread would lose the levels of a `UnitBook`. */
export function copyOfBook(
  book: Book,
  changes: { readonly ts_event?: number; readonly seq?: number | undefined },
): Book {
  if (!(book instanceof UnitBook)) return { ...book, ...changes };
  const { symbol, ts_event, ts_init, seq, last_update_id, units } = book;
  return new UnitBook({ symbol, ts_event, ts_init, seq, last_update_id, units, ...changes });
}
