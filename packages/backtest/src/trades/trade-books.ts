import type { UnitBook } from '@helios/core/book/unit-book.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketTrade } from '@helios/shared/domain/market-data.ts';
import { BookMaker } from '../klines/book-of-kline.ts';

/** Time between two books, market time; the venue sends depth updates as often. */
const BOOK_EVERY_MS = 100;
const SECONDS = 60;

/**
 * Makes up the books of one symbol from its trades; they hold none. All assumptions cost the strategy rather than help it.
 *
 * Best bid and ask lie on both sides of the last price, each as far away as the last buyer and the last seller who took traded
 * apart, and at least a tick: about twice the spread of that time. Each of five levels holds 2 % of the volume of the last minute.
 * The imbalance is that of the takers of the last minute, as in the book of a candle: 1 − 2 × the share that buyers took, within
 * ±0.9. It is known at the time of the trade, and a neutral book would never trigger an entry.
 */
export class TradeBooks {
  readonly #tick: number;
  readonly #maker: BookMaker;
  /** Base quantity that buyers and sellers took in each of the last seconds, by second modulo 60. */
  readonly #bought = new Float64Array(SECONDS);
  readonly #sold = new Float64Array(SECONDS);
  #second = Number.NaN;
  #firstTs: number | undefined;
  #bookTs = Number.NEGATIVE_INFINITY;
  #lastBuy = Number.NaN;
  #lastSell = Number.NaN;
  #id = 0;

  constructor(instrument: Instrument) {
    this.#tick = Number(instrument.tick_size);
    this.#maker = new BookMaker(instrument);
  }

  /** The book after a trade, if one is due: none in the first minute of a session, nor before both sides traded. */
  onTrade({ price: text, qty, buyer_is_maker, ts_event: ts }: MarketTrade): UnitBook | undefined {
    const price = Number(text);
    this.#moveTo(Math.floor(ts / 1_000));
    const side = buyer_is_maker ? this.#sold : this.#bought;
    const at = this.#second % SECONDS;
    side[at] = (side[at] ?? 0) + Number(qty);
    if (buyer_is_maker) this.#lastSell = price;
    else this.#lastBuy = price;
    this.#firstTs ??= ts;
    const bounce = Math.abs(this.#lastBuy - this.#lastSell);
    const isDue = ts >= this.#firstTs + 1_000 * SECONDS && ts >= this.#bookTs + BOOK_EVERY_MS;
    if (!isDue || Number.isNaN(bounce)) return undefined;
    const bought = sumOf(this.#bought);
    const volume = bought + sumOf(this.#sold);
    this.#maker.useVolume(volume, bought / volume, price);
    this.#bookTs = ts;
    this.#id += 1;
    return this.#maker.at(price, ts, this.#id, Math.max(bounce, this.#tick));
  }

  /** Forgets everything at the end of a session. */
  reset(): void {
    this.#bought.fill(0);
    this.#sold.fill(0);
    this.#second = Number.NaN;
    this.#firstTs = undefined;
    this.#bookTs = Number.NEGATIVE_INFINITY;
    this.#lastBuy = Number.NaN;
    this.#lastSell = Number.NaN;
  }

  /** Empties the seconds that are older than a minute. A trade stamped before the newest one counts into the newest second. */
  #moveTo(second: number): void {
    const from = Number.isNaN(this.#second) ? second : Math.max(this.#second + 1, second - SECONDS + 1);
    for (let one = from; one <= second; one += 1) {
      this.#bought[one % SECONDS] = 0;
      this.#sold[one % SECONDS] = 0;
    }
    if (!(second <= this.#second)) this.#second = second;
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
