/**
 * For each value, how far it lies from the smallest to the largest by logarithm, 0..1; 0.5 if all are equal. Ten times the value is
 * worth the same step anywhere, however many others lie between.
 */
export function logShares(values: readonly number[]): readonly number[] {
  const logs = values.map((value) => Math.log1p(Math.max(0, value)));
  const low = logs.reduce((least, log) => Math.min(least, log), Number.POSITIVE_INFINITY);
  const high = logs.reduce((most, log) => Math.max(most, log), 0);
  return logs.map((log) => (high > low ? (log - low) / (high - low) : 0.5));
}
