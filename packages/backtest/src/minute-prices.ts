import { levelCount, priceAt } from '@helios/core/book/level-numbers.ts';
import type { Book, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { MinutePrice } from './backtest-result.ts';

const MINUTE_MS = 60_000;

/** The newest price of a symbol, and the samples before it. */
interface Priced {
  ts: number;
  /** Its price is computed only if it ends a minute; undefined: `price` is known. */
  event: Book | MarketTrade | undefined;
  price: number;
  hasBook: boolean;
  readonly samples: MinutePrice[];
}

/** Samples the price of each symbol at the end of each minute with events. */
export class MinutePrices {
  readonly #samples = new Map<string, MinutePrice[]>();
  readonly #newest = new Map<string, Priced>();

  onEvent(event: MarketEvent): void {
    if (event.type !== 'book' && event.type !== 'trade') return;
    const { symbol, ts_event: ts } = event;
    const newest = this.#newest.get(symbol);
    if (!counts(event, newest)) return;
    const next = this.#at(symbol, ts, newest);
    next.event = event;
    if (event.type === 'book') next.hasBook = true;
  }

  /** A book that is not played. */
  onPassed(symbol: string, ts: number, mid: number): void {
    const next = this.#at(symbol, ts, this.#newest.get(symbol));
    next.event = undefined;
    next.price = mid;
  }

  /** All samples so far, the newest price included; call once at the end. */
  result(): ReadonlyMap<string, readonly MinutePrice[]> {
    for (const [symbol, newest] of this.#newest) this.#keep(symbol, newest);
    this.#newest.clear();
    return this.#samples;
  }

  /** The record of the symbol, moved on to `ts`; the price of a minute that is over is kept. */
  #at(symbol: string, ts: number, newest: Priced | undefined): Priced {
    if (newest === undefined) {
      const first = { ts, event: undefined, price: Number.NaN, hasBook: false, samples: [] };
      this.#newest.set(symbol, first);
      return first;
    }
    if (Math.floor(newest.ts / MINUTE_MS) < Math.floor(ts / MINUTE_MS)) this.#keep(symbol, newest);
    newest.ts = ts;
    return newest;
  }

  #keep(symbol: string, { ts, event, price, samples }: Priced): void {
    if (samples.length === 0) this.#samples.set(symbol, samples);
    samples.push({ ts, price: event === undefined ? price : priceOf(event) });
  }
}

/** A trade counts only until the first book: its price jumps between bid and ask. */
function counts(event: Book | MarketTrade, newest: Priced | undefined): boolean {
  if (event.type === 'trade') return newest?.hasBook !== true;
  return levelCount(event, 'bids') > 0 && levelCount(event, 'asks') > 0;
}

function priceOf(event: Book | MarketTrade): number {
  if (event.type === 'trade') return Number(event.price);
  return (priceAt(event, 'bids', 0) + priceAt(event, 'asks', 0)) / 2;
}
