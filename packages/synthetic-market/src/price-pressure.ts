import type { Rng } from './rng.ts';
import { Wandering } from './wandering.ts';

/** How long order flow keeps leaning one way, seconds. */
export const LEAN_SECONDS = 5;

/** How long a lean of the resting orders that means nothing lasts, seconds. */
const NOISE_SECONDS = 3;

/** What the lean of the resting orders is made of: order flow, the way the price is about to go, and noise. */
const FLOW_WEIGHT = 0.68;
const PENDING_WEIGHT = 0.55;
const NOISE_WEIGHT = 0.64;

/** From lean to ln(bid depth / ask depth): `SCALE · |lean| ^ POWER`, whose tails are a little fat, as recorded ones are. */
const LEAN_SCALE = 1.6;
const LEAN_POWER = 1.2;

/** How fast order flow moves the price, per second, in standard deviations of one second. */
const PUSH = 0.3;

/** How long the price takes to forget what order flow did to it, seconds. */
const RECOVERY_SECONDS = 90;

/**
 * What order flow does to one book for seconds at a time: it leans the resting orders one way (bids heavy before a
 * rise) and pushes the price the same way; the price takes the push back within minutes.
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

  /** `marketShare` is the share of the lean's variance that all symbols have in common; `seconds` is the length of one step. */
  constructor(rng: Rng, marketShare: number, seconds: number) {
    this.seconds = seconds;
    this.own = new Wandering(rng, LEAN_SECONDS / seconds);
    this.noise = new Wandering(rng, NOISE_SECONDS / seconds);
    this.keepPush = Math.exp(-seconds / RECOVERY_SECONDS);
    this.marketWeight = Math.sqrt(marketShare);
    this.ownWeight = Math.sqrt(1 - marketShare);
  }

  /**
   * Lets one step pass in which the market as a whole leans by `marketLean`; gives how far that pushed the price, in
   * standard deviations of one second.
   */
  step(marketLean: number): number {
    this.own.step();
    this.noise.step();
    this.lean = this.marketWeight * marketLean + this.ownWeight * this.own.value;
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
    const lean = FLOW_WEIGHT * this.lean + PENDING_WEIGHT * 2 * pending + NOISE_WEIGHT * this.noise.value;
    const log = LEAN_SCALE * Math.sign(lean) * Math.abs(lean) ** LEAN_POWER;
    return 1 / (1 + Math.exp(-log));
  }
}
