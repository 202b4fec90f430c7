import { ageOf } from '@helios/shared/domain/age.ts';
import type { Quote } from '@helios/shared/domain/signal.ts';

/** New prices of a symbol, quote currency. */
export interface LivePrice {
  readonly mark?: number;
  readonly bid?: number;
  readonly ask?: number;
}

interface Known {
  quote: Quote | undefined;
  quoteMs: number;
  mark: number | undefined;
  markMs: number;
}

/** Maximum age of a mark price, ms; the venue sends one every second. */
const MAX_MARK_AGE_MS = 10_000;

/** The last prices of each symbol. */
export class LivePrices {
  readonly #known = new Map<string, Known>();
  readonly #maxQuoteAgeMs: number;

  constructor(maxQuoteAgeMs: number) {
    this.#maxQuoteAgeMs = maxQuoteAgeMs;
  }

  onPrice(symbol: string, { mark, bid, ask }: LivePrice, nowMs: number): void {
    const known = this.#known.get(symbol) ?? { quote: undefined, quoteMs: 0, mark: undefined, markMs: 0 };
    this.#known.set(symbol, known);
    if (isPrice(bid) && isPrice(ask) && bid <= ask) {
      known.quote = { bid, ask };
      known.quoteMs = nowMs;
    }
    if (!isPrice(mark)) return;
    known.mark = mark;
    known.markMs = nowMs;
  }

  /** Best prices; undefined if unknown or too old. */
  quote(symbol: string, nowMs: number): Quote | undefined {
    const known = this.#known.get(symbol);
    return known && isYoung(known.quoteMs, nowMs, this.#maxQuoteAgeMs) ? known.quote : undefined;
  }

  /** Mark price; undefined if unknown or too old. */
  mark(symbol: string, nowMs: number): number | undefined {
    const known = this.#known.get(symbol);
    return known && isYoung(known.markMs, nowMs, MAX_MARK_AGE_MS) ? known.mark : undefined;
  }
}

/** False for NaN and numbers that are no price: nothing is sized or sent on them. */
function isPrice(price: number | undefined): price is number {
  return price !== undefined && Number.isFinite(price) && price > 0;
}

function isYoung(tsMs: number, nowMs: number, maxAgeMs: number): boolean {
  const age = ageOf(tsMs, nowMs);
  return age !== undefined && age <= maxAgeMs;
}
