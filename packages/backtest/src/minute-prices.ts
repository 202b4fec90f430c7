import { levelCount, priceAt } from '@helios/core/book/level-numbers.ts';
import type { Book, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { MinutePrice } from './backtest-result.ts';

const MINUTE_MS = 60_000;

/** Samples per symbol at first; a month has 43,200 minutes. */
const CAPACITY = 4_096;

/** Samples the price of each symbol at the end of each minute with events. */
export class MinutePrices {
  /** In the order of the first samples. */
  readonly #sampled = new Map<string, SymbolPrices>();
  readonly #symbols = new Map<string, SymbolPrices>();

  onEvent(event: MarketEvent): void {
    if (event.type === 'book' || event.type === 'trade') this.#of(event.symbol).onEvent(event);
  }

  /** A book that is not played. */
  onPassed(symbol: string, ts: number, mid: number): void {
    this.#of(symbol).onPassed(ts, mid);
  }

  /** All samples so far, the newest price included. */
  result(): ReadonlyMap<string, readonly MinutePrice[]> {
    for (const [symbol, prices] of this.#symbols)
      if (prices.hasAny && !this.#sampled.has(symbol)) this.#sampled.set(symbol, prices);
    return new Map([...this.#sampled].map(([symbol, prices]) => [symbol, prices.samples()]));
  }

  #of(symbol: string): SymbolPrices {
    const known = this.#symbols.get(symbol);
    if (known !== undefined) return known;
    const prices: SymbolPrices = new SymbolPrices(() => this.#sampled.set(symbol, prices));
    this.#symbols.set(symbol, prices);
    return prices;
  }
}

/** The samples of one symbol, in columns that grow: most runs never read them. */
class SymbolPrices {
  readonly #onFirst: () => void;
  #times = new Float64Array(CAPACITY);
  #prices = new Float64Array(CAPACITY);
  #count = 0;
  /** The newest price. It becomes a sample when its minute is over. */
  #ts = Number.NaN;
  #price = Number.NaN;
  /** Has the newest price, which is computed only for a sample; undefined: it is known. */
  #event: Book | MarketTrade | undefined;
  #hasBook = false;

  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  get hasAny(): boolean {
    return !Number.isNaN(this.#ts);
  }

  onEvent(event: Book | MarketTrade): void {
    if (!this.#counts(event)) return;
    this.#moveTo(event.ts_event);
    this.#event = event;
  }

  onPassed(ts: number, mid: number): void {
    this.#moveTo(ts);
    this.#event = undefined;
    this.#price = mid;
  }

  samples(): readonly MinutePrice[] {
    const at = (i: number) => ({ ts: this.#times[i] ?? Number.NaN, price: this.#prices[i] ?? Number.NaN });
    const samples = Array.from({ length: this.#count }, (_, i) => at(i));
    return this.hasAny ? [...samples, { ts: this.#ts, price: this.#newestPrice() }] : samples;
  }

  /** The price of a minute that is over is kept. */
  #moveTo(ts: number): void {
    if (Math.floor(this.#ts / MINUTE_MS) < Math.floor(ts / MINUTE_MS)) this.#keep();
    this.#ts = ts;
  }

  #keep(): void {
    if (this.#count === 0) this.#onFirst();
    if (this.#count === this.#times.length) {
      this.#times = grown(this.#times);
      this.#prices = grown(this.#prices);
    }
    this.#times[this.#count] = this.#ts;
    this.#prices[this.#count] = this.#newestPrice();
    this.#count += 1;
  }

  #newestPrice(): number {
    return this.#event === undefined ? this.#price : priceOf(this.#event);
  }

  /** A trade counts only until the first book: its price jumps between bid and ask. */
  #counts(event: Book | MarketTrade): boolean {
    if (event.type === 'trade') return !this.#hasBook;
    if (levelCount(event, 'bids') === 0 || levelCount(event, 'asks') === 0) return false;
    this.#hasBook = true;
    return true;
  }
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * column.length);
  longer.set(column);
  return longer;
}

function priceOf(event: Book | MarketTrade): number {
  if (event.type === 'trade') return Number(event.price);
  return (priceAt(event, 'bids', 0) + priceAt(event, 'asks', 0)) / 2;
}
