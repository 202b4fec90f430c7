import type { Rng } from './rng.ts';
import { Wandering } from './wandering.ts';

/** Time constant of the direction of order flow, seconds. */
export const LEAN_SECONDS = 5;

/** Time constant of random imbalance of the resting orders, seconds. */
const NOISE_SECONDS = 3;

/** Weights of the imbalance: order flow, the pending price move, and noise. */
const FLOW_WEIGHT = 0.68;
const PENDING_WEIGHT = 0.55;
const NOISE_WEIGHT = 0.64;

/** Maps lean to ln(bid depth / ask depth) by `SCALE · |lean| ^ POWER`; its tails are slightly fat, like those of recordings. */
const LEAN_SCALE = 1.6;
const LEAN_POWER = 1.2;

/** Push of order flow on the price per second, in standard deviations of one second. */
const PUSH = 0.3;

/** Time constant of the reversion of that push, seconds. */
const RECOVERY_SECONDS = 90;

/**
 * Effect of order flow on one book for some seconds: it tilts the resting orders (more bids before a rise) and pushes the
 * price in the same direction; the price reverts within minutes.
 */
export class PricePressure {
  private lean = 0;
  private pushed = 0;
  private readonly own: Wandering;
  private readonly noise: Wandering;
  private readonly seconds: number;
  private readonly keepPush: number;
  private readonly marketWeight: number;
  private readonly ownWeight: number;

  /** @param marketShare share of the lean's variance that all symbols share @param seconds length of one step */
  constructor(rng: Rng, marketShare: number, seconds: number) {
    this.seconds = seconds;
    this.own = new Wandering(rng, LEAN_SECONDS / seconds);
    this.noise = new Wandering(rng, NOISE_SECONDS / seconds);
    this.keepPush = Math.exp(-seconds / RECOVERY_SECONDS);
    this.marketWeight = Math.sqrt(marketShare);
    this.ownWeight = Math.sqrt(1 - marketShare);
  }

  /**
   * Advances one step. @param marketLean lean of the market as a whole @returns the push on the price, in standard
   * deviations of one second
   */
  step(marketLean: number): number {
    this.own.step();
    this.noise.step();
    this.lean = this.marketWeight * marketLean + this.ownWeight * this.own.value;
    const before = this.pushed;
    this.pushed = this.keepPush * this.pushed + PUSH * this.lean * this.seconds;
    return this.pushed - before;
  }

  /** Direction of order flow, standard normal; positive means buying. */
  flow(): number {
    return this.lean;
  }

  /**
   * Bids' share of the top of the book, 0..1. `pending` is the distance of the fair price from the mid, as a fraction of the
   * distance at which the book follows (−1..1): queues shrink on the side that the price will move through.
   */
  bidShare(pending: number): number {
    const lean = FLOW_WEIGHT * this.lean + PENDING_WEIGHT * 2 * pending + NOISE_WEIGHT * this.noise.value;
    const log = LEAN_SCALE * Math.sign(lean) * Math.abs(lean) ** LEAN_POWER;
    return 1 / (1 + Math.exp(-log));
  }
}
