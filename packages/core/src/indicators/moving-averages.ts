import { Ring } from './ring.ts';

/** Exponential moving average, α = 2 / (period + 1). It starts with the simple mean of the first `period` values. */
export class Ema {
  readonly #period: number;
  readonly #alpha: number;
  #count = 0;
  #state = 0;

  constructor(period: number) {
    this.#period = period;
    this.#alpha = 2 / (period + 1);
  }

  update(x: number): void {
    this.#count += 1;
    if (this.#count <= this.#period) this.#state += (x - this.#state) / this.#count;
    else this.#state += this.#alpha * (x - this.#state);
  }

  get value(): number | undefined {
    return this.#count >= this.#period ? this.#state : undefined;
  }
}

/** Wilder's smoothing, α = 1 / period. It starts with the simple mean of the first `period` values. */
export class WilderAverage {
  readonly #period: number;
  #count = 0;
  #state = 0;

  constructor(period: number) {
    this.#period = period;
  }

  update(x: number): void {
    this.#count += 1;
    this.#state += (x - this.#state) / Math.min(this.#count, this.#period);
  }

  get value(): number | undefined {
    return this.#count >= this.#period ? this.#state : undefined;
  }
}

/** Simple mean of the newest `window` values. */
export class RollingMean {
  readonly #ring: Ring;

  constructor(window: number) {
    this.#ring = new Ring(window);
  }

  update(x: number): void {
    this.#ring.push(x);
  }

  /** Sums the window at each reading: a running sum would keep the rounding errors of old values. */
  get value(): number | undefined {
    if (!this.#ring.full) return undefined;
    let sum = 0;
    for (const x of this.#ring.values()) sum += x;
    return sum / this.#ring.length;
  }
}
