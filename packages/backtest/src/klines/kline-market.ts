import { KlineFolder } from '@helios/core/indicators/kline-folder.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { PassedBook } from '../data/market-target.ts';
import { BookMaker } from './book-of-kline.ts';
import { numberKlineAt, pathPriceAt, sessionEnd } from './kline-events.ts';
import type { KlineSeries } from './kline-series.ts';
import { LAST_STEP, PATH_MS, type PlayedKlines } from './played-klines.ts';

const MINUTE_MS = 60_000;
const NONE: readonly MarketEvent[] = [];

/**
 * One-minute candles. The book of a minute knows only the volume of the candle before it. From its open the price goes first to the
 * extreme that is worse for the open position, then to the other one, then to the close.
 */
export class KlineMarket implements PlayedKlines {
  readonly symbol: string;
  readonly #series: KlineSeries;
  readonly #books: BookMaker;
  readonly #folder: KlineFolder;
  /** Index of the next candle. */
  #at = 0;
  /** True after the first minute of a session. */
  #hasBefore = false;
  #id = 0;

  constructor(series: KlineSeries) {
    this.symbol = series.instrument.symbol;
    this.#series = series;
    this.#books = new BookMaker(series.instrument);
    this.#folder = new KlineFolder(this.symbol, '1m', series.decimals);
  }

  get nextTs(): number | undefined {
    return this.#series.columns.openTs[this.#at];
  }

  bridge(): readonly MarketEvent[] {
    const isNext = !this.#hasBefore || this.nextTs === this.#endOfLast();
    return isNext ? NONE : this.end('minutes are missing');
  }

  hasBook(): boolean {
    return this.#hasBefore;
  }

  isBelow(threshold: number, depth: number, step: number): boolean {
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
    return this.#books.at(this.#priceAt(step, side), (this.nextTs ?? 0) + (PATH_MS[step] ?? 0), this.#id);
  }

  close(): readonly Kline[] {
    const { columns } = this.#series;
    const kline = numberKlineAt(this.#series, '1m', columns, this.#at);
    this.#books.useVolume(columns.volume[this.#at] ?? 0, columns.buyShare[this.#at] ?? Number.NaN);
    this.#hasBefore = true;
    this.#at += 1;
    const longer = this.#folder.add(kline);
    return longer.length === 0 ? [kline] : [kline, ...longer];
  }

  end(reason: string): readonly MarketEvent[] {
    if (!this.#hasBefore) return NONE;
    this.#hasBefore = false;
    this.#folder.reset();
    return [sessionEnd(this.symbol, this.#endOfLast(), reason)];
  }

  #endOfLast(): number {
    return (this.#series.columns.openTs[this.#at - 1] ?? 0) + MINUTE_MS;
  }

  #priceAt(step: number, side: Side | undefined): number {
    return pathPriceAt(this.#series.columns, this.#at, step, side);
  }
}
