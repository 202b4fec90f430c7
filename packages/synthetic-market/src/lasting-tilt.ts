import type { Rng } from './rng.ts';

/** Length of a tilt, and mean pause between two, seconds. */
export const TILT_SECONDS = 120;
const PAUSE_SECONDS = 1_800;

/** A tilt counts as lasting after this time, seconds. */
export const LASTING_SECONDS = 60;

/** State of the tilt in one step. */
export interface TiltStep {
  /** 1: bids outweigh asks, −1: asks outweigh bids, 0: no tilt. */
  readonly tilt: -1 | 0 | 1;
  /** The tilt in the one step in which it becomes a lasting one, else 0. */
  readonly lasting: -1 | 0 | 1;
}

/**
 * Tilts of all books at once to one side for two minutes, at random times and to a random side. They do not move prices; a planted
 * edge ties a drift to some of them.
 */
export class LastingTilt {
  private readonly rng: Rng;
  private readonly seconds: number;
  private tilt: -1 | 0 | 1 = 0;
  private left: number;

  /** @param seconds length of one step */
  constructor(rng: Rng, seconds: number) {
    this.rng = rng;
    this.seconds = seconds;
    this.left = PAUSE_SECONDS * rng.exponential();
  }

  step(): TiltStep {
    const before = this.left;
    this.left -= this.seconds;
    if (this.left <= 0) this.turn();
    const until = TILT_SECONDS - LASTING_SECONDS;
    const lasting = this.tilt !== 0 && before > until && this.left <= until ? this.tilt : 0;
    return { tilt: this.tilt, lasting };
  }

  private turn(): void {
    const begins = this.tilt === 0;
    this.tilt = begins ? (this.rng.uniform() < 0.5 ? -1 : 1) : 0;
    this.left = begins ? TILT_SECONDS : PAUSE_SECONDS * this.rng.exponential();
  }
}
