/** Time for pauses and deadlines, epoch ms: it goes on from where it was when the clock is set back. */
export class SteadyTime {
  #lastMs = Number.NEGATIVE_INFINITY;
  #aheadMs = 0;

  /** How far it is ahead of the clock, ms. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** The time at a new reading of the clock. */
  at(clockMs: number): number {
    if (clockMs < this.#lastMs) this.#aheadMs += this.#lastMs - clockMs;
    this.#lastMs = clockMs;
    return clockMs + this.#aheadMs;
  }
}
