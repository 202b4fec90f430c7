import type { Rng } from './rng.ts';

/** Volatility regimes: the volatility factor, and the mean duration. */
const REGIMES = [
  { factor: 0.55, meanMinutes: 70 },
  { factor: 1, meanMinutes: 90 },
  { factor: 2, meanMinutes: 35 },
] as const;

/** Slow and fast swings of log-volatility around its regime; each is an Ornstein-Uhlenbeck process. */
const SWINGS = [
  { minutes: 240, sigma: 0.25 },
  { minutes: 45, sigma: 0.45 },
  { minutes: 10, sigma: 0.4 },
] as const;

/** Sum of their variances. Subtracting it once makes the mean square of the volatility factor 1. */
const SWING_VARIANCE = SWINGS.reduce((sum, swing) => sum + swing.sigma ** 2, 0);

/** Minimum volatility, as a fraction of the usual one. */
const CALMEST = 0.3;

/** Amplitude of a symbol's own swings, relative to the market's. */
export const SYMBOL_AMPLITUDE = 0.4;

/** Trends, on and off in turn. Strength in one-minute standard deviations per minute. */
const TRENDS = [
  { onMinutes: 45, offMinutes: 60, weakest: 0.05, strongest: 0.16 },
  { onMinutes: 720, offMinutes: 900, weakest: 0.006, strongest: 0.018 },
] as const;

/**
 * The slow state of a market, in steps of any length: its present volatility and drift. The market as a whole has one, and each
 * symbol has its own in addition.
 */
export class SyntheticRegime {
  private regime: number;
  private readonly swings: number[];
  private readonly trends: number[];
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
    this.swings = past?.swings.slice() ?? SWINGS.map((swing) => swing.sigma * rng.normal());
    this.trends = past?.trends.slice() ?? TRENDS.map((trend) => (rng.uniform() < 0.45 ? this.newStrength(trend) : 0));
  }

  private newStrength(trend: (typeof TRENDS)[number]): number {
    const sign = this.rng.uniform() < 0.5 ? -1 : 1;
    return sign * this.rng.between(trend.weakest, trend.strongest);
  }

  /** Advances by `minutes`. */
  pass(minutes: number): void {
    this.passRegime(minutes);
    SWINGS.forEach((swing, index) => {
      const keep = Math.exp(-minutes / swing.minutes);
      const shake = swing.sigma * Math.sqrt(1 - keep * keep);
      this.swings[index] = keep * (this.swings[index] ?? 0) + shake * this.rng.normal();
    });
    TRENDS.forEach((trend, index) => {
      const on = this.trends[index] !== 0;
      const leave = 1 - Math.exp(-minutes / (on ? trend.onMinutes : trend.offMinutes));
      if (this.rng.uniform() < leave) this.trends[index] = on ? 0 : this.newStrength(trend);
    });
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
    const swing = this.swings.reduce((sum, value) => sum + value, 0);
    const factor = Math.exp(this.amplitude * (Math.log(regime) + swing) - this.amplitude ** 2 * SWING_VARIANCE);
    return Math.hypot(CALMEST, factor);
  }

  /** Expected move over `minutes`, in one-minute standard deviations. Over long steps a trend turns several times. */
  drift(minutes: number): number {
    let sum = 0;
    TRENDS.forEach((trend, index) => {
      const span = Math.min(minutes, Math.sqrt(2 * trend.onMinutes * minutes));
      sum += (this.trends[index] ?? 0) * span;
    });
    return sum;
  }
}
