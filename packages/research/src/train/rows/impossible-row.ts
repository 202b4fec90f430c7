import type { TrainingRow } from '@helios/shared/domain/training-row.ts';

/** Clocks of two machines differ. */
const CLOCK_MARGIN_MS = 86_400_000;
/** No order of ours is held longer; one row with a later end would be the embargo of all. */
const MAX_OUTCOME_MS = 31 * 86_400_000;
/** A result of more basis points is a thousand times the price. */
const MAX_BP = 1e7;
/** Trees read float32. */
const MAX_FEATURE = 3.4e38;
/** Result and costs are rounded to six digits: least difference that is no rounding, as a share of the largest figure. */
const ROUNDING = 1e-4;

/**
 * What contradicts itself in a row, or no market does; undefined for a sound one. One such row moves the folds, the embargo or the
 * expiry of a whole training.
 */
export function impossibleIn(row: TrainingRow, nowMs: number): string | undefined {
  const { ts, end_ts, features, sequence = [], net_bp, gross_bp, cost_bp, best_bp, worst_bp } = row;
  if (ts > nowMs + CLOCK_MARGIN_MS) return `ts: ${new Date(ts).toISOString()} has not come yet`;
  if (end_ts < ts) return 'end_ts: comes before ts';
  if (end_ts - ts > MAX_OUTCOME_MS) return 'end_ts: comes more than 31 days after ts';
  const figures = { net_bp, gross_bp, cost_bp, best_bp, worst_bp };
  for (const [name, value] of Object.entries(figures))
    if (Math.abs(value) > MAX_BP) return `${name}: exceeds ${MAX_BP}`;
  const largest = Math.max(1, Math.abs(net_bp), Math.abs(gross_bp), Math.abs(cost_bp));
  if (Math.abs(gross_bp - net_bp - cost_bp) > ROUNDING * largest) return 'net_bp: is not gross_bp minus cost_bp';
  if ([features, ...sequence].flat().some((value) => Math.abs(value ?? 0) > MAX_FEATURE)) {
    return `features: one exceeds ${MAX_FEATURE}`;
  }
  return undefined;
}
