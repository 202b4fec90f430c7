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

/** What is known of the klines of one interval. */
interface IntervalReading {
  readonly interval: KlineInterval;
  readonly trend: TimeframeTrend | undefined;
  /** Open time of the newest kline, epoch ms. */
  openTs: number;
  isStale: boolean;
}

/**
 * Indicators of the closed klines of one symbol. They are computed once per kline, because gates need them on every book; those that
 * few decisions read wait for the first reading. `expire` removes the values of stale klines.
 */
export class KlineReadings {
  /** Average true range of 1m klines, in price units. */
  atr: number | undefined;
  regime: MarketRegime = 'UNKNOWN';
  readonly classifier: RegimeClassifier;
  readonly #params: StrategyParams;
  readonly #atr: Atr;
  readonly #moves = new MinuteMoves();
  readonly #volume = new RollingMean(VOLUME_KLINES);
  #newestVolume = 0;
  readonly #vwap = new SessionVwap();
  readonly #readings = new Map<KlineInterval, IntervalReading>();
  readonly #minute: IntervalReading;
  /** Intervals with klines, in the order of their first ones. */
  readonly #seen: IntervalReading[] = [];
  /** Those that vote, in the order of the setting. */
  readonly #voting: readonly IntervalReading[];
  #agreement: { readonly up: number; readonly down: number } | undefined;
  #isAgreementKnown = true;
  /** Time of the last staleness check, and (below) the end of its validity; market time, epoch ms. */
  #judgedMs = Number.NEGATIVE_INFINITY;
  #holdsUntil = Number.POSITIVE_INFINITY;

  constructor(params: StrategyParams) {
    this.#params = params;
    this.#atr = new Atr(params.risk.atr_period);
    // The settings are checked at the start: every word is an interval.
    const voting = [...new Set(params.trend.timeframes)] as readonly KlineInterval[];
    this.#voting = voting.map((interval) => newReading(interval, params));
    for (const reading of this.#voting) this.#readings.set(reading.interval, reading);
    this.#minute = this.#readingOf('1m');
    this.classifier = new RegimeClassifier(params.regime, params.trend);
  }

  /** Log return of the last `minutes`, in standard deviations of as many minutes; undefined while cold, or if the 1m klines are stale. */
  moveOver(minutes: number): number | undefined {
    return this.#minute.isStale ? undefined : this.#moves.over(minutes);
  }

  /** Mean range of a minute by the volatility of the last hour, in price units; undefined while cold, or if the 1m klines are stale. */
  get hourRange(): number | undefined {
    return this.#minute.isStale ? undefined : this.#moves.hourRange;
  }

  /** Volume-weighted price since midnight UTC. */
  get vwap(): number | undefined {
    return this.#minute.isStale ? undefined : this.#vwap.value;
  }

  /** Volume-weighted standard deviation around it, price units. */
  get vwapSigma(): number | undefined {
    return this.#minute.isStale ? undefined : this.#vwap.sigma;
  }

  /** Shares of warm timeframes that vote up and down. */
  get agreement(): { readonly up: number; readonly down: number } | undefined {
    if (this.#isAgreementKnown) return this.#agreement;
    this.#agreement = trendAgreement(this.#voting.map(({ isStale, trend }) => (isStale ? undefined : trend?.vote)));
    this.#isAgreementKnown = true;
    return this.#agreement;
  }

  /** Volume of the newest 1m kline divided by the mean of the newest twenty. */
  get volumeRatio(): number | undefined {
    if (this.#minute.isStale) return undefined;
    const mean = this.#volume.value;
    return mean === undefined || mean === 0 ? undefined : this.#newestVolume / mean;
  }

  /** True if a kline lies in the future: it was made before the clock was set back, and would block current klines. */
  isAheadOf(nowMs: number): boolean {
    return this.#seen.some(({ openTs }) => openTs > nowMs);
  }

  /** Adds a closed kline; ignores one that is not newer than the last of its interval. */
  update(kline: Kline): void {
    const { interval, open_ts } = kline;
    const reading = interval === '1m' ? this.#minute : this.#readingOf(interval);
    if (open_ts <= reading.openTs) return;
    if (reading.openTs < 0) this.#seen.push(reading);
    reading.openTs = open_ts;
    reading.isStale = false;
    const staleAfter = klineStaleAfter(interval, open_ts);
    if (staleAfter < this.#holdsUntil) this.#holdsUntil = staleAfter;
    const numbers = numbersOf(kline);
    if (reading === this.#minute) this.#takeMinute(numbers, open_ts);
    reading.trend?.update(numbers.closePrice);
    if (interval === this.#params.regime.interval) this.classifier.update(numbers);
    this.#read(reading);
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
    for (const reading of this.#seen) {
      const { interval, openTs } = reading;
      const isStale = isKlineStale(interval, openTs, nowMs);
      if (!isStale) this.#holdsUntil = Math.min(this.#holdsUntil, klineStaleAfter(interval, openTs));
      if (isStale === reading.isStale) continue;
      reading.isStale = isStale;
      this.#read(reading);
    }
  }

  /** Why the klines of an interval are stale; undefined if they are not. */
  whyStale(interval: KlineInterval, nowMs: number): string | undefined {
    const reading = this.#readings.get(interval);
    if (reading === undefined || !reading.isStale) return undefined;
    const minutes = Math.floor((nowMs - reading.openTs - KLINE_INTERVAL_MS[interval]) / 60_000);
    return `the newest ${interval} kline closed ${minutes} min ago`;
  }

  /** Takes over the values of an interval; undefined values if its klines are stale. */
  #read({ interval, isStale, trend }: IntervalReading): void {
    if (interval === '1m') this.atr = isStale ? undefined : this.#atr.value;
    if (trend !== undefined) this.#isAgreementKnown = false;
    if (interval === this.#params.regime.interval) this.regime = isStale ? 'UNKNOWN' : this.classifier.regime;
  }

  #readingOf(interval: KlineInterval): IntervalReading {
    const known = this.#readings.get(interval);
    if (known !== undefined) return known;
    const reading = newReading(interval);
    this.#readings.set(interval, reading);
    return reading;
  }

  #takeMinute(
    { highPrice, lowPrice, closePrice, baseVolume: volume, quoteVolume }: KlineNumbers,
    openTs: number,
  ): void {
    this.#atr.update(highPrice, lowPrice, closePrice);
    this.#moves.update(closePrice, openTs);
    this.#volume.update(volume);
    this.#newestVolume = volume;
    if (volume > 0 && quoteVolume > 0) this.#vwap.update(quoteVolume / volume, volume, openTs);
  }
}

function newReading(interval: KlineInterval, params?: StrategyParams): IntervalReading {
  return { interval, trend: params && new TimeframeTrend(params.trend), openTs: -1, isStale: false };
}
