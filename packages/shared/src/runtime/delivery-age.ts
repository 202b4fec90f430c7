import { MAX_AHEAD_MS } from '../domain/freshness.ts';

/** Milliseconds since a stream entry was appended; undefined if its id lies in the future: the clock was set back since. */
export function deliveryAgeOf(id: string, nowMs: number): number | undefined {
  const ageMs = nowMs - Number.parseInt(id, 10);
  return ageMs < -MAX_AHEAD_MS ? undefined : Math.max(0, ageMs);
}
