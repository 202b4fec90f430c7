/** A sum of decimals without rounding, however many there are: a scaled whole number and where its point stands. */
export class DecimalSum {
  #scaled = 0n;
  #decimals = 0;

  /** Adds an unsigned decimal string. */
  add(text: string): void {
    const { scaled, decimals } = toScaled(text);
    this.#addScaled(scaled, decimals);
  }

  /** Adds the product of two unsigned decimal strings, exact to the last digit. */
  addProduct(a: string, b: string): void {
    const left = toScaled(a);
    const right = toScaled(b);
    this.#addScaled(left.scaled * right.scaled, left.decimals + right.decimals);
  }

  /** As a decimal string with as many decimals as the finest addend had; `0` before any. */
  toString(): string {
    const digits = this.#scaled.toString().padStart(this.#decimals + 1, '0');
    if (this.#decimals === 0) return digits;
    const point = digits.length - this.#decimals;
    return `${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  #addScaled(scaled: bigint, decimals: number): void {
    if (decimals > this.#decimals) {
      this.#scaled *= 10n ** BigInt(decimals - this.#decimals);
      this.#decimals = decimals;
    }
    this.#scaled += decimals === this.#decimals ? scaled : scaled * 10n ** BigInt(this.#decimals - decimals);
  }
}

function toScaled(text: string): { scaled: bigint; decimals: number } {
  const point = text.indexOf('.');
  if (point < 0) return { scaled: BigInt(text), decimals: 0 };
  return { scaled: BigInt(text.slice(0, point) + text.slice(point + 1)), decimals: text.length - point - 1 };
}
