import type { Level } from '@helios/shared/domain/market-data.ts';
import { parseDecimal } from '../price/parse-decimal.ts';

/** Best levels that are kept sorted by default. */
const SORTED_LEVELS = 256;

/**
 * One side of a book. The best levels are sorted, the best last, in two parallel arrays of keys and levels. All worse levels are
 * unsorted in a map: half of a deep book's changes happen there, and few of them ever reach the best. The key of a bid is its
 * price and of an ask its negative price, so the best level of either side has the greatest key.
 */
export class BookSide {
  readonly #sign: 1 | -1;
  readonly #maxSorted: number;
  readonly #keys: Float64Array;
  #levels: Level[] = [];
  /** The levels below the smallest sorted key. Empty if no level is sorted. */
  readonly #far = new Map<number, Level>();

  constructor(side: 'bids' | 'asks', maxSorted = SORTED_LEVELS) {
    this.#sign = side === 'bids' ? 1 : -1;
    this.#maxSorted = maxSorted;
    this.#keys = new Float64Array(maxSorted);
  }

  get size(): number {
    return this.#levels.length + this.#far.size;
  }

  /** Best level as received. */
  get best(): Level | undefined {
    return this.#levels[this.#levels.length - 1];
  }

  /** Best price as a number. */
  get bestPrice(): number | undefined {
    const count = this.#levels.length;
    const key = this.#keys[count - 1];
    return count === 0 || key === undefined ? undefined : key * this.#sign;
  }

  clear(): void {
    this.#levels = [];
    this.#far.clear();
  }

  /** The best `count` levels, best first. */
  top(count: number): Level[] {
    const levels = this.#levels;
    const found: Level[] = [];
    for (let i = levels.length - 1; i >= 0 && found.length < count; i -= 1) {
      const level = levels[i];
      if (level !== undefined) found.push(level);
    }
    const missing = count - found.length;
    if (missing > 0) for (const [, level] of this.#bestOfFar(missing).toReversed()) found.push(level);
    return found;
  }

  /** The level at a price; undefined if there is none. */
  at(price: string): Level | undefined {
    const key = this.#sign * parseDecimal(price);
    if (this.#isFar(key)) return this.#far.get(key);
    const at = this.#lowerBound(key);
    return at < this.#levels.length && this.#keys[at] === key ? this.#levels[at] : undefined;
  }

  /** Sets each level's absolute quantity; 0 removes the level. Removing a missing level is normal. */
  apply(changes: readonly Level[]): void {
    for (const level of changes) this.#set(this.#sign * parseDecimal(level[0]), level);
  }

  #set(key: number, level: Level): void {
    if (this.#isFar(key)) {
      if (isZero(level[1])) this.#far.delete(key);
      else this.#far.set(key, level);
      return;
    }
    const at = this.#lowerBound(key);
    const present = at < this.#levels.length && this.#keys[at] === key;
    if (isZero(level[1])) {
      if (present) this.#remove(at);
    } else if (present) {
      this.#levels[at] = level;
    } else {
      this.#insert(at, key, level);
    }
  }

  #isFar(key: number): boolean {
    const worst = this.#keys[0];
    return this.#far.size > 0 && worst !== undefined && key < worst;
  }

  #remove(at: number): void {
    const levels = this.#levels;
    const last = levels.length - 1;
    // By hand: at these lengths a loop is faster than the built-in functions.
    for (let i = at; i < last; i += 1) this.#put(i, this.#keys[i + 1], levels[i + 1]);
    levels.pop();
    if (this.#far.size > 0 && levels.length < this.#maxSorted / 8) this.#sortMore();
  }

  #insert(at: number, key: number, level: Level): void {
    const levels = this.#levels;
    if (levels.length === this.#maxSorted) {
      this.#sortLess();
      this.#set(key, level);
      return;
    }
    for (let i = levels.length; i > at; i -= 1) this.#put(i, this.#keys[i - 1], levels[i - 1]);
    this.#put(at, key, level);
  }

  #put(at: number, key: number | undefined, level: Level | undefined): void {
    if (key === undefined || level === undefined) return;
    this.#keys[at] = key;
    this.#levels[at] = level;
  }

  /** Moves the worse half of the sorted levels to the unsorted ones. */
  #sortLess(): void {
    const half = this.#levels.length >>> 1;
    for (const [i, level] of this.#levels.slice(0, half).entries()) this.#far.set(this.#keys[i] ?? Number.NaN, level);
    this.#keys.copyWithin(0, half);
    this.#levels = this.#levels.slice(half);
  }

  /** Moves the best unsorted levels to the sorted ones. */
  #sortMore(): void {
    const found = this.#bestOfFar(this.#maxSorted >>> 1);
    for (const [key] of found) this.#far.delete(key);
    this.#keys.copyWithin(found.length, 0, this.#levels.length);
    for (const [i, [key]] of found.entries()) this.#keys[i] = key;
    this.#levels = [...found.map(([, level]) => level), ...this.#levels];
  }

  /** The best `count` unsorted levels, best last. */
  #bestOfFar(count: number): [key: number, level: Level][] {
    return [...this.#far].sort(([one], [other]) => one - other).slice(-count);
  }

  /** Index of the first key not less than `key`. */
  #lowerBound(key: number): number {
    const keys = this.#keys;
    let low = 0;
    let high = this.#levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = keys[middle];
      if (found !== undefined && found < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** True if all digits are zero: `0`, `0.000`. */
function isZero(qty: string): boolean {
  for (let i = 0; i < qty.length; i += 1) {
    const code = qty.charCodeAt(i);
    if (code !== 48 && code !== 46) return false;
  }
  return true;
}
