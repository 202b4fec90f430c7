import { Ring } from './ring.ts';

/** Mean and variance of a window in two passes, which stays exact for prices of any size. `ddof` 1 gives the sample variance. */
function moments(values: Float64Array, ddof: 0 | 1): { mean: number; variance: number } {
  let sum = 0;
  for (const x of values) sum += x;
  const mean = sum / values.length;
  let squares = 0;
  for (const x of values) squares += (x - mean) ** 2;
  return { mean, variance: squares / (values.length - ddof) };
}

/** Bollinger bands: mean ± k population standard deviations of the newest `period` values. */
export class BollingerBands {
  readonly #ring: Ring;
  readonly #k: number;

  constructor(period: number, k: number) {
    this.#ring = new Ring(period);
    this.#k = k;
  }

  update(x: number): void {
    this.#ring.push(x);
  }

  get value(): { readonly middle: number; readonly upper: number; readonly lower: number } | undefined {
    if (!this.#ring.full) return undefined;
    const { mean, variance } = moments(this.#ring.values(), 0);
    const width = this.#k * Math.sqrt(variance);
    return { middle: mean, upper: mean + width, lower: mean - width };
  }
}

/** Sample standard deviation of the newest `window` log returns: volatility per step, as a fraction. */
export class RealisedVolatility {
  readonly #ring: Ring;
  #previous: number | undefined;

  constructor(window: number) {
    this.#ring = new Ring(window);
  }

  /** `steps` have passed since the previous price: the move of a random walk grows with their square root. */
  update(price: number, steps = 1): void {
    if (this.#previous !== undefined) this.#ring.push(Math.log(price / this.#previous) / Math.sqrt(steps));
    this.#previous = price;
  }

  get value(): number | undefined {
    if (!this.#ring.full || this.#ring.length < 2) return undefined;
    return Math.sqrt(moments(this.#ring.values(), 1).variance);
  }
}

/** Percentile rank of the newest value among the newest `window` values, 0..100; equal values count half. */
export class RollingPercentile {
  readonly #ring: Ring;
  #newest = 0;

  constructor(window: number) {
    this.#ring = new Ring(window);
  }

  update(x: number): void {
    this.#ring.push(x);
    this.#newest = x;
  }

  get value(): number | undefined {
    if (!this.#ring.full) return undefined;
    let below = 0;
    let equal = 0;
    for (const x of this.#ring.values()) {
      if (x < this.#newest) below += 1;
      else if (x === this.#newest) equal += 1;
    }
    return (100 * (below + equal / 2)) / this.#ring.length;
  }
}
