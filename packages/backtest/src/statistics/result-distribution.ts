import { quantileOf } from './moments.ts';
import { roundStep } from './round-step.ts';

/** Number of results from `from` (inclusive) to `to` (exclusive, except in the last bin). */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How the results of trades are spread, basis points. Quantiles are absent without trades. */
export interface ResultDistribution {
  readonly bins: readonly HistogramBin[];
  readonly quantiles: Readonly<Partial<Record<(typeof SHARES)[number], number>>>;
}

const SHARES = ['p0', 'p5', 'p25', 'p50', 'p75', 'p95', 'p100'] as const;
const MAX_BINS = 40;

/** Bins of a round width near Freedman & Diaconis' (1981) rule, 2 × interquartile range / ∛n; zero is a border. */
export function distributionOf(values: readonly number[]): ResultDistribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantileOf(sorted, share);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return { bins: [], quantiles: {} };
  const quantiles = Object.fromEntries(SHARES.map((name) => [name, at(Number(name.slice(1)) / 100)]));
  // Only a damaged result has values that are further apart than numbers reach.
  if (!Number.isFinite(high - low)) return { bins: [], quantiles };
  const middle = (at(0.75) ?? high) - (at(0.25) ?? low);
  const step = roundStep(Math.max((2 * middle) / Math.cbrt(sorted.length), (high - low) / MAX_BINS));
  const first = Math.floor(low / step);
  const last = Math.max(first, Math.ceil(high / step) - 1);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const value of sorted) {
    const bin = Math.min(last, Math.floor(value / step)) - first;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const bins = counts.map((count, index) => ({ from: (first + index) * step, to: (first + index + 1) * step, count }));
  return { bins, quantiles };
}
