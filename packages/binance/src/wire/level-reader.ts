import type { UnitLevels } from '@helios/core/book/unit-levels.ts';
import { type LayoutScan, literal } from './layout-scan.ts';

const OPEN = literal('[');
const PRICE = literal('["');
const QUANTITY = literal(',"');
const LEVEL_END = literal(']');
const NEXT_PRICE = literal(',["');

/** Far more than the venue sends; an update with more does not fit. */
const MAX_VALUES = 16_384;

/** Reads levels such as `[["1.0","2"],["1.1","3"]]`. All prices of an update have the same number of decimals, and all quantities. */
export class LevelReader {
  /** Fractions, so that its elements stay doubles. */
  readonly #values: number[] = new Array<number>(MAX_VALUES).fill(0.5);
  #count = 0;
  #priceScale = 0;
  #qtyScale = 0;
  /** Undefined before the bids. */
  #asksFrom: number | undefined;

  restart(): void {
    this.#count = 0;
    this.#asksFrom = undefined;
  }

  bids(scan: LayoutScan): void {
    this.#read(scan);
    this.#asksFrom = this.#count;
  }

  /** The bids must come first. */
  asks(scan: LayoutScan): void {
    if (this.#asksFrom === undefined) scan.fail();
    else this.#read(scan);
  }

  /** The levels of the newest bids and asks. */
  take(): UnitLevels {
    const values = this.#values.slice(0, this.#count);
    return { priceScale: this.#priceScale, qtyScale: this.#qtyScale, values, asksFrom: this.#asksFrom ?? this.#count };
  }

  #read(scan: LayoutScan): void {
    scan.expect(OPEN);
    let isNext = scan.skip(PRICE);
    while (isNext && scan.fits) {
      const price = scan.positiveDecimal();
      if (this.#count === 0) this.#priceScale = scan.scale;
      const hasPriceScale = scan.scale === this.#priceScale;
      scan.expect(QUANTITY);
      const qty = scan.decimal();
      if (this.#count === 0) this.#qtyScale = scan.scale;
      if (!hasPriceScale || scan.scale !== this.#qtyScale || this.#count >= MAX_VALUES) scan.fail();
      this.#values[this.#count] = price;
      this.#values[this.#count + 1] = qty;
      this.#count += 2;
      scan.expect(LEVEL_END);
      isNext = scan.skip(NEXT_PRICE);
    }
    scan.expect(LEVEL_END);
  }
}
