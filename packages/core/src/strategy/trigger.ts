import type { Side } from '@helios/shared/domain/signal.ts';

/** No book is more lopsided than this: a threshold above could never be met. */
const HIGHEST_THRESHOLD = 0.99;

/** The imbalance asked for under a regime. */
export function thresholdInForce(threshold: number, regimeFactor: number): number {
  return Math.min(threshold * regimeFactor, HIGHEST_THRESHOLD);
}

/**
 * The direction an imbalance points to. Positive NOBI means that asks dominate, and ask-heavy books precede falls:
 * NOBI ≥ threshold → SHORT, NOBI ≤ −threshold → LONG.
 */
export function triggerOf(nobi: number | undefined, threshold: number): Side | undefined {
  if (nobi === undefined) return undefined;
  if (nobi >= threshold) return 'SHORT';
  return nobi <= -threshold ? 'LONG' : undefined;
}
