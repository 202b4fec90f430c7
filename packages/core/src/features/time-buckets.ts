/** Figures that are summed. */
const FIGURES = 3;

/**
 * Sums of three figures over windows of the recent past, in buckets of `bucketMs`. Adding takes the same short time at any rate of
 * events. A window ends with the bucket of now and begins at most one bucket late.
 */
export class TimeBuckets {
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #sums: Float64Array;
  /** Number of the newest bucket: its time divided by `bucketMs`. */
  #newest = Number.NEGATIVE_INFINITY;
  /** Since when nothing is missing, epoch ms. */
  #sinceMs = Number.POSITIVE_INFINITY;

  constructor(bucketMs: number, buckets: number) {
    this.#bucketMs = bucketMs;
    this.#buckets = buckets;
    this.#sums = new Float64Array(buckets * FIGURES);
  }

  /** Forgets everything. Windows are complete again once they lie after `sinceMs`. */
  restart(sinceMs: number): void {
    this.#sums.fill(0);
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#sinceMs = sinceMs;
  }

  /** True if nothing was added since the last restart. */
  get isEmpty(): boolean {
    return this.#newest === Number.NEGATIVE_INFINITY;
  }

  /** Adds three figures at a time, epoch ms. A time before the oldest bucket is ignored. */
  add(ts: number, first: number, second: number, third = 0): void {
    const bucket = Math.floor(ts / this.#bucketMs);
    if (bucket > this.#newest) this.#advance(bucket);
    else if (bucket <= this.#newest - this.#buckets) return;
    const at = (bucket % this.#buckets) * FIGURES;
    this.#sums[at] = (this.#sums[at] ?? 0) + first;
    this.#sums[at + 1] = (this.#sums[at + 1] ?? 0) + second;
    this.#sums[at + 2] = (this.#sums[at + 2] ?? 0) + third;
  }

  /** The sum of a figure over the `windowMs` before now; NaN if the window begins before the data. */
  sum(figure: number, nowMs: number, windowMs: number): number {
    if (!(nowMs - windowMs >= this.#sinceMs)) return Number.NaN;
    const last = Math.floor(nowMs / this.#bucketMs);
    const first = Math.max(last - Math.round(windowMs / this.#bucketMs) + 1, this.#newest - this.#buckets + 1);
    let sum = 0;
    for (let bucket = first; bucket <= Math.min(last, this.#newest); bucket += 1) {
      sum += this.#sums[(bucket % this.#buckets) * FIGURES + figure] ?? 0;
    }
    return sum;
  }

  #advance(bucket: number): void {
    const from = Math.max(this.#newest + 1, bucket - this.#buckets + 1);
    for (let each = from; each <= bucket; each += 1) {
      const at = (each % this.#buckets) * FIGURES;
      for (let i = 0; i < FIGURES; i += 1) this.#sums[at + i] = 0;
    }
    this.#newest = bucket;
  }
}
