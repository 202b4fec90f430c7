import type { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { signOf } from './side-sign.ts';

/** The sentiment that applies to a symbol, and its origin. */
export interface SentimentInForce {
  readonly sentiment: SentimentState;
  readonly of: 'coin' | 'market';
}

/** The sentiment of the coin if it is fresh and not thin, else that of the market, else none (neutral). */
export function sentimentInForce(
  own: SentimentState | undefined,
  market: SentimentState | undefined,
  nowMs: number,
  { max_age_sec }: StrategyParams['sentiment'],
): SentimentInForce | undefined {
  if (own !== undefined && isUsable(own, nowMs, max_age_sec)) return { sentiment: own, of: 'coin' };
  if (market !== undefined && isUsable(market, nowMs, max_age_sec)) return { sentiment: market, of: 'market' };
  return undefined;
}

function isUsable({ basis, updated_ts }: SentimentState, nowMs: number, maxAgeSec: number): boolean {
  if (basis !== undefined && basis !== 'OK') return false;
  const ageMs = nowMs - updated_ts;
  // In a replay, a sentiment from the future is not known yet.
  return ageMs >= 0 && ageMs <= maxAgeSec * 1_000;
}

/**
 * Factor for the confidence of an entry, `weaken_factor`..1. It is 1 unless the sentiment is against the trade by more than
 * `weaken_score`; from there it falls until the gate refuses at `block_score`.
 */
export function sentimentConfidence(
  side: Side,
  inForce: SentimentInForce | undefined,
  { enabled, weaken_score, block_score, weaken_factor }: StrategyParams['sentiment'],
): number {
  if (!enabled || inForce === undefined) return 1;
  const against = -signOf(side) * inForce.sentiment.score;
  if (against <= weaken_score) return 1;
  const way = block_score > weaken_score ? Math.min((against - weaken_score) / (block_score - weaken_score), 1) : 1;
  return 1 - way * (1 - weaken_factor);
}

/** Factor for the stop distances of this side: `shock_stop_factor` while the sentiment turns against it abruptly, else 1. */
export function shockFactor(
  side: Side,
  inForce: SentimentInForce | undefined,
  { enabled, shock_momentum, shock_stop_factor }: StrategyParams['sentiment'],
): number {
  const momentum = inForce?.sentiment.momentum;
  if (!enabled || momentum === undefined) return 1;
  return signOf(side) * momentum <= -shock_momentum ? shock_stop_factor : 1;
}
