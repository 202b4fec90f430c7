import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { ImbalanceQuantile } from './imbalance-quantile.ts';

/** Maximum threshold: no book could meet a higher one. */
const HIGHEST_THRESHOLD = 0.99;

/** With `nobi_threshold = auto`, the threshold while too few imbalances are known. */
const COLD_THRESHOLD = 0.4;

/**
 * The threshold of the imbalance under a regime. A regime multiplies a threshold that is set; it divides the share of the
 * imbalances that lie beyond `auto`, because a multiple of a high quantile may be out of reach.
 */
export function thresholdInForce(
  { nobi_threshold, nobi_quantile }: Pick<StrategyParams['signals'], 'nobi_threshold' | 'nobi_quantile'>,
  regimeFactor: number,
  imbalances: ImbalanceQuantile,
): number {
  if (nobi_threshold !== 'auto') return Math.min(nobi_threshold * regimeFactor, HIGHEST_THRESHOLD);
  const quantile = imbalances.at(1 - Math.min(1, (1 - nobi_quantile) / regimeFactor));
  return Math.min(quantile ?? COLD_THRESHOLD, HIGHEST_THRESHOLD);
}

/**
 * The direction of an imbalance. Positive NOBI means that asks dominate, and prices tend to fall after ask-heavy books: NOBI ≥
 * threshold → SHORT, NOBI ≤ −threshold → LONG.
 */
export function triggerOf(nobi: number | undefined, threshold: number): Side | undefined {
  if (nobi === undefined) return undefined;
  if (nobi >= threshold) return 'SHORT';
  return nobi <= -threshold ? 'LONG' : undefined;
}
