/** Redis and we may read the clock this far apart, ms. */
const MAX_AHEAD_MS = 5_000;

/** Milliseconds since a stream entry was appended; undefined where its id lies in the future: the clock was set back since. */
export function deliveryAgeOf(id: string, nowMs: number): number | undefined {
  const ageMs = nowMs - Number.parseInt(id, 10);
  return ageMs < -MAX_AHEAD_MS ? undefined : Math.max(0, ageMs);
}
