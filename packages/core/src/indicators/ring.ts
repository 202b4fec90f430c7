/** The newest `size` numbers, oldest overwritten first. */
export class Ring {
  readonly #values: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  /** Puts `x` in and returns the number it pushed out, if any. */
  push(x: number): number | undefined {
    const slot = this.#count % this.#values.length;
    const gone = this.full ? this.#values[slot] : undefined;
    this.#values[slot] = x;
    this.#count += 1;
    return gone;
  }

  get full(): boolean {
    return this.#count >= this.#values.length;
  }

  get length(): number {
    return Math.min(this.#count, this.#values.length);
  }

  /** The numbers held, in no particular order. */
  values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
