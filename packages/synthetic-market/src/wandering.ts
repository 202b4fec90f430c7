import type { Rng } from './rng.ts';

/** A random number around 0 with standard deviation 1 and a time constant: an Ornstein-Uhlenbeck process. */
export class Wandering {
  private readonly rng: Rng;
  private readonly keep: number;
  private readonly shake: number;

  /** The present value. */
  value: number;

  /** @param steps number of steps after which the value keeps 1/e of its old value */
  constructor(rng: Rng, steps: number) {
    this.rng = rng;
    this.keep = Math.exp(-1 / steps);
    this.shake = Math.sqrt(1 - this.keep * this.keep);
    this.value = rng.normal();
  }

  /** Advances one step. */
  step(): void {
    this.value = this.keep * this.value + this.shake * this.rng.normal();
  }
}
