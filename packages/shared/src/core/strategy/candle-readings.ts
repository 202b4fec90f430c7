import type { Kline, KlineInterval } from '../../domain/market-data.ts';
import type { StrategyParams } from '../../domain/settings.ts';
import type { MarketRegime } from '../../domain/signal.ts';
import { RollingMean } from '../indicators/moving-averages.ts';
import { SessionVwap } from '../indicators/session-vwap.ts';
import { Atr } from '../indicators/true-range.ts';
import { RegimeClassifier } from './regime.ts';
import { TimeframeTrend, trendAgreement } from './trend.ts';

/** Candles the volume of the newest is compared with. */
const VOLUME_CANDLES = 20;

/** What the closed candles of one symbol say. Read off once per candle, because gates ask on every book. */
export class CandleReadings {
  /** Average true range of 1m candles, in price units. */
  atr: number | undefined;
  /** Volume of the newest 1m candle over the mean of the newest twenty. */
  volumeRatio: number | undefined;
  /** Price weighted by volume since midnight UTC, or since the oldest candle known of that day. */
  vwap: number | undefined;
  /** Shares of warm timeframes that vote up and down. */
  agreement: { readonly up: number; readonly down: number } | undefined;
  regime: MarketRegime = 'UNKNOWN';
  readonly classifier: RegimeClassifier;
  readonly #params: StrategyParams;
  readonly #atr: Atr;
  readonly #volume = new RollingMean(VOLUME_CANDLES);
  readonly #vwap = new SessionVwap();
  readonly #trends: ReadonlyMap<string, TimeframeTrend>;
  readonly #newestOpen = new Map<KlineInterval, number>();

  constructor(params: StrategyParams) {
    this.#params = params;
    this.#atr = new Atr(params.risk.atr_period);
    this.#trends = new Map(params.trend.timeframes.map((interval) => [interval, new TimeframeTrend(params.trend)]));
    this.classifier = new RegimeClassifier(params.regime, params.trend);
  }

  /** Takes a closed candle; one that is not newer than the last of its interval is ignored. */
  update(kline: Kline): void {
    if (kline.open_ts <= (this.#newestOpen.get(kline.interval) ?? -1)) return;
    this.#newestOpen.set(kline.interval, kline.open_ts);
    if (kline.interval === '1m') this.#readMinute(kline);
    const trend = this.#trends.get(kline.interval);
    if (trend) {
      trend.update(kline);
      this.agreement = trendAgreement([...this.#trends.values()].map((each) => each.vote));
    }
    if (kline.interval === this.#params.regime.interval) {
      this.classifier.update(kline);
      this.regime = this.classifier.regime;
    }
  }

  #readMinute(kline: Kline): void {
    const close = Number(kline.close);
    const volume = Number(kline.volume);
    this.#atr.update(Number(kline.high), Number(kline.low), close);
    this.atr = this.#atr.value;
    this.#volume.update(volume);
    const mean = this.#volume.value;
    this.volumeRatio = mean === undefined || mean === 0 ? undefined : volume / mean;
    const quoteVolume = Number(kline.quote_volume);
    if (volume > 0 && quoteVolume > 0) this.#vwap.update(quoteVolume / volume, volume, kline.open_ts);
    this.vwap = this.#vwap.value;
  }
}
