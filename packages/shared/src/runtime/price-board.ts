import { ageOf } from '../domain/age.ts';
import type { FleetMode } from '../domain/fleet.ts';
import type { PositionRow, PriceRow } from '../domain/http-replies.ts';
import type { Book, FallbackPrice, MarketTrade } from '../domain/market-data.ts';
import type { OpenPosition } from '../domain/position.ts';
import type { Side } from '../domain/signal.ts';

interface Seen {
  bid?: string | undefined;
  ask?: string | undefined;
  ts?: number;
  last?: string;
  lastTs?: number;
  fallback?: FallbackPrice;
}

/** The newest book and trade of every watched symbol. A row stays even if it is old. */
export class PriceBoard {
  readonly #seen = new Map<string, Seen>();
  readonly #source: string;
  readonly #now: () => number;

  /** `now`: market time, epoch ms. A price stamped in the future yields to any newly received one. */
  constructor({ source }: Pick<FleetMode, 'source'>, now: () => number) {
    this.#source = source?.kind ?? 'binance';
    this.#now = now;
  }

  onWatchlist(symbols: readonly string[]): void {
    for (const symbol of this.#seen.keys()) if (!symbols.includes(symbol)) this.#seen.delete(symbol);
    for (const symbol of symbols) if (!this.#seen.has(symbol)) this.#seen.set(symbol, {});
  }

  onBook({ symbol, bids, asks, ts_event }: Book): void {
    const row = this.#seen.get(symbol);
    if (!row || isOutdated(ts_event, row.ts, this.#now())) return;
    row.bid = bids[0]?.[0];
    row.ask = asks[0]?.[0];
    row.ts = ts_event;
  }

  onTrade({ symbol, price, ts_event }: MarketTrade): void {
    const row = this.#seen.get(symbol);
    if (!row || isOutdated(ts_event, row.lastTs, this.#now())) return;
    row.last = price;
    row.lastTs = ts_event;
  }

  onFallback(fallback: FallbackPrice): void {
    const row = this.#seen.get(fallback.symbol);
    if (row && !isOutdated(fallback.ts_event, row.fallback?.ts_event, this.#now())) row.fallback = fallback;
  }

  symbols(): readonly string[] {
    return [...this.#seen.keys()];
  }

  /** A row of each symbol. It is stale if its price is older than `staleAfterMs`. */
  rows(staleAfterMs: number): PriceRow[] {
    const nowMs = this.#now();
    return [...this.#seen.keys()].map((symbol) => this.#rowOf(symbol, nowMs, staleAfterMs));
  }

  /** Milliseconds since each symbol's newest book, even if its row shows a fallback price; undefined without a book, or if its age is unknown. */
  bookAges(): { readonly symbol: string; readonly age_ms: number | undefined }[] {
    const nowMs = this.#now();
    return [...this.#seen].map(([symbol, { ts }]) => ({
      symbol,
      age_ms: ts === undefined ? undefined : ageOf(ts, nowMs),
    }));
  }

  /** The valuation of a position at present prices. Its fields are absent without a price. */
  valuationOf({
    symbol,
    side,
    entry_price,
    quantity,
  }: OpenPosition): Pick<PositionRow, 'current_price' | 'unrealised_pnl' | 'unrealised_pct'> {
    const price = this.#exitPrice(symbol, side);
    if (price === undefined) return {};
    const gain = (price - entry_price) * (side === 'LONG' ? 1 : -1);
    return { current_price: price, unrealised_pnl: gain * quantity, unrealised_pct: (gain / entry_price) * 100 };
  }

  /** The exit price of a position of `side`: the bid for LONG, the ask for SHORT, or a newer fallback price. */
  #exitPrice(symbol: string, side: Side): number | undefined {
    const row = this.#seen.get(symbol);
    if (row === undefined) return undefined;
    const price = newerFallback(row, this.#now())?.price ?? (side === 'LONG' ? row.bid : row.ask);
    return price === undefined ? undefined : Number(price);
  }

  #rowOf(symbol: string, nowMs: number, staleAfterMs: number): PriceRow {
    const row = this.#seen.get(symbol) ?? {};
    const { bid, ask, ts, last } = row;
    const fallback = newerFallback(row, nowMs);
    // Leave out the old bid and ask: beside a current price they would look current.
    if (fallback !== undefined) {
      const { price, source, ts_event } = fallback;
      return { symbol, last: price, source, ts: ts_event, ...freshnessOf(ts_event, nowMs, staleAfterMs) };
    }
    const source = this.#source;
    if (ts === undefined) return { symbol, last, source, stale: true };
    return { symbol, bid, ask, last, source, ts, ...freshnessOf(ts, nowMs, staleAfterMs) };
  }
}

function freshnessOf(ts: number, nowMs: number, staleAfterMs: number): Pick<PriceRow, 'age_ms' | 'stale'> {
  const ageMs = ageOf(ts, nowMs);
  return ageMs === undefined ? { stale: true } : { age_ms: ageMs, stale: ageMs > staleAfterMs };
}

/** True if a newer price is known, and its time is not in the future: the clock may have been set back. */
function isOutdated(ts: number, knownTs: number | undefined, nowMs: number): boolean {
  return knownTs !== undefined && ts < knownTs && ageOf(knownTs, nowMs) !== undefined;
}

/** The fallback price, if it is newer than the book. */
function newerFallback({ fallback, ts }: Seen, nowMs: number): FallbackPrice | undefined {
  return fallback !== undefined && !isOutdated(fallback.ts_event - 1, ts, nowMs) ? fallback : undefined;
}
