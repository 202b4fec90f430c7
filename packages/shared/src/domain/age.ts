import { MAX_AHEAD_MS } from './freshness.ts';

/** Milliseconds since `ts`. Undefined where the stamp lies in the future: the clock was set back since, and the age is unknown. */
export function ageOf(ts: number, nowMs: number): number | undefined {
  const ageMs = nowMs - ts;
  if (ageMs >= 0) return ageMs;
  return ageMs >= -MAX_AHEAD_MS ? 0 : undefined;
}

/** It was stamped at `startTs` or later. Where that lies in the future, the clock was set back since, and no stamp can tell: all count. */
export function isSince(ts: number, startTs: number, nowMs: number): boolean {
  return ts >= startTs || ageOf(startTs, nowMs) === undefined;
}
