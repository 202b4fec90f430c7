import { decimalsOf, withoutEndZeros } from './decimal-text.ts';
import { exactOfDigits, exactText, unitsAt } from './exact-decimal.ts';
import { parseDecimal } from './parse-decimal.ts';
import { unitText } from './unit-text.ts';

/** Finds the largest step that divides all decimals seen: 0.2 for 28145.10 and 28145.30, then 0.1 after 28145.20. */
export class CommonStep {
  #divisor = 0n;
  /** The step as a number; NaN if a number cannot hold it exactly. */
  #small = Number.NaN;
  #decimals = 0;

  /** Adds an unsigned decimal string. */
  add(text: string): void {
    const decimals = decimalsOf(text);
    if (decimals > this.#decimals) {
      this.#divisor *= 10n ** BigInt(decimals - this.#decimals);
      this.#decimals = decimals;
      this.#small = smallOf(this.#divisor);
    }
    // Most decimals are multiples of the known step: checking this with numbers takes a tenth of the time.
    if (decimals === this.#decimals && text.length <= 16 && isWholeMultiple(text, decimals, this.#small)) return;
    this.#divisor = gcd(this.#divisor, unitsAt(exactOfDigits(text), this.#decimals));
    this.#small = smallOf(this.#divisor);
  }

  /** Adds `units` × 10^−`scale`: a whole number ≥ 0 of up to 15 digits. */
  addUnits(units: number, scale: number): void {
    if (scale !== this.#decimals || units % this.#small !== 0) this.add(unitText(units, scale));
  }

  /** The step as a decimal string without trailing zeros; undefined if only zeros were seen. */
  get step(): string | undefined {
    if (this.#divisor === 0n) return undefined;
    return withoutEndZeros(exactText({ units: this.#divisor, scale: this.#decimals }));
  }
}

/** A number holds 15 digits exactly, and so the remainder of a division is exact too. */
const MAX_SMALL = 10n ** 15n;

function smallOf(divisor: bigint): number {
  return divisor > 0n && divisor < MAX_SMALL ? Number(divisor) : Number.NaN;
}

function isWholeMultiple(text: string, decimals: number, divisor: number): boolean {
  const scaled = Math.round(parseDecimal(text) * 10 ** decimals);
  return scaled < 1e15 && scaled % divisor === 0;
}

function gcd(a: bigint, b: bigint): bigint {
  let [greater, smaller] = [a, b];
  while (smaller !== 0n) [greater, smaller] = [smaller, greater % smaller];
  return greater;
}
