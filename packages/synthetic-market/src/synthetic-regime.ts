import type { Rng } from './rng.ts';

/** Volatility regimes: what a regime multiplies volatility by, and how long it lasts on average. */
const REGIMES = [
  { factor: 0.55, meanMinutes: 70 },
  { factor: 1, meanMinutes: 90 },
  { factor: 2, meanMinutes: 35 },
] as const;

/** Slow and quick swings of log-volatility around its regime: an Ornstein-Uhlenbeck process each. */
const SWINGS = [
  { minutes: 240, sigma: 0.25 },
  { minutes: 45, sigma: 0.45 },
  { minutes: 10, sigma: 0.4 },
] as const;

/** Σ of their variances: subtracted once, it makes the mean square of what they multiply volatility by 1. */
const SWING_VARIANCE = SWINGS.reduce((sum, swing) => sum + swing.sigma ** 2, 0);

/** No market of ours is calmer than this share of its usual volatility. */
const CALMEST = 0.3;

/** How much of the market's swings a symbol adds of its own. */
export const SYMBOL_AMPLITUDE = 0.4;

/** Trends: on for a while, off for a while. Strength in one-minute standard deviations per minute. */
const TRENDS = [
  { onMinutes: 45, offMinutes: 60, weakest: 0.05, strongest: 0.16 },
  { onMinutes: 720, offMinutes: 900, weakest: 0.006, strongest: 0.018 },
] as const;

/**
 * The slow weather of a market, in steps of any length: how volatile it is now and which way it drifts.
 * The market as a whole has one, and each symbol has its own on top.
 */
export class SyntheticRegime {
  private regime: number;
  private readonly swings: number[];
  private readonly trends: number[];
  private readonly rng: Rng;
  private readonly amplitude: number;

  /**
   * `amplitude` scales the swings of log-volatility: 1 for the market, less for what a symbol adds of its own.
   * `past`, where given, is the mood that this one goes on from, with chance of its own.
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

  /** Lets `minutes` pass. */
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
    // Calm and storm are reached by way of normal hours, not from each other.
    this.regime = this.regime === 1 ? (this.rng.uniform() < 0.6 ? 0 : 2) : 1;
  }

  /** What multiplies the usual volatility now. */
  volatility(): number {
    const regime = REGIMES[this.regime]?.factor ?? 1;
    const swing = this.swings.reduce((sum, value) => sum + value, 0);
    const factor = Math.exp(this.amplitude * (Math.log(regime) + swing) - this.amplitude ** 2 * SWING_VARIANCE);
    return Math.hypot(CALMEST, factor);
  }

  /** Expected move over `minutes`, in one-minute standard deviations; over long steps a trend has turned several times. */
  drift(minutes: number): number {
    let sum = 0;
    TRENDS.forEach((trend, index) => {
      const span = Math.min(minutes, Math.sqrt(2 * trend.onMinutes * minutes));
      sum += (this.trends[index] ?? 0) * span;
    });
    return sum;
  }
}
