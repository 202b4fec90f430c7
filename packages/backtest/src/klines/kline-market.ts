import { KlineFolder } from '@helios/core/indicators/kline-folder.ts';
import { NumberKline } from '@helios/core/indicators/number-kline.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { BookMaker } from './book-of-kline.ts';
import type { KlineColumns } from './kline-columns.ts';
import type { KlineSeries } from './kline-data.ts';

const MINUTE_MS = 60_000;
/** Times of the books in a minute, ms after its open: at its open, its two extremes and its close. */
const PATH_MS = [1_000, 20_000, 40_000, 59_000] as const;
/** The steps of a minute, one book each. */
export const PATH_STEPS = PATH_MS.map((_, step) => step);
const NONE: readonly MarketEvent[] = [];
/** Far above the rounding of a sum, far below a difference that matters. */
const ROUNDING = 1e-9;
const DECIMALS_OF_QUOTE = 8;

/**
 * Turns the candles of one symbol into market events. The book of a minute knows only the volume of the candle before it. From its
 * open the price goes first to the extreme that is worse for the open position, then to the other one, then to the close.
 */
export class KlineMarket {
  readonly symbol: string;
  readonly #columns: KlineColumns;
  readonly #decimals: { readonly price: number; readonly volume: number; readonly quoteVolume: number };
  readonly #books: BookMaker;
  readonly #folder: KlineFolder;
  /** Index of the next candle. */
  #at = 0;
  /** True after the first minute of a session. */
  #hasBefore = false;
  #id = 0;

  constructor({ instrument, columns, decimals }: KlineSeries) {
    this.symbol = instrument.symbol;
    this.#columns = columns;
    this.#decimals = { ...decimals, quoteVolume: DECIMALS_OF_QUOTE };
    this.#books = new BookMaker(instrument);
    this.#folder = new KlineFolder(instrument.symbol, '1m', this.#decimals);
  }

  /** Open time of the next minute, epoch ms; undefined at the end. */
  get nextTs(): number | undefined {
    return this.#columns.openTs[this.#at];
  }

  /** Ends the session if minutes are missing before the next one. */
  bridge(): readonly MarketEvent[] {
    const isNext = !this.#hasBefore || this.nextTs === this.#endOfLast();
    return isNext ? NONE : this.end('minutes are missing');
  }

  /** False in the first minute of a session, which has no candle before it and so no book. */
  get hasBooks(): boolean {
    return this.#hasBefore;
  }

  /** True if the imbalance of the next book at a step stays below a threshold. */
  isBelow(threshold: number, depth: number, step: number): boolean {
    const price = this.#priceAt(step, undefined);
    return Math.abs(this.#books.imbalanceAt(price, depth)) < threshold - ROUNDING;
  }

  /** Counts a book that is not played. */
  skip(): void {
    this.#id += 1;
  }

  /**
   * The book at a step of the minute.
   * @param side of the open position, if there is one
   */
  book(step: number, side: Side | undefined): MarketEvent {
    this.#id += 1;
    const ts = (this.nextTs ?? 0) + (PATH_MS[step] ?? 0);
    return this.#books.at(this.#priceAt(step, side), ts, this.#id);
  }

  /** The klines that the end of the minute closes; the next minute follows. */
  close(): readonly MarketEvent[] {
    const kline = this.#kline(this.#at);
    const { volume, buyShare } = this.#columns;
    this.#books.useVolume(volume[this.#at] ?? 0, buyShare[this.#at] ?? Number.NaN);
    this.#hasBefore = true;
    this.#at += 1;
    const longer = this.#folder.add(kline);
    return longer.length === 0 ? [kline] : [kline, ...longer];
  }

  /** Ends the session if there is one. */
  end(reason: string): readonly MarketEvent[] {
    if (!this.#hasBefore) return NONE;
    const ts = this.#endOfLast();
    this.#hasBefore = false;
    this.#folder.reset();
    return [{ type: 'break', kind: 'SESSION_END', symbol: this.symbol, ts_event: ts, ts_init: ts, reason }];
  }

  #endOfLast(): number {
    return (this.#columns.openTs[this.#at - 1] ?? 0) + MINUTE_MS;
  }

  #priceAt(step: number, side: Side | undefined): number {
    const { open, high, low, close } = this.#columns;
    if (step === 0) return open[this.#at] ?? Number.NaN;
    if (step === PATH_MS.length - 1) return close[this.#at] ?? Number.NaN;
    const isHigh = (step === 1) === (side === 'SHORT');
    return (isHigh ? high : low)[this.#at] ?? Number.NaN;
  }

  #kline(at: number): NumberKline {
    const { openTs, open, high, low, close, volume, quoteVolume } = this.#columns;
    const of = {
      ...({ symbol: this.symbol, interval: '1m', openTs: openTs[at] ?? 0 } as const),
      ...{ openPrice: open[at] ?? 0, highPrice: high[at] ?? 0, lowPrice: low[at] ?? 0, closePrice: close[at] ?? 0 },
      ...{ baseVolume: volume[at] ?? 0, quoteVolume: quoteVolume[at] ?? 0 },
    };
    return new NumberKline(of, this.#decimals);
  }
}
