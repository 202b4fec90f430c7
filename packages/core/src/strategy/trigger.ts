import type { Side } from '@helios/shared/domain/signal.ts';

/** Maximum threshold: no book could meet a higher one. */
const HIGHEST_THRESHOLD = 0.99;

/** The threshold of the imbalance under a regime. */
export function thresholdInForce(threshold: number, regimeFactor: number): number {
  return Math.min(threshold * regimeFactor, HIGHEST_THRESHOLD);
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
