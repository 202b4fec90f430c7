import { type ExactDecimal, exactOfDigits, exactProduct, exactText, unitsAt } from './exact-decimal.ts';

/** An exact sum of any number of decimals. */
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

  /** The sum as a decimal string with as many decimals as its finest addend; `0` if empty. */
  toString(): string {
    return exactText(this.#sum);
  }

  #add(addend: ExactDecimal): void {
    const scale = Math.max(this.#sum.scale, addend.scale);
    this.#sum = { units: unitsAt(this.#sum, scale) + unitsAt(addend, scale), scale };
  }
}
