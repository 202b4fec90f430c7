import {
  isKlineStale,
  KLINE_INTERVAL_MS,
  type Kline,
  type KlineInterval,
  klineStaleAfter,
} from '@helios/shared/domain/market-data.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { MarketRegime } from '@helios/shared/domain/signal.ts';
import { MinuteMoves } from '../indicators/minute-moves.ts';
import { RollingMean } from '../indicators/moving-averages.ts';
import { type KlineNumbers, numbersOf } from '../indicators/number-kline.ts';
import { SessionVwap } from '../indicators/session-vwap.ts';
import { Atr } from '../indicators/true-range.ts';
import { RegimeClassifier } from './regime.ts';
import { TimeframeTrend, trendAgreement } from './trend.ts';

/** Number of klines in the mean volume. */
const VOLUME_KLINES = 20;

/**
 * Indicators of the closed klines of one symbol. They are computed once per kline, because gates need them on every book.
 * `expire` removes the values of stale klines.
 */
export class KlineReadings {
  /** Average true range of 1m klines, in price units. */
  atr: number | undefined;
  /** Volume-weighted price since midnight UTC. */
  vwap: number | undefined;
  /** Volume-weighted standard deviation around it, price units. */
  vwapSigma: number | undefined;
  /** Shares of warm timeframes that vote up and down. */
  agreement: { readonly up: number; readonly down: number } | undefined;
  regime: MarketRegime = 'UNKNOWN';
  /** Returns of the last minutes and hours. */
  readonly moves = new MinuteMoves();
  readonly classifier: RegimeClassifier;
  readonly #params: StrategyParams;
  readonly #atr: Atr;
  readonly #volume = new RollingMean(VOLUME_KLINES);
  #newestVolume = 0;
  readonly #vwap = new SessionVwap();
  readonly #trends: ReadonlyMap<string, TimeframeTrend>;
  readonly #newestOpen = new Map<KlineInterval, number>();
  readonly #stale = new Set<string>();
  /** Time of the last staleness check, and (below) the end of its validity; market time, epoch ms. */
  #judgedMs = Number.NEGATIVE_INFINITY;
  #holdsUntil = Number.POSITIVE_INFINITY;

  constructor(params: StrategyParams) {
    this.#params = params;
    this.#atr = new Atr(params.risk.atr_period);
    this.#trends = new Map(params.trend.timeframes.map((interval) => [interval, new TimeframeTrend(params.trend)]));
    this.classifier = new RegimeClassifier(params.regime, params.trend);
  }

  /** Volume of the newest 1m kline divided by the mean of the newest twenty. */
  get volumeRatio(): number | undefined {
    if (this.#stale.has('1m')) return undefined;
    const mean = this.#volume.value;
    return mean === undefined || mean === 0 ? undefined : this.#newestVolume / mean;
  }

  /** True if a kline lies in the future: it was made before the clock was set back, and would block current klines. */
  isAheadOf(nowMs: number): boolean {
    return [...this.#newestOpen.values()].some((openTs) => openTs > nowMs);
  }

  /** Adds a closed kline; ignores one that is not newer than the last of its interval. */
  update(kline: Kline): void {
    const { interval, open_ts } = kline;
    if (open_ts <= (this.#newestOpen.get(interval) ?? -1)) return;
    this.#newestOpen.set(interval, open_ts);
    this.#stale.delete(interval);
    this.#holdsUntil = Math.min(this.#holdsUntil, klineStaleAfter(interval, open_ts));
    const numbers = numbersOf(kline);
    if (interval === '1m') this.#takeMinute(numbers, open_ts);
    this.#trends.get(interval)?.update(numbers.closePrice);
    if (interval === this.#params.regime.interval) this.classifier.update(numbers);
    this.#read(interval);
  }

  /**
   * Removes the values of stale klines: the newest kline of their interval closed more than two intervals ago. The next kline
   * restores them.
   */
  expire(nowMs: number): void {
    // A clock that was set back makes klines younger.
    if (nowMs <= this.#holdsUntil && nowMs >= this.#judgedMs) return;
    this.#judgedMs = nowMs;
    this.#holdsUntil = Number.POSITIVE_INFINITY;
    for (const [interval, openTs] of this.#newestOpen) {
      const isStale = isKlineStale(interval, openTs, nowMs);
      if (!isStale) this.#holdsUntil = Math.min(this.#holdsUntil, klineStaleAfter(interval, openTs));
      if (isStale === this.#stale.has(interval)) continue;
      if (isStale) this.#stale.add(interval);
      else this.#stale.delete(interval);
      this.#read(interval);
    }
  }

  /** Why the klines of an interval are stale; undefined if they are not. */
  whyStale(interval: KlineInterval, nowMs: number): string | undefined {
    const openTs = this.#newestOpen.get(interval);
    if (openTs === undefined || !this.#stale.has(interval)) return undefined;
    const minutes = Math.floor((nowMs - openTs - KLINE_INTERVAL_MS[interval]) / 60_000);
    return `the newest ${interval} kline closed ${minutes} min ago`;
  }

  /** Recomputes the values of an interval; undefined values if its klines are stale. */
  #read(interval: KlineInterval): void {
    const isStale = this.#stale.has(interval);
    if (interval === '1m') {
      this.atr = isStale ? undefined : this.#atr.value;
      this.vwap = isStale ? undefined : this.#vwap.value;
      this.vwapSigma = isStale ? undefined : this.#vwap.sigma;
    }
    if (this.#trends.has(interval)) {
      const fresh = [...this.#trends].filter(([each]) => !this.#stale.has(each));
      this.agreement = trendAgreement(fresh.map(([, trend]) => trend.vote));
    }
    if (interval === this.#params.regime.interval) this.regime = isStale ? 'UNKNOWN' : this.classifier.regime;
  }

  #takeMinute(
    { highPrice, lowPrice, closePrice, baseVolume: volume, quoteVolume }: KlineNumbers,
    openTs: number,
  ): void {
    this.#atr.update(highPrice, lowPrice, closePrice);
    this.moves.update(closePrice, openTs);
    this.#volume.update(volume);
    this.#newestVolume = volume;
    if (volume > 0 && quoteVolume > 0) this.#vwap.update(quoteVolume / volume, volume, openTs);
  }
}
