import type { Level } from '@helios/shared/domain/market-data.ts';
import { isZeroText } from '../price/decimal-text.ts';
import { unitsOf, unitText } from '../price/unit-text.ts';

/** Best levels whose texts are kept from one `top` to the next. */
const SHOWN_LEVELS = 20;
const NONE: readonly Level[] = [];
/** Quantity of a level whose texts are kept apart. */
const KEPT_APART = 1;

/**
 * Texts of the levels of one side of a book, from its keys and quantities in units. Most levels have no text until one is asked for.
 * A text that is not written with the decimals of the book is kept apart, so every level is returned as it was received.
 */
export class LevelTexts {
  readonly #sign: 1 | -1;
  #priceScale = 0;
  #qtyScale = 0;
  readonly #apart = new Map<number, Level>();
  /** The levels that `best` returned last, best first. */
  readonly #shownKeys = new Float64Array(SHOWN_LEVELS);
  readonly #shownQtys = new Float64Array(SHOWN_LEVELS);
  #shown: readonly Level[] = [];

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  /** True if every level is written with the decimals of the book. */
  get isPlain(): boolean {
    return this.#apart.size === 0;
  }

  /** Drops all texts and sets the decimals of prices and quantities. */
  clear(priceScale: number, qtyScale: number): void {
    this.#apart.clear();
    this.#shown = [];
    this.#priceScale = priceScale;
    this.#qtyScale = qtyScale;
  }

  /** The key of a price. */
  keyOf(price: string): number {
    return this.#sign * unitsOf(price, this.#priceScale);
  }

  /** The quantity of a received level in units; its texts are kept apart if the units do not give them back. */
  receive(key: number, level: Level): number {
    const qty = unitsOf(level[1], this.#qtyScale);
    const isPlain =
      unitText(key * this.#sign, this.#priceScale) === level[0] && unitText(qty, this.#qtyScale) === level[1];
    this.#apart.delete(key);
    if (isPlain || isZeroText(level[1])) return qty;
    this.#apart.set(key, level);
    return KEPT_APART;
  }

  /** The level of this key changes to plain units. */
  forget(key: number): void {
    this.#apart.delete(key);
  }

  level(key: number, qty: number): Level {
    const apart = this.#apart.size === 0 ? undefined : this.#apart.get(key);
    return apart ?? [unitText(key * this.#sign, this.#priceScale), unitText(qty, this.#qtyScale)];
  }

  /** The last `count` of the first `sorted` levels, last first. Makes texts only of those that changed since the last call. */
  best(keys: Float64Array, qtys: Float64Array, sorted: number, count: number): Level[] {
    const [shownKeys, shownQtys] = [this.#shownKeys, this.#shownQtys];
    const shown = this.#apart.size > 0 ? NONE : this.#shown;
    const levels = shown.slice(0, count);
    let next = 0;
    for (let i = 0; i < count; i += 1) {
      const at = sorted - 1 - i;
      const key = keys[at] ?? Number.NaN;
      while (next < shown.length && (shownKeys[next] ?? Number.NaN) > key) next += 1;
      const isSame = next < shown.length && shownKeys[next] === key && shownQtys[next] === qtys[at];
      if (!isSame) levels[i] = this.level(key, qtys[at] ?? Number.NaN);
      else if (next !== i) levels[i] = shown[next] ?? this.level(key, qtys[at] ?? Number.NaN);
    }
    const kept = this.#apart.size > 0 ? NONE : levels.slice(0, SHOWN_LEVELS);
    this.#shown = kept;
    for (let i = 0; i < kept.length; i += 1) {
      shownKeys[i] = keys[sorted - 1 - i] ?? Number.NaN;
      shownQtys[i] = qtys[sorted - 1 - i] ?? Number.NaN;
    }
    return levels;
  }
}
