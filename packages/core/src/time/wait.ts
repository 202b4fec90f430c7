/** A wait for a named time. A clock that was set back begins it again, at its own length: it never lasts for the jump. */
export class Wait {
  #untilMs = Number.NEGATIVE_INFINITY;
  #lengthMs = 0;

  /** Begins a wait of `lengthMs` from now; one that ends later goes on. */
  extend(lengthMs: number, nowMs: number): void {
    if (this.leftMs(nowMs) < lengthMs) this.restart(lengthMs, nowMs);
  }

  /** Begins a wait of `lengthMs` from now, whatever was waited for before. */
  restart(lengthMs: number, nowMs: number): void {
    this.#lengthMs = lengthMs;
    this.#untilMs = nowMs + lengthMs;
  }

  /** What is left of it, ms; 0 once it is over. */
  leftMs(nowMs: number): number {
    if (this.#untilMs - nowMs > this.#lengthMs) this.#untilMs = nowMs + this.#lengthMs;
    return Math.max(0, this.#untilMs - nowMs);
  }
}
