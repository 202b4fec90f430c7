/** Share of the values that counts as tail. */
const TAIL = 0.05;

/**
 * Hill's estimate of the tail index of the absolute values: P(|x| > v) falls like v^−index. Few or equal values: undefined.
 * (Hill 1975, "A simple general approach to inference about the tail of a distribution".)
 */
export function tailIndex(values: readonly number[], share = TAIL): number | undefined {
  const sizes = Float64Array.from(values, Math.abs).sort();
  const count = Math.floor(share * sizes.length);
  const threshold = sizes[sizes.length - 1 - count] ?? 0;
  if (count < 5 || !(threshold > 0)) return undefined;
  let sum = 0;
  for (let at = sizes.length - count; at < sizes.length; at += 1) sum += Math.log((sizes[at] ?? threshold) / threshold);
  return sum > 0 ? count / sum : undefined;
}
