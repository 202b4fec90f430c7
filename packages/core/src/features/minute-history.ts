import { SEQUENCE } from '@helios/shared/domain/features.ts';
import type { KlineNumbers } from '../indicators/number-kline.ts';
import { SessionVwap } from '../indicators/session-vwap.ts';
import { balance, ratio } from './missing.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** A younger session has no width yet. */
const MIN_SESSION_MINUTES = 10;
/** A power of two above four hours. */
const SIZE = 256;
/** σ needs an hour of returns; any other figure needs this share of its window. */
const MIN_SIGMA_RETURNS = 60;
const MIN_SHARE = 0.8;
const SIGMA_MINUTES = 240;
const VOLUME_MINUTES = 60;

/** The one-minute klines of the last four hours of one symbol. A missing minute has missing figures. */
export class MinuteHistory {
  readonly #close = new Float64Array(SIZE).fill(Number.NaN);
  readonly #return = new Float64Array(SIZE).fill(Number.NaN);
  readonly #range = new Float64Array(SIZE).fill(Number.NaN);
  readonly #volume = new Float64Array(SIZE).fill(Number.NaN);
  readonly #taken = new Float64Array(SIZE).fill(Number.NaN);
  readonly #distance = new Float64Array(SIZE).fill(Number.NaN);
  readonly #session = new SessionVwap();
  /** Minute of the newest kline: its open time divided by a minute. */
  #newest = Number.NaN;
  #sigma: number | undefined;

  /** Open time of the newest kline, epoch ms; undefined without one. */
  get newestOpenTs(): number | undefined {
    return Number.isNaN(this.#newest) ? undefined : this.#newest * MINUTE_MS;
  }

  /** Adds a closed kline, newer than all before. */
  add(openTs: number, kline: KlineNumbers): void {
    const minute = Math.floor(openTs / MINUTE_MS);
    for (let gap = Math.max(this.#newest + 1, minute - SIZE); gap < minute; gap += 1) this.#forget(gap);
    this.#newest = minute;
    this.#sigma = undefined;
    const { closePrice, highPrice, lowPrice, baseVolume, quoteVolume, takerBuyVolume } = kline;
    const at = minute % SIZE;
    const before = this.#close[(minute - 1) % SIZE] ?? Number.NaN;
    this.#close[at] = closePrice;
    this.#return[at] = Math.log(closePrice / before);
    this.#range[at] = Math.log(highPrice / lowPrice);
    this.#volume[at] = baseVolume;
    this.#taken[at] = takerBuyVolume;
    if (baseVolume > 0 && quoteVolume > 0) this.#session.update(quoteVolume / baseVolume, baseVolume, openTs);
    this.#distance[at] = this.distance(closePrice);
  }

  get close(): number {
    return this.#close[this.#newest % SIZE] ?? Number.NaN;
  }

  /** σ of a minute: realised volatility of the last four hours, as a fraction; NaN while there is less than an hour. */
  get sigma(): number {
    this.#sigma ??= this.#deviation(SIGMA_MINUTES, MIN_SIGMA_RETURNS);
    return this.#sigma;
  }

  /** Realised volatility of a minute over so many minutes, as a fraction. */
  volatility(minutes: number): number {
    return this.#deviation(minutes, MIN_SHARE * minutes);
  }

  /** Return of so many minutes in σ. */
  return(minutes: number): number {
    const before = this.#close[(this.#newest - minutes) % SIZE] ?? Number.NaN;
    return ratio(Math.log(this.close / before), this.sigma * Math.sqrt(minutes));
  }

  /** Return of the newest close to `price`, in σ of a minute. */
  returnTo(price: number): number {
    return ratio(Math.log(price / this.close), this.sigma);
  }

  /** Logarithm of the newest volume over the mean of an hour. */
  get volumeLn(): number {
    return this.#volumeLn(this.#newest, this.#meanVolume());
  }

  /** Bought against sold volume of so many minutes, −1..1. */
  takerFlow(minutes: number): number {
    let bought = 0;
    let volume = 0;
    for (let i = 0; i < minutes; i += 1) {
      const at = (this.#newest - i) % SIZE;
      bought += this.#taken[at] ?? Number.NaN;
      volume += this.#volume[at] ?? Number.NaN;
    }
    return balance(bought, volume - bought);
  }

  /** Distance of `price` from the session’s VWAP in its own σ. */
  distance(price: number): number {
    if ((this.#newest % DAY_MINUTES) + 1 < MIN_SESSION_MINUTES) return Number.NaN;
    const { value = Number.NaN, sigma = Number.NaN } = this.#session;
    return ratio(price - value, sigma);
  }

  /** The rows of `SEQUENCE` before they are multiplied by the side; undefined while a kline of them is missing. */
  sequence(): Float64Array[] | undefined {
    const mean = this.#meanVolume();
    const rows: Float64Array[] = [];
    for (let minute = this.#newest - SEQUENCE.rows + 1; minute <= this.#newest; minute += 1) {
      const at = minute % SIZE;
      const close = this.#close[at];
      if (close === undefined || Number.isNaN(close)) return undefined;
      const bought = this.#taken[at] ?? Number.NaN;
      const row = [
        ratio(this.#return[at] ?? Number.NaN, this.sigma),
        ratio(this.#range[at] ?? Number.NaN, this.sigma),
        this.#volumeLn(minute, mean),
        balance(bought, (this.#volume[at] ?? Number.NaN) - bought),
        this.#distance[at] ?? Number.NaN,
      ];
      rows.push(Float64Array.from(row));
    }
    return rows.length === SEQUENCE.rows ? rows : undefined;
  }

  #volumeLn(minute: number, mean: number): number {
    const volume = this.#volume[minute % SIZE] ?? Number.NaN;
    return volume > 0 ? Math.log(ratio(volume, mean)) : Number.NaN;
  }

  #meanVolume(): number {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < VOLUME_MINUTES; i += 1) {
      const volume = this.#volume[(this.#newest - i) % SIZE] ?? Number.NaN;
      if (Number.isNaN(volume)) continue;
      sum += volume;
      count += 1;
    }
    return count >= MIN_SHARE * VOLUME_MINUTES ? sum / count : Number.NaN;
  }

  #deviation(minutes: number, minCount: number): number {
    let squares = 0;
    let count = 0;
    for (let i = 0; i < minutes; i += 1) {
      const x = this.#return[(this.#newest - i) % SIZE] ?? Number.NaN;
      if (Number.isNaN(x)) continue;
      squares += x * x;
      count += 1;
    }
    return count >= minCount ? Math.sqrt(squares / count) : Number.NaN;
  }

  #forget(minute: number): void {
    const at = minute % SIZE;
    for (const column of [this.#close, this.#return, this.#range, this.#volume, this.#taken, this.#distance]) {
      column[at] = Number.NaN;
    }
  }
}
