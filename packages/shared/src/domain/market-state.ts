import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { MarketRegime, Side } from './signal.ts';

/** A symbol's regime with the figures behind it and what it changes right now. */
export const RegimeState = z.strictObject({
  run: RunLabel,
  symbol: InstrumentSymbol,
  regime: MarketRegime,
  adx: z.number().optional(),
  ema_separation_pct: z.number().optional(),
  /** Percentile of realised volatility within its window, 0..100. */
  volatility_percentile: z.number().optional(),
  /** Imbalance threshold, stop distance (ATRs) and holding time (seconds) in force. */
  nobi_threshold: z.number(),
  stop_loss_atr: z.number(),
  max_hold_sec: z.number(),
  /** Direction in which the regime allows no entry. */
  blocked: z.array(Side),
  updated_ts: EpochMs,
});
export type RegimeState = z.infer<typeof RegimeState>;

/** Mood of one coin or of the market. */
export const SentimentState = z.strictObject({
  /** −1..1. */
  score: z.number().min(-1).max(1),
  /** Items behind the score. */
  count: z.number().int().nonnegative(),
  source: z.string(),
  updated_ts: EpochMs,
});
export type SentimentState = z.infer<typeof SentimentState>;
