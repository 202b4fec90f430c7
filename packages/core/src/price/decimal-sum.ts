import { type ExactDecimal, exactOfDigits, exactProduct, exactText, unitsAt } from './exact-decimal.ts';

/** A sum of decimals without rounding, however many there are. */
export class DecimalSum {
  #sum: ExactDecimal = { units: 0n, scale: 0 };

  /** Adds an unsigned decimal string. */
  add(text: string): void {
    this.#add(exactOfDigits(text));
  }

  /** Adds the product of two unsigned decimal strings, exact to the last digit. */
  addProduct(a: string, b: string): void {
    this.#add(exactProduct(exactOfDigits(a), exactOfDigits(b)));
  }

  /** As a decimal string with as many decimals as the finest addend had; `0` before any. */
  toString(): string {
    return exactText(this.#sum);
  }

  #add(addend: ExactDecimal): void {
    const scale = Math.max(this.#sum.scale, addend.scale);
    this.#sum = { units: unitsAt(this.#sum, scale) + unitsAt(addend, scale), scale };
  }
}
