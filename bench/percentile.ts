/** The value below which `share` (0..1) of the samples are; sorts a copy. NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The median. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
