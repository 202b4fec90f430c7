/** The venue's clock: a base clock that runs `speed` times as fast and may be stepped forward. It never goes back. */
export class SteppedClock {
  readonly speed: number;
  readonly #baseMs: () => number;
  readonly #startedMs: number;
  #steppedMs = 0;

  /** @param baseMs the machine's clock, or one that a test sets, epoch ms */
  constructor(baseMs: () => number, speed = 1) {
    this.#baseMs = baseMs;
    this.speed = speed;
    this.#startedMs = baseMs();
  }

  /** Venue time without faults, epoch ms. */
  now(): number {
    const baseMs = this.#baseMs();
    const extraMs = this.speed === 1 ? 0 : Math.floor((baseMs - this.#startedMs) * (this.speed - 1));
    return baseMs + extraMs + this.#steppedMs;
  }

  /** The base clock, epoch ms: neither steps nor the speed move it. */
  base(): number {
    return this.#baseMs();
  }

  /** All steps so far, ms. */
  get steppedMs(): number {
    return this.#steppedMs;
  }

  step(ms: number): void {
    this.#steppedMs += ms;
  }
}
