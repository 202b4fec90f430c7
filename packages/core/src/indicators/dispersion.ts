import { Ring } from './ring.ts';

/** Mean and variance of a window in two passes, which stays exact for prices of any size. `ddof` 1 gives the sample variance. */
function moments(values: Float64Array, ddof: 0 | 1): { mean: number; variance: number } {
  const count = values.length;
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += values[at] ?? 0;
  const mean = sum / count;
  let squares = 0;
  for (let at = 0; at < count; at += 1) squares += ((values[at] ?? 0) - mean) ** 2;
  return { mean, variance: squares / (count - ddof) };
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

/** Median and percentile rank within the newest `window` values, known from half the window on. */
export class RollingDistribution {
  readonly #ring: Ring;
  /** The values of the ring in ascending order. */
  readonly #sorted: Float64Array;
  readonly #least: number;
  #newest = 0;

  constructor(window: number) {
    this.#ring = new Ring(window);
    this.#sorted = new Float64Array(window);
    this.#least = Math.ceil(window / 2);
  }

  update(x: number): void {
    const before = this.#ring.length;
    const gone = this.#ring.push(x);
    const sorted = this.#sorted;
    const to = this.#firstNotBelow(x, before);
    const from = gone === undefined ? before : this.#firstNotBelow(gone, before);
    // Only the values between the old and the new one move.
    if (to <= from) {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = x;
    } else {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = x;
    }
    this.#newest = x;
  }

  get median(): number | undefined {
    const { length } = this.#ring;
    if (length < this.#least) return undefined;
    const upper = this.#sorted[length >> 1] ?? 0;
    return length % 2 === 1 ? upper : (upper + (this.#sorted[(length >> 1) - 1] ?? 0)) / 2;
  }

  /** Percentile rank of the newest value, 0..100; equal values count half. */
  get percentile(): number | undefined {
    const { length } = this.#ring;
    if (length < this.#least) return undefined;
    const below = this.#firstNotBelow(this.#newest, length);
    let equal = 0;
    while (below + equal < length && this.#sorted[below + equal] === this.#newest) equal += 1;
    return (100 * (below + equal / 2)) / length;
  }

  /** Index of the first of `count` sorted values that is not below `x`. */
  #firstNotBelow(x: number, count: number): number {
    let [from, to] = [0, count];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#sorted[middle] ?? 0) < x) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
