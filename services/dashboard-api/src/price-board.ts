import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Book, MarketTrade } from '@helios/shared/domain/market-data.ts';
import { z } from 'zod';

/** One symbol's newest prices, decimal strings as the venue wrote them; absent: none was seen. */
export const PriceRow = z.strictObject({
  symbol: z.string(),
  bid: z.string().optional(),
  ask: z.string().optional(),
  /** Price of the last trade. */
  last: z.string().optional(),
  /** Where the prices come from: `binance`, `generator`, `replay`. */
  source: z.string(),
  /** When the book had this state, epoch ms of the market's clock. */
  ts: z.number().int().optional(),
  age_ms: z.number().optional(),
  /** Older than dashboard.stale_after_sec, or never seen. */
  stale: z.boolean(),
});
export type PriceRow = z.infer<typeof PriceRow>;

/** The newest book and trade of every watched symbol. A symbol's row stays, however old it grows. */
export interface PriceBoard {
  onWatchlist(symbols: readonly string[]): void;
  onBook(book: Book): void;
  onTrade(trade: MarketTrade): void;
  symbols(): readonly string[];
  rows(nowMs: number): PriceRow[];
  /** Best bid and ask as numbers. */
  quote(symbol: string): { readonly bid: number; readonly ask: number } | undefined;
}

interface Seen {
  bid?: string | undefined;
  ask?: string | undefined;
  ts?: number;
  last?: string;
  lastTs?: number;
}

export function createPriceBoard(mode: FleetMode, staleAfterMs: number): PriceBoard {
  const seen = new Map<string, Seen>();
  const source = mode.source?.kind ?? (mode.mode === 'live' ? 'binance' : 'public');

  function rowOf(symbol: string, nowMs: number): PriceRow {
    const { bid, ask, ts, last } = seen.get(symbol) ?? {};
    if (ts === undefined) return { symbol, last, source, stale: true };
    const ageMs = Math.max(0, nowMs - ts);
    return { symbol, bid, ask, last, source, ts, age_ms: ageMs, stale: ageMs > staleAfterMs };
  }

  return {
    onWatchlist(symbols) {
      for (const symbol of seen.keys()) if (!symbols.includes(symbol)) seen.delete(symbol);
      for (const symbol of symbols) if (!seen.has(symbol)) seen.set(symbol, {});
    },
    onBook({ symbol, bids, asks, ts_event }) {
      const row = seen.get(symbol);
      if (!row || ts_event < (row.ts ?? 0)) return;
      row.bid = bids[0]?.[0];
      row.ask = asks[0]?.[0];
      row.ts = ts_event;
    },
    onTrade({ symbol, price, ts_event }) {
      const row = seen.get(symbol);
      if (!row || ts_event < (row.lastTs ?? 0)) return;
      row.last = price;
      row.lastTs = ts_event;
    },
    symbols: () => [...seen.keys()],
    rows: (nowMs) => [...seen.keys()].map((symbol) => rowOf(symbol, nowMs)),
    quote(symbol) {
      const { bid, ask } = seen.get(symbol) ?? {};
      return bid !== undefined && ask !== undefined ? { bid: Number(bid), ask: Number(ask) } : undefined;
    },
  };
}
