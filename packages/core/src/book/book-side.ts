import type { Level } from '@helios/shared/domain/market-data.ts';
import { LevelTexts } from './level-texts.ts';

/** Best levels that are kept sorted by default. */
const SORTED_LEVELS = 256;

/**
 * One side of a book, as whole numbers of price and quantity units. The best levels are sorted, the best last, in two parallel
 * arrays. All worse levels are unsorted in a map: half of a deep book's changes happen there, and few of them ever reach the best.
 * The key of a bid is its price and of an ask its negative price, so the best level of either side has the greatest key.
 */
export class BookSide {
  readonly #sign: 1 | -1;
  readonly #maxSorted: number;
  readonly #keys: Float64Array;
  readonly #qtys: Float64Array;
  #sorted = 0;
  /** Quantities of the levels below the smallest sorted key. Empty if no level is sorted. */
  readonly #far = new Map<number, number>();
  readonly #texts: LevelTexts;

  constructor(side: 'bids' | 'asks', maxSorted = SORTED_LEVELS) {
    this.#sign = side === 'bids' ? 1 : -1;
    this.#texts = new LevelTexts(this.#sign);
    this.#maxSorted = maxSorted;
    this.#keys = new Float64Array(maxSorted);
    this.#qtys = new Float64Array(maxSorted);
  }

  get size(): number {
    return this.#sorted + this.#far.size;
  }

  get best(): Level | undefined {
    return this.#sorted === 0 ? undefined : this.#levelAt(this.#sorted - 1);
  }

  /** Best price in units. */
  get bestUnits(): number | undefined {
    const key = this.#keys[this.#sorted - 1];
    return this.#sorted === 0 || key === undefined ? undefined : key * this.#sign;
  }

  /** Drops all levels and sets the decimals of prices and quantities. */
  clear(priceScale: number, qtyScale: number): void {
    this.#sorted = 0;
    this.#far.clear();
    this.#texts.clear(priceScale, qtyScale);
  }

  /** The best `count` levels, best first. */
  top(count: number): Level[] {
    const levels = this.#texts.best(this.#keys, this.#qtys, this.#sorted, Math.min(count, this.#sorted));
    const missing = count - levels.length;
    if (missing > 0 && this.#far.size > 0) {
      for (const [key, qty] of this.#bestOfFar(missing).toReversed()) levels.push(this.#texts.level(key, qty));
    }
    return levels;
  }

  /** True if every level is written with the decimals of the book, so that whole numbers say all about it. */
  get isPlain(): boolean {
    return this.#texts.isPlain;
  }

  /** Appends price and quantity in units of the best `count` levels, best first. */
  pushUnits(count: number, values: number[]): void {
    const end = Math.max(0, this.#sorted - count);
    for (let i = this.#sorted - 1; i >= end; i -= 1) {
      values.push(this.#sign * (this.#keys[i] ?? Number.NaN), this.#qtys[i] ?? Number.NaN);
    }
    const missing = count - this.#sorted;
    if (missing <= 0 || this.#far.size === 0) return;
    for (const [key, qty] of this.#bestOfFar(missing).toReversed()) values.push(this.#sign * key, qty);
  }

  /** The level at a price; undefined if there is none. */
  at(price: string): Level | undefined {
    const key = this.#texts.keyOf(price);
    if (this.#isFar(key)) {
      const qty = this.#far.get(key);
      return qty === undefined ? undefined : this.#texts.level(key, qty);
    }
    const at = this.#lowerBound(key);
    return at < this.#sorted && this.#keys[at] === key ? this.#levelAt(at) : undefined;
  }

  /** Sets each level's absolute quantity; 0 removes the level. Removing a missing level is normal. */
  applyTexts(changes: readonly Level[]): void {
    for (const level of changes) {
      const key = this.#texts.keyOf(level[0]);
      this.#set(key, this.#texts.receive(key, level));
    }
  }

  /** Does the same for prices and quantities in turn, in units of this book, from one index to before another. */
  applyUnits(values: readonly number[], from: number, end: number): void {
    const { isPlain } = this.#texts;
    for (let i = from; i < end; i += 2) {
      const key = this.#sign * (values[i] ?? Number.NaN);
      if (!isPlain) this.#texts.forget(key);
      this.#set(key, values[i + 1] ?? Number.NaN);
    }
  }

  #set(key: number, qty: number): void {
    if (this.#isFar(key)) {
      if (qty === 0) this.#far.delete(key);
      else this.#far.set(key, qty);
      return;
    }
    const at = this.#lowerBound(key);
    const isPresent = at < this.#sorted && this.#keys[at] === key;
    if (qty === 0) {
      if (isPresent) this.#remove(at);
    } else if (isPresent) {
      this.#qtys[at] = qty;
    } else {
      this.#insert(at, key, qty);
    }
  }

  #isFar(key: number): boolean {
    const worst = this.#keys[0];
    return this.#far.size > 0 && worst !== undefined && key < worst;
  }

  #remove(at: number): void {
    this.#sorted -= 1;
    // By hand: at these lengths a loop is faster than the built-in functions.
    for (let i = at; i < this.#sorted; i += 1) this.#put(i, this.#keys[i + 1], this.#qtys[i + 1]);
    if (this.#far.size > 0 && this.#sorted < this.#maxSorted / 8) this.#sortMore();
  }

  #insert(at: number, key: number, qty: number): void {
    if (this.#sorted === this.#maxSorted) {
      this.#sortLess();
      this.#set(key, qty);
      return;
    }
    for (let i = this.#sorted; i > at; i -= 1) this.#put(i, this.#keys[i - 1], this.#qtys[i - 1]);
    this.#put(at, key, qty);
    this.#sorted += 1;
  }

  #put(at: number, key: number | undefined, qty: number | undefined): void {
    this.#keys[at] = key ?? Number.NaN;
    this.#qtys[at] = qty ?? Number.NaN;
  }

  /** Moves the worse half of the sorted levels to the unsorted ones. */
  #sortLess(): void {
    const half = this.#sorted >>> 1;
    for (let i = 0; i < half; i += 1) this.#far.set(this.#keys[i] ?? Number.NaN, this.#qtys[i] ?? Number.NaN);
    this.#keys.copyWithin(0, half, this.#sorted);
    this.#qtys.copyWithin(0, half, this.#sorted);
    this.#sorted -= half;
  }

  /** Moves the best unsorted levels to the sorted ones. */
  #sortMore(): void {
    const found = this.#bestOfFar(this.#maxSorted >>> 1);
    this.#keys.copyWithin(found.length, 0, this.#sorted);
    this.#qtys.copyWithin(found.length, 0, this.#sorted);
    for (const [i, [key, qty]] of found.entries()) {
      this.#far.delete(key);
      this.#put(i, key, qty);
    }
    this.#sorted += found.length;
  }

  /** The best `count` unsorted levels, best last. */
  #bestOfFar(count: number): [key: number, qty: number][] {
    return [...this.#far].sort(([one], [other]) => one - other).slice(-count);
  }

  /** Index of the first sorted key not less than `key`. */
  #lowerBound(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = this.#sorted;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = keys[middle];
      if (found !== undefined && found < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #levelAt(index: number): Level {
    return this.#texts.level(this.#keys[index] ?? Number.NaN, this.#qtys[index] ?? Number.NaN);
  }
}
