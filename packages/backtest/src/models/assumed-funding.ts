import { quoteOf } from '@helios/core/execution/fill.ts';
import type { MarketEvent, MarkPrice } from '@helios/shared/domain/market-data.ts';

/** Binance charges most contracts at 00:00, 08:00 and 16:00 UTC. */
const INTERVAL_MS = 28_800_000;
/** A symbol whose data announce no funding for this long after its first book gets an assumed one, ms. */
const PATIENCE_MS = 60_000;

/** The venue streams a mark price once a second. */
const EVERY_MS = 1_000;

/** The rate that Binance charges while perpetual and index agree: 0.01 % of the value per eight hours. */
export const USUAL_FUNDING_RATE = 0.0001;

/**
 * Announces fundings where the data hold none: with a book, at most once a second, a mark price at its mid, and this rate. A symbol
 * whose data announce a funding is left alone.
 */
export class AssumedFunding {
  readonly #rate: string;
  readonly #announced = new Set<string>();
  /** When the next mark price of a symbol is due, epoch ms. */
  readonly #dueTs = new Map<string, number>();
  readonly #assumed = new Set<string>();

  /** `rate`: fraction of the value; if positive, longs pay. */
  constructor(rate: number) {
    this.#rate = rate.toFixed(12);
  }

  /** The mark price to announce with this event, if one is due. */
  onEvent(event: MarketEvent): MarkPrice | undefined {
    const { symbol, ts_event: ts } = event;
    if (event.type === 'mark' && event.funding_rate !== undefined) this.#announced.add(symbol);
    if (event.type !== 'book' || this.#announced.has(symbol)) return undefined;
    const dueTs = this.#dueTs.get(symbol);
    if (dueTs === undefined) this.#dueTs.set(symbol, ts + PATIENCE_MS);
    if (dueTs === undefined || ts < dueTs) return undefined;
    const quote = quoteOf(event);
    if (quote === undefined) return undefined;
    this.#dueTs.set(symbol, ts + EVERY_MS);
    this.#assumed.add(symbol);
    const mark_price = ((quote.bid + quote.ask) / 2).toFixed(12);
    const next_funding_ts = (Math.floor(ts / INTERVAL_MS) + 1) * INTERVAL_MS;
    return { type: 'mark', symbol, ts_event: ts, ts_init: ts, mark_price, funding_rate: this.#rate, next_funding_ts };
  }

  /** Symbols whose funding was assumed before the data announced one. */
  lateSymbols(): readonly string[] {
    return this.symbols().filter((symbol) => this.#announced.has(symbol));
  }

  /** Symbols whose funding was assumed. */
  symbols(): readonly string[] {
    return [...this.#assumed];
  }
}
