import { Ring } from './ring.ts';

/** Values in an `Ema`, in periods: older ones would weigh less than 2 % together. */
const EMA_PERIODS = 2;

/**
 * Exponential moving average, α = 2 / (period + 1), of the newest two periods, known from the first period on. The usual recursion
 * never forgets where its data began; this one depends on its window only.
 */
export class Ema {
  readonly #period: number;
  readonly #decay: number;
  readonly #ring: Float64Array;
  #count = 0;
  /** Computed at the first reading after a value: nobody reads most averages. */
  #known: number | undefined;

  constructor(period: number) {
    this.#period = period;
    this.#decay = 1 - 2 / (period + 1);
    this.#ring = new Float64Array(EMA_PERIODS * period);
  }

  update(x: number): void {
    this.#ring[this.#count % this.#ring.length] = x;
    this.#count += 1;
    this.#known = undefined;
  }

  get value(): number | undefined {
    if (this.#count < this.#period) return undefined;
    this.#known ??= this.#computed();
    return this.#known;
  }

  /** The newest value first. */
  #computed(): number {
    const ring = this.#ring;
    let [sum, weights, weight] = [0, 0, 1];
    let at = this.#count % ring.length;
    for (let left = Math.min(this.#count, ring.length); left > 0; left -= 1) {
      at = at === 0 ? ring.length - 1 : at - 1;
      sum += weight * (ring[at] ?? 0);
      weights += weight;
      weight *= this.#decay;
    }
    return sum / weights;
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
