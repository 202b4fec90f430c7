import type { ScoreParts } from '@helios/shared/domain/asset-selection.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { logShares } from './log-shares.ts';
import type { BookTop, DayTicker } from './market-survey.ts';
import { percentileRanks } from './percentile-ranks.ts';
import { dayRangePct, volatilityFit } from './volatility.ts';

/** Inputs of the score of a symbol. */
export interface Candidate {
  readonly symbol: string;
  readonly ticker: DayTicker;
  readonly top: BookTop;
  /** Measured on hourly klines; without it the day range is used. */
  readonly atrPct: number | undefined;
}

export interface Scored {
  readonly symbol: string;
  /** 0..1 */
  readonly score: number;
  readonly parts: ScoreParts;
}

/**
 * Scores candidates against each other: the weighted mean of the logarithm of the volume, of the ranks of depth and narrow spread,
 * and of the fit of the volatility. Returns them in the given order; the order does not change scores.
 */
export function scoreCandidates(candidates: readonly Candidate[], params: Settings['trading']): readonly Scored[] {
  const depths = candidates.map(({ top }) => topDepth(top));
  const spreads = candidates.map(({ top }) => spreadBp(top));
  const volumeShares = logShares(candidates.map(({ ticker }) => ticker.quoteVolume));
  const depthRanks = percentileRanks(depths);
  const spreadRanks = percentileRanks(spreads.map((spread) => -spread));
  return candidates.map(({ symbol, ticker, atrPct }, i) => {
    const volatilityPct = atrPct ?? dayRangePct(ticker);
    const parts: ScoreParts = {
      volume_share: volumeShares[i] ?? 0,
      depth_rank: depthRanks[i] ?? 0,
      spread_rank: spreadRanks[i] ?? 0,
      volatility_fit: volatilityFit(volatilityPct, params.volatility_low_pct, params.volatility_high_pct),
      quote_volume: ticker.quoteVolume,
      top_depth: depths[i] ?? 0,
      spread_bp: spreads[i] ?? 0,
      volatility_pct: volatilityPct,
      volatility_source: atrPct === undefined ? 'DAY_RANGE' : 'ATR',
    };
    return { symbol, score: weigh(parts, params), parts };
  });
}

/** Value at the best price of the thinner side, quote currency. */
export function topDepth({ bid, bidQty, ask, askQty }: BookTop): number {
  return Math.min(bid * bidQty, ask * askQty);
}

/** Spread in basis points of the mid. */
export function spreadBp({ bid, ask }: BookTop): number {
  return (20_000 * (ask - bid)) / (ask + bid);
}

function weigh(parts: ScoreParts, params: Settings['trading']): number {
  const { volume_weight, depth_weight, spread_weight, volatility_weight } = params;
  const sum = volume_weight + depth_weight + spread_weight + volatility_weight;
  const weighted =
    volume_weight * parts.volume_share +
    depth_weight * parts.depth_rank +
    spread_weight * parts.spread_rank +
    volatility_weight * parts.volatility_fit;
  return Math.min(1, weighted / sum);
}
