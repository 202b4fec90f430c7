import type { Chance } from './chance.ts';

/** A number that wanders about 0 with standard deviation 1 and forgets with a time constant: an Ornstein-Uhlenbeck process. */
export class Wandering {
  private readonly chance: Chance;
  private readonly keep: number;
  private readonly shake: number;

  /** Where it is now. */
  value: number;

  /** `steps` is how many steps it takes to forget all but 1/e of where it was. */
  constructor(chance: Chance, steps: number) {
    this.chance = chance;
    this.keep = Math.exp(-1 / steps);
    this.shake = Math.sqrt(1 - this.keep * this.keep);
    this.value = chance.normal();
  }

  /** Lets one step pass. */
  step(): void {
    this.value = this.keep * this.value + this.shake * this.chance.normal();
  }
}
