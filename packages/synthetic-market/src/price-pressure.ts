import type { Rng } from './rng.ts';
import { Wandering } from './wandering.ts';

/** Time constant of the direction of order flow, seconds. */
export const LEAN_SECONDS = 4.5;

/** Time constant of random imbalance of the resting orders, seconds. */
const NOISE_SECONDS = 2.5;

/** Weights of the imbalance: order flow, the pending price move, and noise. */
const FLOW_WEIGHT = 0.75;
const PENDING_WEIGHT = 0.95;
const NOISE_WEIGHT = 0.55;

/** Maps lean to ln(bid depth / ask depth) by `SCALE · |lean| ^ POWER`; its tails are slightly fat, like those of recordings. */
const LEAN_SCALE = 1.2;
const LEAN_POWER = 1.15;

/** Push of order flow on the price per second, in standard deviations of one second, and the part of it that reverts. */
const PUSH = 0.37;
const PASSING = 0.4;

/** Time constant of that reversion, seconds. */
const RECOVERY_SECONDS = 20;

/** The resting orders follow only if they differ from their aim by more than this. */
const SLACK = 1.2;

/** Lean of the book in a lasting tilt. */
const TILT = 1.6;

/**
 * Effect of order flow on one book for some seconds: it tilts the resting orders (more bids before a rise) and pushes the
 * price in the same direction; a part of the push reverts within a minute.
 */
export class PricePressure {
  private lean = 0;
  private pushed = 0;
  private tilt = 0;
  private shown = 0;
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
   * Advances one step. @param marketLean lean of the market as a whole @param tilt side of a lasting tilt, or 0, which pushes
   * nothing @returns the push on the price, in standard deviations of one second
   */
  step(marketLean: number, tilt: number): number {
    this.tilt = TILT * tilt;
    this.own.step();
    this.noise.step();
    this.lean = this.marketWeight * marketLean + this.ownWeight * this.own.value;
    const before = this.pushed;
    const push = PUSH * this.lean * this.seconds;
    this.pushed = this.keepPush * this.pushed + PASSING * push;
    return (1 - PASSING) * push + this.pushed - before;
  }

  /** Direction of order flow, standard normal; positive means buying. */
  flow(): number {
    return this.lean + this.tilt;
  }

  /**
   * Bids' share of the top of the book, 0..1. `pending` is the distance of the fair price from the mid, as a fraction of the
   * distance at which the book follows (−1..1): queues shrink on the side that the price will move through.
   */
  bidShare(pending: number): number {
    const lean = FLOW_WEIGHT * this.lean + PENDING_WEIGHT * 2 * pending + NOISE_WEIGHT * this.noise.value;
    const aim = lean + this.tilt;
    if (Math.abs(aim - this.shown) > SLACK) this.shown = aim;
    const log = LEAN_SCALE * Math.sign(this.shown) * Math.abs(this.shown) ** LEAN_POWER;
    return 1 / (1 + Math.exp(-log));
  }
}
