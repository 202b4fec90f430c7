import type { Rng } from './rng.ts';
import { Swings, varianceOf } from './swings.ts';

/** Volatility regimes: the volatility factor, and the mean duration. */
const REGIMES = [
  { factor: 0.7, meanMinutes: 140 },
  { factor: 1, meanMinutes: 180 },
  { factor: 1.5, meanMinutes: 70 },
] as const;

/** Swings of log-volatility around its regime. */
const SWINGS = [
  { minutes: 480, sigma: 0.25 },
  { minutes: 10, sigma: 0.2 },
] as const;

/** Minimum volatility, as a fraction of the usual one. */
const CALMEST = 0.3;

/** Amplitude of a symbol's own swings, relative to the market's. */
export const SYMBOL_AMPLITUDE = 0.4;

/**
 * The slow state of a market, in steps of any length: its present volatility. The market as a whole has one, and each
 * symbol has its own in addition.
 */
export class SyntheticRegime {
  private regime: number;
  private readonly swings: Swings;
  private readonly rng: Rng;
  private readonly amplitude: number;

  /**
   * @param amplitude scale of the swings of log-volatility: 1 for the market, less for a symbol's own swings
   * @param past the regime that this one continues, with its own random numbers
   */
  constructor(rng: Rng, amplitude: number, past?: SyntheticRegime) {
    this.rng = rng;
    this.amplitude = amplitude;
    this.regime = past?.regime ?? rng.below(REGIMES.length);
    this.swings = new Swings(rng, SWINGS, past?.swings);
  }

  /** Advances by `minutes`. */
  pass(minutes: number): void {
    this.passRegime(minutes);
    this.swings.pass(minutes);
  }

  private passRegime(minutes: number): void {
    const mean = REGIMES[this.regime]?.meanMinutes ?? 60;
    if (this.rng.uniform() < Math.exp(-minutes / mean)) return;
    // A calm or stormy regime always changes to the normal one first.
    this.regime = this.regime === 1 ? (this.rng.uniform() < 0.6 ? 0 : 2) : 1;
  }

  /** Present factor of the usual volatility. */
  volatility(): number {
    const regime = REGIMES[this.regime]?.factor ?? 1;
    const log = Math.log(regime) + this.swings.sum();
    // Subtracting the variance once makes the mean square of the swings' factor 1.
    const factor = Math.exp(this.amplitude * log - this.amplitude ** 2 * varianceOf(SWINGS));
    return Math.hypot(CALMEST, factor);
  }
}
