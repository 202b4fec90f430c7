import type { Level } from '@helios/shared/domain/market-data.ts';
import { parseDecimal } from '../price/parse-decimal.ts';

/**
 * One side of a book: prices and levels in two parallel arrays, the best last. Most changes are near the best price, so they move
 * few elements. Asks are stored under their negative price, so the best level of either side has the greatest key.
 */
export class BookSide {
  readonly #sign: 1 | -1;
  #keys = new Float64Array(2_048);
  #levels: Level[] = [];

  constructor(side: 'bids' | 'asks') {
    this.#sign = side === 'bids' ? 1 : -1;
  }

  get size(): number {
    return this.#levels.length;
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
  }

  /** The best `count` levels, best first. */
  top(count: number): Level[] {
    const levels = this.#levels;
    const found: Level[] = [];
    for (let i = levels.length - 1; i >= 0 && found.length < count; i -= 1) {
      const level = levels[i];
      if (level !== undefined) found.push(level);
    }
    return found;
  }

  /** Sets each level's absolute quantity; 0 removes the level. Removing a missing level is normal. */
  apply(changes: readonly Level[]): void {
    for (const level of changes) this.#set(level);
  }

  #set(level: Level): void {
    const levels = this.#levels;
    const key = this.#sign * parseDecimal(level[0]);
    const at = this.#lowerBound(key);
    const present = at < levels.length && this.#keys[at] === key;
    if (isZero(level[1])) {
      if (present) this.#remove(at);
    } else if (present) {
      levels[at] = level;
    } else {
      this.#insert(at, key, level);
    }
  }

  #remove(at: number): void {
    this.#keys.copyWithin(at, at + 1, this.#levels.length);
    this.#levels.splice(at, 1);
  }

  #insert(at: number, key: number, level: Level): void {
    const count = this.#levels.length;
    if (count === this.#keys.length) this.#grow();
    if (at === count) {
      this.#levels.push(level);
    } else {
      this.#keys.copyWithin(at + 1, at, count);
      this.#levels.splice(at, 0, level);
    }
    this.#keys[at] = key;
  }

  #grow(): void {
    const larger = new Float64Array(this.#keys.length * 2);
    larger.set(this.#keys);
    this.#keys = larger;
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
