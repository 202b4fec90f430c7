/**
 * A wait of a fixed length. If the clock is set back, the wait starts again with its own length, not with the length of the jump.
 */
export class Wait {
  #untilMs = Number.NEGATIVE_INFINITY;
  #lengthMs = 0;

  /** Starts a wait of `lengthMs` from now; a wait that ends later continues. */
  extend(lengthMs: number, nowMs: number): void {
    if (this.leftMs(nowMs) < lengthMs) this.restart(lengthMs, nowMs);
  }

  /** Starts a wait of `lengthMs` from now and replaces any earlier one. */
  restart(lengthMs: number, nowMs: number): void {
    this.#lengthMs = lengthMs;
    this.#untilMs = nowMs + lengthMs;
  }

  /** Remaining time, ms; 0 once it is over. */
  leftMs(nowMs: number): number {
    if (this.#untilMs - nowMs > this.#lengthMs) this.#untilMs = nowMs + this.#lengthMs;
    return Math.max(0, this.#untilMs - nowMs);
  }
}
