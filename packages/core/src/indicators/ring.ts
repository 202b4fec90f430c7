/** A ring buffer of the newest `size` numbers. */
export class Ring {
  readonly #values: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  /** Adds `x` and returns the number that it replaced, if any. */
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

  /** The stored numbers, in no particular order. */
  values(): Float64Array {
    return this.full ? this.#values : this.#values.subarray(0, this.length);
  }
}
