import type { RegimeEffect } from '@helios/shared/domain/settings/regime-effect.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { MarketRegime } from '@helios/shared/domain/signal.ts';
import { RealisedVolatility, RollingPercentile } from '../indicators/dispersion.ts';
import { Ema } from '../indicators/moving-averages.ts';
import type { KlineNumbers } from '../indicators/number-kline.ts';
import { Adx } from '../indicators/true-range.ts';

/** Klines per value of realised volatility; the window of the percentile is a setting. */
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
 * is VOLATILE in any direction. UNKNOWN until every figure is warm.
 */
export class RegimeClassifier {
  readonly #params: Settings['regime'];
  readonly #fast: Ema;
  readonly #slow: Ema;
  readonly #adx: Adx;
  readonly #volatility = new RealisedVolatility(VOLATILITY_KLINES);
  readonly #percentile: RollingPercentile;
  #close = 0;

  constructor(params: Settings['regime'], trend: Settings['trend']) {
    this.#params = params;
    this.#fast = new Ema(trend.ema_fast);
    this.#slow = new Ema(trend.ema_slow);
    this.#adx = new Adx(params.adx_period);
    this.#percentile = new RollingPercentile(params.volatility_window);
  }

  update({ highPrice, lowPrice, closePrice }: KlineNumbers): void {
    this.#close = closePrice;
    this.#fast.update(this.#close);
    this.#slow.update(this.#close);
    this.#adx.update(highPrice, lowPrice, closePrice);
    this.#volatility.update(this.#close);
    const volatility = this.#volatility.value;
    if (volatility !== undefined) this.#percentile.update(volatility);
  }

  /** 0..100. */
  get adx(): number | undefined {
    return this.#adx.value;
  }

  /** Fast EMA minus slow EMA, percent of the price. */
  get emaSeparationPct(): number | undefined {
    const fast = this.#fast.value;
    const slow = this.#slow.value;
    return fast === undefined || slow === undefined ? undefined : (100 * (fast - slow)) / this.#close;
  }

  /** Percentile of realised volatility within its window, 0..100. */
  get volatilityPercentile(): number | undefined {
    return this.#percentile.value;
  }

  get regime(): MarketRegime {
    if (!this.#params.enabled) return 'UNKNOWN';
    const { adx, emaSeparationPct: separation, volatilityPercentile: percentile } = this;
    if (adx === undefined || separation === undefined || percentile === undefined) return 'UNKNOWN';
    if (percentile >= this.#params.volatile_percentile) return 'VOLATILE';
    const trending = adx >= this.#params.adx_trending && Math.abs(separation) >= this.#params.ema_separation_pct;
    if (trending) return separation > 0 ? 'TRENDING_UP' : 'TRENDING_DOWN';
    return percentile <= this.#params.quiet_percentile ? 'QUIET' : 'RANGING';
  }
}
