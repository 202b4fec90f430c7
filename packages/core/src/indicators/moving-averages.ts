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
  readonly #newestFirst: number[] = [];
  #state: number | undefined;

  constructor(period: number) {
    this.#period = period;
    this.#decay = 1 - 2 / (period + 1);
  }

  update(x: number): void {
    const values = this.#newestFirst;
    values.unshift(x);
    if (values.length > EMA_PERIODS * this.#period) values.pop();
    if (values.length < this.#period) return;
    let [sum, weights, weight] = [0, 0, 1];
    for (const value of values) {
      sum += weight * value;
      weights += weight;
      weight *= this.#decay;
    }
    this.#state = sum / weights;
  }

  get value(): number | undefined {
    return this.#state;
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
