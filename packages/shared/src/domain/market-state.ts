import { z } from 'zod';
import { EpochMs, InstrumentSymbol, RunLabel } from './primitives.ts';
import { MarketRegime, Side } from './signal.ts';

/** A symbol's regime, the figures behind it, and its present effects. */
export const RegimeState = z.strictObject({
  run: RunLabel,
  symbol: InstrumentSymbol,
  regime: MarketRegime,
  adx: z.number().optional(),
  /** Fast EMA minus slow EMA, ATRs. */
  ema_separation_atr: z.number().optional(),
  /** Realised volatility over its median within the window. */
  volatility_ratio: z.number().optional(),
  /** Percentile of realised volatility within its window, 0..100. */
  volatility_percentile: z.number().optional(),
  /** Imbalance threshold, stop distance (ATRs) and holding time (seconds) in force. */
  nobi_threshold: z.number(),
  stop_loss_atr: z.number(),
  max_hold_sec: z.number(),
  /** Directions in which the regime allows no entry. */
  blocked: z.array(Side),
  updated_ts: EpochMs,
});
export type RegimeState = z.infer<typeof RegimeState>;

/**
 * OK: enough fresh items. THIN: too few items. STALE: no recent items. NEW: its usual tone is not known yet. The score is 0 unless OK,
 * and nobody judges by it.
 */
export const SentimentBasis = z.enum(['OK', 'THIN', 'STALE', 'NEW']);
export type SentimentBasis = z.infer<typeof SentimentBasis>;

/** Sentiment of one coin or of the market. */
export const SentimentState = z.strictObject({
  /** −1..1; 0 is the usual tone of the coin or of the market. */
  score: z.number().min(-1).max(1),
  /** Items behind the score. */
  count: z.number().int().nonnegative(),
  source: z.string(),
  /** When the source was last read with success. */
  updated_ts: EpochMs,
  basis: SentimentBasis.optional(),
  /** Weighted mean of the items' unscaled scores, −1..1. */
  tone: z.number().min(-1).max(1).optional(),
  /** Weighted standard deviation of the items' scores, 0..1. */
  dispersion: z.number().nonnegative().optional(),
  /** Number of items, weighted by age (half per half-life) and by damping. */
  volume: z.number().nonnegative().optional(),
  /** Recent tone minus tone, on the scale of the score; negative: sentiment worsens. */
  momentum: z.number().min(-2).max(2).optional(),
  /** When the newest item was posted. */
  newest_ts: EpochMs.optional(),
});
export type SentimentState = z.infer<typeof SentimentState>;
