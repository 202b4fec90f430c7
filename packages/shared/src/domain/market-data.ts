import { z } from 'zod';
import { STALE_KLINE_INTERVALS } from './freshness.ts';
import { Decimal, EpochMs, InstrumentSymbol } from './primitives.ts';

/** Fields every market message carries. `seq` is there in a lock-step replay only and asks for an acknowledgement. */
const stamped = {
  symbol: InstrumentSymbol,
  ts_event: EpochMs,
  ts_init: EpochMs,
  seq: z.number().int().positive().optional(),
};

/** Price and quantity, as decimal strings. */
export const Level = z.tuple([Decimal, Decimal]);
export type Level = z.infer<typeof Level>;

/** The best levels of a book whose sequence is unbroken; best first on each side. */
export const Book = z.strictObject({
  type: z.literal('book'),
  ...stamped,
  last_update_id: z.number().int().nonnegative(),
  bids: z.array(Level).max(20),
  asks: z.array(Level).max(20),
});
export type Book = z.infer<typeof Book>;

/** One trade on the venue. `buyer_is_maker` true means the seller was the aggressor. */
export const MarketTrade = z.strictObject({
  type: z.literal('trade'),
  ...stamped,
  trade_id: z.number().int().nonnegative(),
  price: Decimal,
  qty: Decimal,
  buyer_is_maker: z.boolean(),
});
export type MarketTrade = z.infer<typeof MarketTrade>;

/** The venue's mark price with the funding that comes next. */
export const MarkPrice = z.strictObject({
  type: z.literal('mark'),
  ...stamped,
  mark_price: Decimal,
  index_price: Decimal.optional(),
  /** Fraction of notional paid at `next_funding_ts`; longs pay when positive. */
  funding_rate: Decimal.optional(),
  next_funding_ts: EpochMs.optional(),
});
export type MarkPrice = z.infer<typeof MarkPrice>;

export const KlineInterval = z.enum(['1m', '5m', '15m', '1h', '4h']);
export type KlineInterval = z.infer<typeof KlineInterval>;

/** Length of each interval in milliseconds. */
export const KLINE_INTERVAL_MS: Readonly<Record<KlineInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
};

/** True where a newer candle should have closed long ago; `openTs` is when the newest closed one opened. All epoch ms. */
export function isKlineStale(interval: KlineInterval, openTs: number, nowMs: number): boolean {
  return nowMs > klineStaleAfter(interval, openTs);
}

/** Until when candles count as current, epoch ms; `openTs` is when the newest closed one opened. */
export function klineStaleAfter(interval: KlineInterval, openTs: number): number {
  return openTs + (1 + STALE_KLINE_INTERVALS) * KLINE_INTERVAL_MS[interval];
}

/** A closed candle. `close_ts` is the last millisecond inside it, as the venue has it. */
export const Kline = z.strictObject({
  type: z.literal('kline'),
  ...stamped,
  interval: KlineInterval,
  open_ts: EpochMs,
  close_ts: EpochMs,
  open: Decimal,
  high: Decimal,
  low: Decimal,
  close: Decimal,
  /** Base currency. */
  volume: Decimal,
  /** Quote currency. */
  quote_volume: Decimal,
  trades: z.number().int().nonnegative(),
});
export type Kline = z.infer<typeof Kline>;

/** A break in a symbol's data: the book is dropped; after SESSION_END its simulated positions are closed too. */
export const MarketBreak = z.strictObject({
  type: z.literal('break'),
  ...stamped,
  kind: z.enum(['BOOK_INVALID', 'SESSION_END']),
  /** What broke, for a reader of the log: `depth gap`, `crossed book`, `60 s without data`, `recording ended`. */
  reason: z.string(),
});
export type MarketBreak = z.infer<typeof MarketBreak>;

/**
 * A price from somewhere else while the venue is away. It is no book and no quote of what could be traded: positions may be left
 * on it, none is entered. CoinGecko's is in US dollars, which stand in for USDT.
 */
export const FallbackPrice = z.strictObject({
  type: z.literal('fallback'),
  ...stamped,
  price: Decimal,
  source: z.enum(['coingecko']),
});
export type FallbackPrice = z.infer<typeof FallbackPrice>;

/** Everything the strategy and the simulated fills hear from a market. */
export const MarketEvent = z.discriminatedUnion('type', [
  Book,
  MarketTrade,
  MarkPrice,
  Kline,
  MarketBreak,
  FallbackPrice,
]);
export type MarketEvent = z.infer<typeof MarketEvent>;

/** The events of one frame of a recording; in lock-step each carries its number. */
export type FrameEvents = readonly MarketEvent[];

/** Frames of a lock-step replay in order, none without an event. */
export const FrameBatch = z.strictObject({ frames: z.array(z.array(MarketEvent).min(1)).min(1) });
export type FrameBatch = z.infer<typeof FrameBatch>;

/** The number of a frame's last event; 0 where it has none. */
export function lastSeqOf(frame: FrameEvents): number {
  return frame.at(-1)?.seq ?? 0;
}
