import { KlineFolder } from '@helios/core/indicators/kline-folder.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PassedBook, ReachedPrice } from '../data/market-target.ts';
import { BookMaker } from './book-of-kline.ts';
import { numberKlineAt, pathPriceAt, sessionEnd } from './kline-events.ts';
import type { KlineDetail, KlineSeries } from './kline-series.ts';
import { LAST_STEP, PATH_MS, type PlayedKlines } from './played-klines.ts';
import { reachedPrice } from './reached-price.ts';

const MINUTE_MS = 60_000;
const NONE: readonly MarketEvent[] = [];

/**
 * Candles of a longer interval, decided once each: only their first book has an imbalance, that of the candle before. One-minute
 * candles give the way of the price where they are known. Elsewhere it stays at the open for a third of the candle, at the worse
 * extreme for the next one, at the other extreme for the rest, and ends at the close.
 */
export class CoarseMarket implements PlayedKlines {
  readonly symbol: string;
  /** Its books are played or skipped one by one. */
  readonly isPassable = false;
  readonly #series: KlineSeries;
  readonly #detail: KlineDetail | undefined;
  readonly #books: BookMaker;
  readonly #folder: KlineFolder;
  readonly #minutes: number;
  /** Index of the candle, of its minute, and of its first minute in the detail. */
  #at = 0;
  #minute = 0;
  #detailAt = 0;
  #isDetailed = false;
  #hasBefore = false;
  #id = 0;

  constructor(series: KlineSeries) {
    const { instrument, interval, intervalMs } = series;
    this.symbol = instrument.symbol;
    this.#series = series;
    this.#detail = series.detail;
    this.#books = new BookMaker(instrument);
    this.#folder = new KlineFolder(instrument.symbol, interval, series.decimals);
    this.#minutes = intervalMs / MINUTE_MS;
    this.#findDetail();
  }

  get nextTs(): number | undefined {
    const openTs = this.#series.columns.openTs[this.#at];
    return openTs === undefined ? undefined : openTs + this.#minute * MINUTE_MS;
  }

  bridge(): readonly MarketEvent[] {
    const isNext = !this.#hasBefore || this.#minute > 0 || this.nextTs === this.#endOfLast();
    return isNext ? NONE : this.end('candles are missing');
  }

  hasBook(step: number): boolean {
    if (!this.#hasBefore) return false;
    return this.#isDetailed || step === LAST_STEP || (step === 0 && this.#minute === 0);
  }

  isBelow(threshold: number, depth: number, step: number): boolean {
    this.#useVolume(step);
    return this.#books.isBelow(this.#priceAt(step, undefined), threshold, depth);
  }

  skip(step: number): PassedBook | undefined {
    this.#id += 1;
    if (step !== LAST_STEP) return undefined;
    const ts = (this.nextTs ?? 0) + (PATH_MS[step] ?? 0);
    return { symbol: this.symbol, ts, mid: this.#books.midAt(this.#priceAt(step, undefined)) };
  }

  book(step: number, side: Side | undefined): MarketEvent {
    this.#id += 1;
    this.#useVolume(step);
    return this.#books.at(this.#priceAt(step, side), (this.nextTs ?? 0) + (PATH_MS[step] ?? 0), this.#id);
  }

  reached(step: number, side: Side | undefined): ReachedPrice | undefined {
    const { instrument, columns } = this.#series;
    const minutes = this.#isDetailed ? this.#detail?.columns : undefined;
    const place = minutes ? step : this.#placeAt(step);
    if (place === 0) return undefined;
    const minuteTs = this.nextTs ?? 0;
    const volume = minutes
      ? (minutes.volume[this.#detailAt + this.#minute] ?? 0) / LAST_STEP
      : (columns.volume[this.#at] ?? 0) / this.#minutes;
    const openTs = minutes ? minuteTs : minuteTs - this.#minute * MINUTE_MS;
    const times = { ts: minuteTs + (PATH_MS[step] ?? 0), firstTs: openTs + PATH_MS[0] };
    return reachedPrice({ instrument, price: this.#priceAt(step, side), step: place, side, volume, ...times });
  }

  close(): readonly Kline[] {
    const detail = this.#isDetailed ? this.#detail : undefined;
    const minute = detail && numberKlineAt(this.#series, '1m', detail, this.#detailAt + this.#minute);
    const events: Kline[] = minute === undefined ? [] : [minute];
    this.#minute += 1;
    if (this.#minute < this.#minutes) return events;
    const kline = numberKlineAt(this.#series, this.#series.interval, this.#series, this.#at);
    events.push(kline, ...this.#folder.add(kline));
    this.#hasBefore = true;
    this.#minute = 0;
    this.#at += 1;
    this.#findDetail();
    return events;
  }

  end(reason: string): readonly MarketEvent[] {
    if (!this.#hasBefore) return NONE;
    const ts = this.#minute === 0 ? this.#endOfLast() : (this.nextTs ?? 0);
    this.#hasBefore = false;
    this.#folder.reset();
    return [sessionEnd(this.symbol, ts, reason)];
  }

  #endOfLast(): number {
    return (this.#series.columns.openTs[this.#at - 1] ?? 0) + this.#series.intervalMs;
  }

  /** The detail counts only where it has every minute of the candle. */
  #findDetail(): void {
    const openTs = this.nextTs ?? Number.POSITIVE_INFINITY;
    this.#isDetailed = this.#detail?.covers[this.#at] === 1;
    const minutes = this.#detail?.columns.openTs ?? [];
    while ((minutes[this.#detailAt] ?? Number.POSITIVE_INFINITY) < openTs) this.#detailAt += 1;
  }

  #useVolume(step: number): void {
    const { columns, depthVolume } = this.#series;
    const { buyShare } = columns;
    const before = this.#at - 1;
    const isFirst = step === 0 && this.#minute === 0;
    this.#books.useVolume(
      (depthVolume[before] ?? 0) / this.#minutes,
      isFirst ? (buyShare[before] ?? Number.NaN) : Number.NaN,
      columns.close[before] ?? Number.NaN,
    );
  }

  #priceAt(step: number, side: Side | undefined): number {
    if (this.#isDetailed && this.#detail !== undefined)
      return pathPriceAt(this.#detail.columns, this.#detailAt + this.#minute, step, side);
    return pathPriceAt(this.#series.columns, this.#at, this.#placeAt(step), side);
  }

  /** Where a candle without detail is at a step of its minute: a step of its own. */
  #placeAt(step: number): number {
    const beforeLast = this.#minutes - 1;
    if (this.#minute === beforeLast) return step === LAST_STEP ? LAST_STEP : LAST_STEP - 1;
    // The book of the last minute shows the close, so the others share the rest of the way.
    return Math.floor((LAST_STEP * this.#minute) / beforeLast);
  }
}
