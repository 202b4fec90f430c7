import { COVER_LIMITS } from './cover-limits.ts';
import { type CoverTarget, coversWhole, isBeyond, isFor } from './cover-target.ts';
import type { TrackedStop } from './tracked-stop.ts';

/** Why a position must be closed at the market now. */
export interface CloseDemand {
  readonly code:
    | 'STOP_PASSED'
    | 'STOP_REJECTED'
    | 'STOP_STUCK'
    | 'STOP_UNFILLED'
    | 'STOP_NOT_TRIGGERED'
    | 'STOP_REFUSED'
    | 'STOP_DEADLINE'
    | 'STOP_UNCONFIRMED';
  readonly reason: string;
}

/** State of a position's protection, as far as a demand depends on it. Times are epoch ms. */
export interface CoverFacts {
  readonly target: CoverTarget;
  readonly stops: readonly TrackedStop[];
  readonly nowMs: number;
  readonly deadlineMs: number;
  /** Since when no stop covers the whole position; `undefined` while one does. */
  readonly bareSinceMs: number | undefined;
  /** Since when the mark price is beyond the trigger of every covering stop. */
  readonly beyondSinceMs: number | undefined;
  /** Stops that the venue refused or ended one after another, and what it said last. */
  readonly failures: number;
  readonly failure: string;
}

/** The demand that follows from the present state; it ends with its reason. */
export function demandOf(facts: CoverFacts): CloseDemand | undefined {
  return triggerDemand(facts) ?? bareDemand(facts);
}

/** Since when the price is beyond each stop that covers the position, given since when it was so before. */
export function beyondSince(
  target: CoverTarget,
  stops: readonly TrackedStop[],
  markPrice: number | undefined,
  { before, nowMs }: { readonly before: number | undefined; readonly nowMs: number },
): number | undefined {
  const covering = stops.filter((stop) => coversWhole(target, stop));
  if (markPrice === undefined || covering.length === 0) return undefined;
  return covering.every(({ terms }) => isBeyond(target.side, markPrice, terms.triggerPrice))
    ? (before ?? nowMs)
    : undefined;
}

function triggerDemand({ target, stops, nowMs, beyondSinceMs }: CoverFacts): CloseDemand | undefined {
  const { triggerMs } = COVER_LIMITS;
  const late = stops.find((stop) => isFor(target, stop) && stop.isTriggered && nowMs - stop.stateSinceMs >= triggerMs);
  if (late?.phase === 'TRIGGERING')
    return { code: 'STOP_STUCK', reason: `stop ${late.id} has been triggering for ${seconds(triggerMs)}` };
  if (late) return { code: 'STOP_UNFILLED', reason: `stop ${late.id} triggered, and the position is still open` };
  if (beyondSinceMs !== undefined && nowMs - beyondSinceMs >= triggerMs)
    return { code: 'STOP_NOT_TRIGGERED', reason: `the mark price is beyond the stop, which does not trigger` };
  return undefined;
}

function bareDemand(facts: CoverFacts): CloseDemand | undefined {
  const { target, stops, nowMs, bareSinceMs, failures, failure } = facts;
  if (bareSinceMs === undefined || stops.some((stop) => isFor(target, stop) && stop.isTriggered)) return undefined;
  if (failures >= COVER_LIMITS.maxFailures)
    return { code: 'STOP_REFUSED', reason: `no stop stays on the venue: ${failure}` };
  const bareMs = nowMs - bareSinceMs;
  const own = stops.filter((stop) => isFor(target, stop) && !stop.isReplaced);
  const open = own.filter(({ phase }) => phase !== 'RESTING' && phase !== 'OVER');
  if (bareMs >= facts.deadlineMs && open.every(({ isMissing }) => isMissing))
    return { code: 'STOP_DEADLINE', reason: `no stop has rested for ${seconds(bareMs)}${failure && `: ${failure}`}` };
  // The venue showed the stop once: it may have forgotten it for a while. The stop price is watched meanwhile.
  if (bareMs >= COVER_LIMITS.unconfirmedMs && open.every(({ state }) => state === undefined))
    return { code: 'STOP_UNCONFIRMED', reason: `the venue has not confirmed a stop for ${seconds(bareMs)}` };
  return undefined;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
