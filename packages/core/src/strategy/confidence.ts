/**
 * Strength of an imbalance without a model, 0..1: how far it lies from the threshold (0) to a book with one side only (1).
 * An ordering of triggers, not a probability.
 */
export function imbalanceStrength(nobi: number, threshold: number): number {
  if (threshold >= 1) return 0;
  return Math.min(Math.max((Math.abs(nobi) - threshold) / (1 - threshold), 0), 1);
}
