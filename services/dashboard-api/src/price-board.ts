import { ageOf } from '@helios/shared/domain/age.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { PriceRow } from '@helios/shared/domain/http-replies.ts';
import type { Book, FallbackPrice, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';

/** The newest book and trade of every watched symbol. A row stays even if it is old. */
export interface PriceBoard {
  onWatchlist(symbols: readonly string[]): void;
  onBook(book: Book): void;
  onTrade(trade: MarketTrade): void;
  onFallback(fallback: FallbackPrice): void;
  symbols(): readonly string[];
  rows(nowMs: number): PriceRow[];
  /** Milliseconds since each symbol's newest book, even if its row shows a fallback price; undefined without a book. */
  bookAges(nowMs: number): { symbol: string; age_ms: number | undefined }[];
  /** The exit price of a position of `side`: the bid for LONG, the ask for SHORT, or a newer fallback price. */
  exitPrice(symbol: string, side: Side): number | undefined;
}

interface Seen {
  bid?: string | undefined;
  ask?: string | undefined;
  ts?: number;
  last?: string;
  lastTs?: number;
  fallback?: FallbackPrice;
}

/** `now`: market time, epoch ms. A price stamped in the future yields to any newly received one. */
export function createPriceBoard(
  mode: FleetMode,
  staleAfterMs: number,
  now: () => number = () => Number.POSITIVE_INFINITY,
): PriceBoard {
  const seen = new Map<string, Seen>();
  const source = mode.source?.kind ?? 'binance';

  function rowOf(symbol: string, nowMs: number): PriceRow {
    const row = seen.get(symbol) ?? {};
    const { bid, ask, ts, last } = row;
    const elsewhere = newerFallback(row, nowMs);
    // Leave out the old bid and ask: beside a current price they would look current.
    if (elsewhere !== undefined) {
      const { price, source: site, ts_event } = elsewhere;
      return { symbol, last: price, source: site, ts: ts_event, ...freshnessOf(ts_event, nowMs) };
    }
    if (ts === undefined) return { symbol, last, source, stale: true };
    return { symbol, bid, ask, last, source, ts, ...freshnessOf(ts, nowMs) };
  }

  function freshnessOf(ts: number, nowMs: number): Pick<PriceRow, 'age_ms' | 'stale'> {
    const ageMs = ageOf(ts, nowMs);
    return ageMs === undefined ? { stale: true } : { age_ms: ageMs, stale: ageMs > staleAfterMs };
  }

  return {
    onWatchlist(symbols) {
      for (const symbol of seen.keys()) if (!symbols.includes(symbol)) seen.delete(symbol);
      for (const symbol of symbols) if (!seen.has(symbol)) seen.set(symbol, {});
    },
    onBook({ symbol, bids, asks, ts_event }) {
      const row = seen.get(symbol);
      if (!row || isOutdated(ts_event, row.ts, now())) return;
      row.bid = bids[0]?.[0];
      row.ask = asks[0]?.[0];
      row.ts = ts_event;
    },
    onTrade({ symbol, price, ts_event }) {
      const row = seen.get(symbol);
      if (!row || isOutdated(ts_event, row.lastTs, now())) return;
      row.last = price;
      row.lastTs = ts_event;
    },
    onFallback(fallback) {
      const row = seen.get(fallback.symbol);
      if (row && !isOutdated(fallback.ts_event, row.fallback?.ts_event, now())) row.fallback = fallback;
    },
    symbols: () => [...seen.keys()],
    rows: (nowMs) => [...seen.keys()].map((symbol) => rowOf(symbol, nowMs)),
    bookAges: (nowMs) =>
      [...seen].map(([symbol, { ts }]) => ({ symbol, age_ms: ts === undefined ? undefined : ageOf(ts, nowMs) })),
    exitPrice(symbol, side) {
      const row = seen.get(symbol);
      if (row === undefined) return undefined;
      const price = newerFallback(row, now())?.price ?? (side === 'LONG' ? row.bid : row.ask);
      return price === undefined ? undefined : Number(price);
    },
  };
}

/** True if a newer price is known, and its time is not in the future: the clock may have been set back. */
function isOutdated(ts: number, knownTs: number | undefined, nowMs: number): boolean {
  return knownTs !== undefined && ts < knownTs && ageOf(knownTs, nowMs) !== undefined;
}

/** The fallback price, if it is newer than the book. */
function newerFallback({ fallback, ts }: Seen, nowMs: number): FallbackPrice | undefined {
  return fallback !== undefined && !isOutdated(fallback.ts_event - 1, ts, nowMs) ? fallback : undefined;
}
