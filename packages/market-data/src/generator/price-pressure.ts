import type { Chance } from './chance.ts';

/** How long order flow keeps leaning one way, seconds. */
const LEAN_SECONDS = 6;

/** How long a lean of the resting orders that means nothing lasts, seconds. */
const NOISE_SECONDS = 3;

/** What the lean of the resting orders is made of: order flow, the way the price is about to go, nothing. Squares add up to about 1. */
const FLOW_WEIGHT = 0.62;
const PENDING_WEIGHT = 0.55;
const NOISE_WEIGHT = 0.7;

/** Turns a lean in standard deviations into the logarithm of (bid depth / ask depth): `SCALE · |lean| ^ POWER`, tails a little fat. */
const LEAN_SCALE = 1.56;
const LEAN_POWER = 1.2;

/** How fast order flow moves the price, per second, in standard deviations of one second. */
const PUSH = 0.31;

/** How long the price takes to forget what order flow did to it, seconds. */
const RECOVERY_SECONDS = 60;

/**
 * What order flow does to one book for seconds at a time: it leans the resting orders one way (bids heavy before a
 * rise) and pushes the price the same way; the price takes the push back within minutes.
 */
export class PricePressure {
  private lean: number;
  private noise: number;
  private pushed = 0;
  private readonly chance: Chance;
  private readonly seconds: number;
  private readonly keepLean: number;
  private readonly keepNoise: number;
  private readonly keepPush: number;

  /** `seconds` is the length of one step. */
  constructor(chance: Chance, seconds: number) {
    this.chance = chance;
    this.seconds = seconds;
    this.keepLean = Math.exp(-seconds / LEAN_SECONDS);
    this.keepNoise = Math.exp(-seconds / NOISE_SECONDS);
    this.keepPush = Math.exp(-seconds / RECOVERY_SECONDS);
    this.lean = chance.normal();
    this.noise = chance.normal();
  }

  /** Lets one step pass; gives how far it pushed the price, in standard deviations of one second. */
  step(): number {
    this.lean = this.keepLean * this.lean + Math.sqrt(1 - this.keepLean ** 2) * this.chance.normal();
    this.noise = this.keepNoise * this.noise + Math.sqrt(1 - this.keepNoise ** 2) * this.chance.normal();
    const before = this.pushed;
    this.pushed = this.keepPush * this.pushed + PUSH * this.lean * this.seconds;
    return this.pushed - before;
  }

  /** Which way order flow leans, standard normal; positive means buying. */
  flow(): number {
    return this.lean;
  }

  /**
   * Bids' share of the top of the book, 0..1. `pending` is how far the fair price is from the middle of the book,
   * as a share of the distance at which the book follows (−1..1): queues run dry on the side that is about to go.
   */
  bidShare(pending: number): number {
    const lean = FLOW_WEIGHT * this.lean + PENDING_WEIGHT * 2 * pending + NOISE_WEIGHT * this.noise;
    const log = LEAN_SCALE * Math.sign(lean) * Math.abs(lean) ** LEAN_POWER;
    return 1 / (1 + Math.exp(-log));
  }
}
