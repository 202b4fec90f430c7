import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';

/** Why a symbol is on the watchlist; docs/asset-selection.md explains each. */
export const WatchReason = z.enum(['TOP', 'MARGIN', 'YOUNG', 'UNJUDGED', 'HELD', 'FIXED', 'START']);
export type WatchReason = z.infer<typeof WatchReason>;

/** Why a symbol is not on the watchlist, in the order of the checks; docs/asset-selection.md explains each. */
export const SelectionRejection = z.enum([
  'NOT_USD_MARGINED',
  'NOT_PERPETUAL',
  'NOT_USDT_QUOTED',
  'NOT_USDT_MARGINED',
  'NOT_TRADING',
  'DELIVERING',
  'NOT_COIN',
  'ODD_SYMBOL',
  'PEGGED_BASE',
  'BLACKLISTED',
  'NOT_WHITELISTED',
  'TOO_NEW',
  'NO_TICKER',
  'NO_TOP',
  'NO_TRADES',
  'LOW_VOLUME',
  'WIDE_SPREAD',
  'OUTSCORED',
  'NOT_LISTED',
]);
export type SelectionRejection = z.infer<typeof SelectionRejection>;

const Share = z.number().min(0).max(1);

/** The four parts of a score, 0 (bad) to 1 (good), each with the figure behind it. */
export const ScoreParts = z.strictObject({
  /** Where its 24 h volume lies from the smallest to the largest of the scored symbols, by logarithm. */
  volume_share: Share,
  /** Rank among the scored symbols by depth at the best prices, and by narrow spread. */
  depth_rank: Share,
  spread_rank: Share,
  /** 1 within the configured volatility band, less on either side. */
  volatility_fit: Share,
  /** 24 h turnover, quote currency. */
  quote_volume: z.number().nonnegative(),
  /** The smaller of the two sides at the best price, quote currency. */
  top_depth: z.number().nonnegative(),
  /** Best ask over best bid, basis points of the mid. */
  spread_bp: z.number().nonnegative(),
  /** Average true range of an hour, percent of price. */
  volatility_pct: z.number().nonnegative(),
  /** Measured on hourly klines, or estimated from the day's high and low. */
  volatility_source: z.enum(['ATR', 'DAY_RANGE']),
});
export type ScoreParts = z.infer<typeof ScoreParts>;

/** One symbol's place in the selection: on the watchlist, or among the next candidates. */
export const AssetScore = z.strictObject({
  run: RunLabel,
  symbol: InstrumentSymbol,
  on_list: z.boolean(),
  reason: z.union([WatchReason, SelectionRejection]),
  /** 0..1; absent if the symbol was not scored. */
  score: Share.optional(),
  parts: ScoreParts.optional(),
  /** On the watchlist since, epoch ms. */
  since_ts: EpochMs.optional(),
  /** Score and reason in words. */
  explanation: z.string(),
  updated_ts: EpochMs,
});
export type AssetScore = z.infer<typeof AssetScore>;
