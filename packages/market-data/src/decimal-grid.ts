import { parseDecimal } from '@helios/core/book/parse-decimal.ts';

/** Finds the coarsest grid that decimals lie on: 28145.10 and 28145.30 lie on 0.2, with 28145.20 on 0.1. */
export class DecimalGrid {
  #divisor = 0n;
  /** The same as a number; NaN where that would not be exact. */
  #small = Number.NaN;
  #decimals = 0;

  /** Takes an unsigned decimal string. */
  add(text: string): void {
    const point = text.indexOf('.');
    const decimals = point < 0 ? 0 : text.length - point - 1;
    if (decimals > this.#decimals) {
      this.#divisor *= 10n ** BigInt(decimals - this.#decimals);
      this.#decimals = decimals;
    }
    // Most lie on the grid that is known: a number tells that at a tenth of the time.
    if (decimals === this.#decimals && text.length <= 16 && isWholeMultiple(text, decimals, this.#small)) return;
    const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
    this.#divisor = gcd(this.#divisor, BigInt(digits) * 10n ** BigInt(this.#decimals - decimals));
    this.#small = this.#divisor > 0n && this.#divisor < MAX_SMALL ? Number(this.#divisor) : Number.NaN;
  }

  /** The grid's step as a decimal string, trailing zeros cut; undefined before anything but zeros was seen. */
  get step(): string | undefined {
    if (this.#divisor === 0n) return undefined;
    const digits = this.#divisor.toString().padStart(this.#decimals + 1, '0');
    if (this.#decimals === 0) return digits;
    const cut = digits.length - this.#decimals;
    return `${digits.slice(0, cut)}.${digits.slice(cut)}`.replace(/\.?0+$/, '');
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
