import { decimalsOf, withoutEndZeros } from './decimal-text.ts';
import { exactOfDigits, exactText, unitsAt } from './exact-decimal.ts';
import { parseDecimal } from './parse-decimal.ts';

/** Finds the coarsest step that decimals are multiples of: 28145.10 and 28145.30 of 0.2, with 28145.20 of 0.1. */
export class CommonStep {
  #divisor = 0n;
  /** The same as a number; NaN where that would not be exact. */
  #small = Number.NaN;
  #decimals = 0;

  /** Takes an unsigned decimal string. */
  add(text: string): void {
    const decimals = decimalsOf(text);
    if (decimals > this.#decimals) {
      this.#divisor *= 10n ** BigInt(decimals - this.#decimals);
      this.#decimals = decimals;
    }
    // Most are multiples of the step that is known: a number tells that at a tenth of the time.
    if (decimals === this.#decimals && text.length <= 16 && isWholeMultiple(text, decimals, this.#small)) return;
    this.#divisor = gcd(this.#divisor, unitsAt(exactOfDigits(text), this.#decimals));
    this.#small = this.#divisor > 0n && this.#divisor < MAX_SMALL ? Number(this.#divisor) : Number.NaN;
  }

  /** The step as a decimal string, zeros at its end cut; undefined before anything but zeros was seen. */
  get step(): string | undefined {
    if (this.#divisor === 0n) return undefined;
    return withoutEndZeros(exactText({ units: this.#divisor, scale: this.#decimals }));
  }
}

/** 15 digits are exact in a number, and so is what is left of their division. */
const MAX_SMALL = 10n ** 15n;

function isWholeMultiple(text: string, decimals: number, divisor: number): boolean {
  const scaled = Math.round(parseDecimal(text) * 10 ** decimals);
  return scaled < 1e15 && scaled % divisor === 0;
}

function gcd(a: bigint, b: bigint): bigint {
  let [greater, smaller] = [a, b];
  while (smaller !== 0n) [greater, smaller] = [smaller, greater % smaller];
  return greater;
}
