import type { Rng } from './rng.ts';

/** One swing: an Ornstein-Uhlenbeck process with a time constant in minutes. */
export interface Swing {
  readonly minutes: number;
  /** Standard deviation. */
  readonly sigma: number;
}

/** A sum of slow and fast swings around 0, in steps of any length. */
export class Swings {
  private readonly rng: Rng;
  private readonly parts: readonly Swing[];
  private readonly values: number[];

  /** @param past swings that these continue, with their own random numbers */
  constructor(rng: Rng, parts: readonly Swing[], past?: Swings) {
    this.rng = rng;
    this.parts = parts;
    this.values = past?.values.slice() ?? parts.map((part) => part.sigma * rng.normal());
  }

  /** Advances by `minutes`. */
  pass(minutes: number): void {
    for (const [index, part] of this.parts.entries()) {
      const keep = Math.exp(-minutes / part.minutes);
      const shake = part.sigma * Math.sqrt(1 - keep * keep);
      this.values[index] = keep * (this.values[index] ?? 0) + shake * this.rng.normal();
    }
  }

  /** The present sum. */
  sum(): number {
    let sum = 0;
    for (const value of this.values) sum += value;
    return sum;
  }
}

/** Variance of the sum of independent swings. */
export function varianceOf(parts: readonly Swing[]): number {
  return parts.reduce((sum, part) => sum + part.sigma ** 2, 0);
}
