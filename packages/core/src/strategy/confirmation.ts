import { ageOf } from '@helios/shared/domain/age.ts';
import type { Side } from '@helios/shared/domain/signal.ts';

/**
 * Counts sampled triggers of one direction within a window. A trigger of the other direction resets the count: the gate requires
 * persistence.
 */
export class Confirmation {
  readonly #windowMs: number;
  readonly #sampleMs: number;
  #side: Side | undefined;
  #samples: number[] = [];

  constructor(windowMs: number, sampleMs: number) {
    this.#windowMs = windowMs;
    this.#sampleMs = sampleMs;
  }

  sample(side: Side, nowMs: number): void {
    if (side !== this.#side) {
      this.#side = side;
      this.#samples.length = 0;
    }
    const newest = this.#samples.at(-1);
    const sinceMs = newest === undefined ? undefined : ageOf(newest, nowMs);
    // A sample in the future comes from before a clock change.
    if (sinceMs === undefined) this.#samples.length = 0;
    else if (sinceMs < this.#sampleMs) return;
    this.#samples.push(nowMs);
    while (this.#samples[0] !== undefined && nowMs - this.#samples[0] > this.#windowMs) this.#samples.shift();
  }

  /** Number of samples of `side` within the window that ends now. */
  count(side: Side, nowMs: number): number {
    if (side !== this.#side) return 0;
    let count = 0;
    for (const ts of this.#samples) if ((ageOf(ts, nowMs) ?? Number.POSITIVE_INFINITY) <= this.#windowMs) count += 1;
    return count;
  }

  clear(): void {
    this.#side = undefined;
    this.#samples.length = 0;
  }
}
