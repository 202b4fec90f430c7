import { z } from 'zod';
import { STALE_KLINE_INTERVALS } from './freshness.ts';
import { Decimal, EpochMs, InstrumentSymbol } from './primitives.ts';

/** Fields of every market message. `seq` exists only in a lock-step replay and requests an acknowledgement. */
const stamped = {
  symbol: InstrumentSymbol,
  ts_event: EpochMs,
  ts_init: EpochMs,
  seq: z.number().int().positive().optional(),
};

/** Price and quantity, as decimal strings. */
export const Level = z.tuple([Decimal, Decimal]);
export type Level = z.infer<typeof Level>;

/** The best levels of a book without a gap in its sequence; best first on each side. */
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

/** The venue's mark price with the next funding. */
export const MarkPrice = z.strictObject({
  type: z.literal('mark'),
  ...stamped,
  mark_price: Decimal,
  index_price: Decimal.optional(),
  /** Fraction of notional paid at `next_funding_ts`; if positive, longs pay. */
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

/** True if a newer kline should have closed long ago. `openTs`: open time of the newest closed kline. All epoch ms. */
export function isKlineStale(interval: KlineInterval, openTs: number, nowMs: number): boolean {
  return nowMs > klineStaleAfter(interval, openTs);
}

/** Until when klines count as current, epoch ms. `openTs`: open time of the newest closed kline. */
export function klineStaleAfter(interval: KlineInterval, openTs: number): number {
  return openTs + (1 + STALE_KLINE_INTERVALS) * KLINE_INTERVAL_MS[interval];
}

/** A closed kline. `close_ts` is its last millisecond, as on the venue. */
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
  /** Part of the volume in which the buyer was the taker, base currency; absent if the source does not say. */
  taker_buy_volume: Decimal.optional(),
});
export type Kline = z.infer<typeof Kline>;

/** A break in a symbol's data. Readers drop the book; after SESSION_END they also close its simulated positions. */
export const MarketBreak = z.strictObject({
  type: z.literal('break'),
  ...stamped,
  kind: z.enum(['BOOK_INVALID', 'SESSION_END']),
  /** The cause, for the log: `depth gap`, `crossed book`, `60 s without data`, `recording ended`. */
  reason: z.string(),
});
export type MarketBreak = z.infer<typeof MarketBreak>;

/**
 * A price from another source while the venue is away. It is not a tradable quote: it may close positions, never open one.
 * CoinGecko's price is in US dollars, used as USDT.
 */
export const FallbackPrice = z.strictObject({
  type: z.literal('fallback'),
  ...stamped,
  price: Decimal,
  source: z.enum(['coingecko']),
});
export type FallbackPrice = z.infer<typeof FallbackPrice>;

/** Every market event that the strategy and the simulated fills receive. */
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

/** Frames of a lock-step replay in order; each has at least one event. */
export const FrameBatch = z.strictObject({ frames: z.array(z.array(MarketEvent).min(1)).min(1) });
export type FrameBatch = z.infer<typeof FrameBatch>;

/** The `seq` of a frame's last event; 0 if it has none. */
export function lastSeqOf(frame: FrameEvents): number {
  return frame.at(-1)?.seq ?? 0;
}
