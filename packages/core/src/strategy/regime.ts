import type { RegimeEffect } from '@helios/shared/domain/settings/regime-effect.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { MarketRegime } from '@helios/shared/domain/signal.ts';
import { RealisedVolatility, RollingDistribution } from '../indicators/dispersion.ts';
import { Ema } from '../indicators/moving-averages.ts';
import type { KlineNumbers } from '../indicators/number-kline.ts';
import { Adx, Atr } from '../indicators/true-range.ts';

/** Klines per value of realised volatility; the window of its usual value is a setting. */
const VOLATILITY_KLINES = 12;

const EFFECT_KEYS = {
  TRENDING_UP: 'trending_up',
  TRENDING_DOWN: 'trending_down',
  RANGING: 'ranging',
  VOLATILE: 'volatile',
  QUIET: 'quiet',
  UNKNOWN: 'unknown',
} as const satisfies Record<MarketRegime, keyof Settings['regime']>;

const NO_EFFECT: RegimeEffect = { thresholdFactor: 1, stopFactor: 1, holdFactor: 1, blocked: [] };

/** Effect of a regime, from the table in the settings; none if regimes are disabled. */
export function regimeEffectOf(regime: MarketRegime, settings: Settings['regime']): RegimeEffect {
  return settings.enabled ? settings[EFFECT_KEYS[regime]] : NO_EFFECT;
}

/**
 * Classifies the market from closed klines of one interval. Volatility outranks trend: a market that is wild by its own standards
 * is VOLATILE in any direction. Each state begins at its limit and ends only beyond it, by the share `hysteresis`. UNKNOWN until
 * every figure is warm.
 */
export class RegimeClassifier {
  readonly #params: Settings['regime'];
  readonly #fast: Ema;
  readonly #slow: Ema;
  readonly #adx: Adx;
  readonly #atr: Atr;
  readonly #volatility = new RealisedVolatility(VOLATILITY_KLINES);
  /** Of the newest kline. */
  #newestVolatility: number | undefined;
  readonly #distribution: RollingDistribution;
  #isVolatile = false;
  #isQuiet = false;
  /** Sign of the trend; 0 without one. */
  #trend: -1 | 0 | 1 = 0;

  constructor(params: Settings['regime'], trend: Settings['trend']) {
    this.#params = params;
    this.#fast = new Ema(trend.ema_fast);
    this.#slow = new Ema(trend.ema_slow);
    this.#adx = new Adx(params.adx_period);
    this.#atr = new Atr(params.adx_period);
    this.#distribution = new RollingDistribution(params.volatility_window);
  }

  update({ highPrice, lowPrice, closePrice }: KlineNumbers): void {
    this.#fast.update(closePrice);
    this.#slow.update(closePrice);
    this.#adx.update(highPrice, lowPrice, closePrice);
    this.#atr.update(highPrice, lowPrice, closePrice);
    this.#volatility.update(closePrice);
    this.#newestVolatility = this.#volatility.value;
    if (this.#newestVolatility !== undefined) this.#distribution.update(this.#newestVolatility);
    if (this.#params.enabled) this.#classify();
  }

  /** 0..100. */
  get adx(): number | undefined {
    return this.#adx.value;
  }

  /** Fast EMA minus slow EMA, in ATRs of the same interval. */
  get emaSeparationAtr(): number | undefined {
    const fast = this.#fast.value;
    const slow = this.#slow.value;
    const atr = this.#atr.value;
    if (fast === undefined || slow === undefined || atr === undefined) return undefined;
    return atr === 0 ? 0 : (fast - slow) / atr;
  }

  /** Realised volatility over its usual value, the median of the window. */
  get volatilityRatio(): number | undefined {
    const usual = this.#distribution.median;
    const volatility = this.#newestVolatility;
    if (usual === undefined || volatility === undefined) return undefined;
    return usual === 0 ? 1 : volatility / usual;
  }

  /** Percentile of realised volatility within its window, 0..100. */
  get volatilityPercentile(): number | undefined {
    return this.#distribution.percentile;
  }

  get regime(): MarketRegime {
    if (!this.#params.enabled || !this.#isWarm) return 'UNKNOWN';
    if (this.#isVolatile) return 'VOLATILE';
    if (this.#trend !== 0) return this.#trend > 0 ? 'TRENDING_UP' : 'TRENDING_DOWN';
    return this.#isQuiet ? 'QUIET' : 'RANGING';
  }

  get #isWarm(): boolean {
    return this.adx !== undefined && this.emaSeparationAtr !== undefined && this.volatilityRatio !== undefined;
  }

  #classify(): void {
    const { adx, emaSeparationAtr: separation, volatilityRatio: ratio } = this;
    if (adx === undefined || separation === undefined || ratio === undefined) return;
    const { volatile_ratio, quiet_ratio, adx_trending, ema_separation_atr, hysteresis } = this.#params;
    /** Factor on a lower limit: what is in force holds on a little below it. */
    const ease = (inForce: boolean) => (inForce ? 1 - hysteresis : 1);
    this.#isVolatile = ratio >= volatile_ratio * ease(this.#isVolatile);
    this.#isQuiet = ratio <= quiet_ratio / ease(this.#isQuiet);
    const sign = separation > 0 ? 1 : -1;
    const eased = ease(this.#trend === sign);
    const isTrend = adx >= adx_trending * eased && Math.abs(separation) >= ema_separation_atr * eased;
    this.#trend = isTrend ? sign : 0;
  }
}
