import type { Book } from '@helios/shared/domain/market-data.ts';
import { qtyAt } from '../book/level-numbers.ts';
import { Ring } from '../indicators/ring.ts';
import { ratio } from './missing.ts';
import { TimeBuckets } from './time-buckets.ts';

const BUCKET_MS = 100;
const BUCKETS = 601;
const FLOW = 0;
const QUANTITY = 1;
const BOOKS = 2;
/** Ten minutes of spreads, one a second. */
const SPREADS = 600;
/** With fewer spreads a rank says nothing. */
const MIN_SPREADS = 60;

/** What changed between the books of one symbol: needs every book. Features and the gate ORDER_FLOW read the same one. */
export class BookFlow {
  readonly #flow = new TimeBuckets(BUCKET_MS, BUCKETS);
  #spreads = new Ring(SPREADS);
  #spreadSecond = Number.NEGATIVE_INFINITY;
  /** Best prices and quantities of the book before; a price of 0: none. */
  #bid = 0;
  #ask = 0;
  #bidQty = 0;
  #askQty = 0;

  /**
   * Takes the next valid book. Order-flow imbalance is e of Cont, Kukanov and Stoikov (2014), “The price impact of order book
   * events”, equation 4: what the best bid gained less what the best ask gained.
   */
  onBook(book: Book, bid: number, ask: number): void {
    const ts = book.ts_event;
    const bidQty = qtyAt(book, 'bids', 0);
    const askQty = qtyAt(book, 'asks', 0);
    if (this.#bid === 0) this.#flow.restart(ts);
    else {
      const bidGain = (bid >= this.#bid ? bidQty : 0) - (bid <= this.#bid ? this.#bidQty : 0);
      const askGain = (ask <= this.#ask ? askQty : 0) - (ask >= this.#ask ? this.#askQty : 0);
      this.#flow.add(ts, bidGain - askGain, (bidQty + askQty) / 2, 1);
    }
    this.#bid = bid;
    this.#ask = ask;
    this.#bidQty = bidQty;
    this.#askQty = askQty;
    const second = Math.floor(ts / 1_000);
    if (second <= this.#spreadSecond) return;
    this.#spreadSecond = second;
    this.#spreads.push((ask - bid) / (ask + bid));
  }

  /** A book is missing: the flow starts from empty with the next one. */
  loseBook(): void {
    this.#bid = 0;
  }

  /** Nothing before says anything about the next book: the session ended, or the clock was set back. */
  reset(): void {
    this.loseBook();
    this.#flow.restart(Number.POSITIVE_INFINITY);
    this.#spreads = new Ring(SPREADS);
    this.#spreadSecond = Number.NEGATIVE_INFINITY;
  }

  /** Order-flow imbalance of the window in mean quantities at the best price; NaN if the window is not complete. */
  orderFlow(nowMs: number, windowMs: number): number {
    const quantity = ratio(this.#flow.sum(QUANTITY, nowMs, windowMs), this.#flow.sum(BOOKS, nowMs, windowMs));
    return ratio(this.#flow.sum(FLOW, nowMs, windowMs), quantity);
  }

  /** Share of the sampled spreads that are smaller, equal ones counted half, 0..1; NaN while there are too few. */
  spreadRank(bid: number, ask: number): number {
    if (this.#spreads.length < MIN_SPREADS) return Number.NaN;
    return rankOf((ask - bid) / (ask + bid), this.#spreads.values());
  }
}

/** Share of the values below `x`, equal ones counted half, 0..1. Values that differ only by rounding are equal. */
export function rankOf(x: number, values: Float64Array): number {
  const rounding = Math.abs(x) * 1e-9;
  let below = 0;
  for (const value of values) {
    if (value < x - rounding) below += 1;
    else if (value <= x + rounding) below += 0.5;
  }
  return below / values.length;
}
