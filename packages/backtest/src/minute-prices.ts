import { quoteOf } from '@helios/core/execution/fill.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { MinutePrice } from './backtest-result.ts';

const MINUTE_MS = 60_000;

/** Samples the price of each symbol at the end of each minute with events. */
export class MinutePrices {
  readonly #samples = new Map<string, MinutePrice[]>();
  readonly #newest = new Map<string, MinutePrice>();
  readonly #withBook = new Set<string>();

  onEvent(event: MarketEvent): void {
    const price = this.#priceOf(event);
    if (price === undefined) return;
    const before = this.#newest.get(event.symbol);
    const isNewMinute =
      before !== undefined && Math.floor(before.ts / MINUTE_MS) < Math.floor(event.ts_event / MINUTE_MS);
    if (isNewMinute) this.#keep(event.symbol, before);
    this.#newest.set(event.symbol, { ts: event.ts_event, price });
  }

  /** All samples so far, the newest price included; call once at the end. */
  result(): ReadonlyMap<string, readonly MinutePrice[]> {
    for (const [symbol, newest] of this.#newest) this.#keep(symbol, newest);
    this.#newest.clear();
    return this.#samples;
  }

  #keep(symbol: string, sample: MinutePrice): void {
    const samples = this.#samples.get(symbol) ?? [];
    samples.push(sample);
    this.#samples.set(symbol, samples);
  }

  /** A trade counts only until the first book: its price jumps between bid and ask. */
  #priceOf(event: MarketEvent): number | undefined {
    if (event.type === 'trade') return this.#withBook.has(event.symbol) ? undefined : Number(event.price);
    if (event.type !== 'book') return undefined;
    const quote = quoteOf(event);
    if (quote === undefined) return undefined;
    this.#withBook.add(event.symbol);
    return (quote.bid + quote.ask) / 2;
  }
}
