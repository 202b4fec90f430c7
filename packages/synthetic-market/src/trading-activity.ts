import type { Rng } from './rng.ts';
import { Swings, varianceOf } from './swings.ts';

/** Swings of the logarithm of traded value that last for minutes and hours. */
const SLOW = [
  { minutes: 240, sigma: 0.55 },
  { minutes: 12, sigma: 0.4 },
] as const;

/** Swings within minutes, and what a whole minute keeps of them. */
const FAST = [{ minutes: 0.3, sigma: 0.65 }] as const;
const FAST_OF_A_MINUTE = 0.7;

/** Traded value grows with volatility by this power, and with its bursts by the second one. */
const WITH_VOLATILITY = 1.6;
const WITH_BURSTS = 1.1;

/** Makes up for the mean of those powers, which is below 1. */
const USUAL_COUNT = 1.5;

/** Part of the logarithm of activity that is the number of trades; the rest is their size. */
const BY_COUNT = 0.7;

/** Factors of the usual number of orders and of their size. */
export interface ActivityFactors {
  readonly count: number;
  readonly size: number;
}

/** How much is traded in one symbol: swings of its own, and more when prices move more. */
export class TradingActivity {
  private readonly rng: Rng;
  private readonly slow: Swings;
  private readonly fast: Swings;

  /** @param past the activity that this one continues, with its own random numbers */
  constructor(rng: Rng, past?: TradingActivity) {
    this.rng = rng;
    this.slow = new Swings(rng, SLOW, past?.slow);
    this.fast = new Swings(rng, FAST);
  }

  /** Advances by `minutes` within a minute. */
  pass(minutes: number): void {
    this.slow.pass(minutes);
    this.fast.pass(minutes);
  }

  /** Advances by whole `minutes`. @returns the factor of their traded value; its mean is 1 at usual volatility */
  passMinutes(minutes: number, volatility: number): number {
    this.slow.pass(minutes);
    const noise = this.rng.logNormal(FAST_OF_A_MINUTE / Math.sqrt(minutes));
    return noise * Math.exp(this.slow.sum() - varianceOf(SLOW) / 2) * volatility ** WITH_VOLATILITY;
  }

  /** Present factors of the number of orders and of their size, at a volatility in usual ones, times that of a burst. */
  factors(volatility: number, burst: number): ActivityFactors {
    const own = this.slow.sum() + this.fast.sum();
    const log = own + WITH_VOLATILITY * Math.log(volatility) + WITH_BURSTS * Math.log(burst);
    return {
      count: USUAL_COUNT * Math.exp(BY_COUNT * log - BY_COUNT ** 2 * (VARIANCE / 2)),
      size: Math.exp((1 - BY_COUNT) * log - (1 - BY_COUNT ** 2) * (VARIANCE / 2)),
    };
  }
}

const VARIANCE = varianceOf(SLOW) + varianceOf(FAST);
