import { MAX_AHEAD_MS } from './freshness.ts';

/** Milliseconds since `ts`. Undefined for a stamp in the future: the clock was set back since, so the age is unknown. */
export function ageOf(ts: number, nowMs: number): number | undefined {
  const ageMs = nowMs - ts;
  if (ageMs >= 0) return ageMs;
  return ageMs >= -MAX_AHEAD_MS ? 0 : undefined;
}

/** True if `ts` is at `startTs` or later, or if `startTs` lies in the future: the clock was set back since, so every stamp counts. */
export function isSince(ts: number, startTs: number, nowMs: number): boolean {
  return ts >= startTs || ageOf(startTs, nowMs) === undefined;
}
