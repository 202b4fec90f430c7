import type { Rng } from './rng.ts';

/** A number that wanders about 0 with standard deviation 1 and forgets with a time constant: an Ornstein-Uhlenbeck process. */
export class Wandering {
  private readonly rng: Rng;
  private readonly keep: number;
  private readonly shake: number;

  /** Where it is now. */
  value: number;

  /** `steps` is how many steps it takes to forget all but 1/e of where it was. */
  constructor(rng: Rng, steps: number) {
    this.rng = rng;
    this.keep = Math.exp(-1 / steps);
    this.shake = Math.sqrt(1 - this.keep * this.keep);
    this.value = rng.normal();
  }

  /** Lets one step pass. */
  step(): void {
    this.value = this.keep * this.value + this.shake * this.rng.normal();
  }
}
