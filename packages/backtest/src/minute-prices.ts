import { levelCount, priceAt } from '@helios/core/book/level-numbers.ts';
import type { Book, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { MinutePrice } from './backtest-result.ts';
import type { PassedBook } from './data/market-target.ts';

const MINUTE_MS = 60_000;

/** The newest event with a price. Its price is computed only if it ends a minute. */
interface Priced {
  ts: number;
  event: Book | MarketTrade | PassedBook;
}

/** Samples the price of each symbol at the end of each minute with events. */
export class MinutePrices {
  readonly #samples = new Map<string, MinutePrice[]>();
  readonly #newest = new Map<string, Priced>();
  readonly #withBook = new Set<string>();

  onEvent(event: MarketEvent): void {
    if (event.type !== 'book' && event.type !== 'trade') return;
    if (this.#counts(event)) this.#take(event.symbol, event.ts_event, event);
  }

  /** A book that is not played. */
  onPassed(book: PassedBook): void {
    this.#take(book.symbol, book.ts, book);
  }

  /** All samples so far, the newest price included; call once at the end. */
  result(): ReadonlyMap<string, readonly MinutePrice[]> {
    for (const [symbol, newest] of this.#newest) this.#keep(symbol, newest);
    this.#newest.clear();
    return this.#samples;
  }

  #take(symbol: string, ts: number, event: Priced['event']): void {
    const newest = this.#newest.get(symbol);
    if (newest === undefined) {
      this.#newest.set(symbol, { ts, event });
      return;
    }
    if (Math.floor(newest.ts / MINUTE_MS) < Math.floor(ts / MINUTE_MS)) this.#keep(symbol, newest);
    newest.ts = ts;
    newest.event = event;
  }

  #keep(symbol: string, { ts, event }: Priced): void {
    const samples = this.#samples.get(symbol) ?? [];
    samples.push({ ts, price: priceOf(event) });
    this.#samples.set(symbol, samples);
  }

  /** A trade counts only until the first book: its price jumps between bid and ask. */
  #counts(event: Book | MarketTrade): boolean {
    if (event.type === 'trade') return !this.#withBook.has(event.symbol);
    if (levelCount(event, 'bids') === 0 || levelCount(event, 'asks') === 0) return false;
    this.#withBook.add(event.symbol);
    return true;
  }
}

function priceOf(event: Priced['event']): number {
  if (!('type' in event)) return event.mid;
  if (event.type === 'trade') return Number(event.price);
  return (priceAt(event, 'bids', 0) + priceAt(event, 'asks', 0)) / 2;
}
