/**
 * Strength of an imbalance without a model: 0 at the threshold, 1 for a book with one side only. It ranks triggers; it is not a
 * probability.
 */
export function imbalanceStrength(nobi: number, threshold: number): number {
  if (threshold >= 1) return 0;
  return Math.min(Math.max((Math.abs(nobi) - threshold) / (1 - threshold), 0), 1);
}
