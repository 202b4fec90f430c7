import type { Chance } from './chance.ts';

/** How long order flow keeps leaning one way, seconds. */
const LEAN_SECONDS = 4;

/** How long a lean of the resting orders that means nothing lasts, seconds. */
const NOISE_SECONDS = 1.6;

/** Share of the book's lean that is order flow to come; the rest means nothing. */
const LEAN_WEIGHT = 0.72;

/** Standard deviation of the logarithm of (bid depth / ask depth). */
const LEAN_SIGMA = 1.62;

/** How fast order flow moves the price, per second, in standard deviations of one second. */
const PUSH = 0.42;

/** How long the price takes to forget what order flow did to it, seconds. */
const RECOVERY_SECONDS = 22;

/**
 * What order flow does to one book for seconds at a time: it leans the resting orders one way (bids heavy before a
 * rise) and pushes the price the same way; the price takes the push back within a minute.
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

  /** Lets one step pass. */
  step(): void {
    this.lean = this.keepLean * this.lean + Math.sqrt(1 - this.keepLean ** 2) * this.chance.normal();
    this.noise = this.keepNoise * this.noise + Math.sqrt(1 - this.keepNoise ** 2) * this.chance.normal();
    this.pushed = this.keepPush * this.pushed + PUSH * this.lean * this.seconds;
  }

  /** Which way order flow leans, standard normal; positive means buying. */
  flow(): number {
    return this.lean;
  }

  /** How far order flow has pushed the price by now, in standard deviations of one second. */
  offset(): number {
    return this.pushed;
  }

  /** Bids' share of the top of the book, 0..1; half of it is `(1 − NOBI) / 2`. */
  bidShare(): number {
    const mixed = LEAN_WEIGHT * this.lean + Math.sqrt(1 - LEAN_WEIGHT ** 2) * this.noise;
    return 1 / (1 + Math.exp(-LEAN_SIGMA * mixed));
  }
}
