import { isKlineStale, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { RealisedVolatility } from '../indicators/dispersion.ts';
import { Ema } from '../indicators/moving-averages.ts';
import type { KlineNumbers } from '../indicators/number-kline.ts';
import { Ring } from '../indicators/ring.ts';
import { rankOf } from './book-flow.ts';
import { ratio } from './missing.ts';

/** Periods of the features; those of the settings may differ, but a model needs one meaning. */
const FAST = 12;
const SLOW = 26;
const MOMENTUM = 10;
const VOLATILITY = 20;
/** Five days of 15-minute klines, of which one must be known. */
const RANGES = 480;
const MIN_RANGES = 96;
/** An hour of them. */
const SMOOTHED = 4;

/** Trend and momentum of the klines of one interval, in their own volatility. */
export class TimeframeHistory {
  readonly #interval: KlineInterval;
  readonly #fast = new Ema(FAST);
  readonly #slow = new Ema(SLOW);
  readonly #closes = new Ring(MOMENTUM);
  readonly #volatility = new RealisedVolatility(VOLATILITY);
  readonly #ranges = new Ring(RANGES);
  readonly #newestRanges: number[] = [];
  #openTs = Number.NEGATIVE_INFINITY;
  #close = Number.NaN;
  #before = Number.NaN;

  constructor(interval: KlineInterval) {
    this.#interval = interval;
  }

  /** Open time of the newest kline, epoch ms. */
  get openTs(): number {
    return this.#openTs;
  }

  /** Adds a closed kline, newer than all before. */
  add(openTs: number, { closePrice, highPrice, lowPrice }: KlineNumbers): void {
    this.#openTs = openTs;
    this.#close = closePrice;
    this.#fast.update(closePrice);
    this.#slow.update(closePrice);
    this.#before = this.#closes.push(closePrice) ?? Number.NaN;
    this.#volatility.update(closePrice);
    this.#newestRanges.push(Math.log(highPrice / lowPrice));
    if (this.#newestRanges.length > SMOOTHED) this.#newestRanges.shift();
    if (this.#newestRanges.length === SMOOTHED) this.#ranges.push(this.#range());
  }

  isStale(nowMs: number): boolean {
    return isKlineStale(this.#interval, this.#openTs, nowMs);
  }

  /** Fast minus slow mean price, in σ of one kline. */
  get trend(): number {
    const fast = this.#fast.value ?? Number.NaN;
    const slow = this.#slow.value ?? Number.NaN;
    return ratio(fast / slow - 1, this.#volatility.value ?? Number.NaN);
  }

  /** Return of ten klines, in its σ. */
  get momentum(): number {
    const sigma = (this.#volatility.value ?? Number.NaN) * Math.sqrt(MOMENTUM);
    return ratio(Math.log(this.#close / this.#before), sigma);
  }

  /** Share of the mean ranges of four klines that are smaller, 0..1; NaN while there are too few. */
  get rangeRank(): number {
    return this.#ranges.length < MIN_RANGES ? Number.NaN : rankOf(this.#range(), this.#ranges.values());
  }

  #range(): number {
    return this.#newestRanges.reduce((sum, range) => sum + range, 0) / this.#newestRanges.length;
  }
}

/** An empty history of each of `FEATURE_TIMEFRAMES`. */
export function newTimeframes() {
  return {
    '5m': new TimeframeHistory('5m'),
    '15m': new TimeframeHistory('15m'),
    '1h': new TimeframeHistory('1h'),
    '4h': new TimeframeHistory('4h'),
  };
}
