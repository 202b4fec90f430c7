import { type CoverTarget, coversWhole, isFor } from './cover-target.ts';
import type { TrackedStop } from './tracked-stop.ts';

/** Stops of a position without an answer, at most. */
const MAX_UNDECIDED = 2;

/** What to do now: the stops to remove, and whether a new one is needed. */
export interface CoverPlan {
  readonly remove: readonly TrackedStop[];
  /** Stops that never went out and are not needed any more. */
  readonly drop: readonly TrackedStop[];
  /** MOVE: the whole position is covered, but at another price or size. PLACE: it is not covered. */
  readonly next: 'NOTHING' | 'PLACE' | 'MOVE';
}

/**
 * Decides what the stops of a symbol need. No second stop is placed while the outcome of another one for the whole position is unknown,
 * and none is removed before another one covers the whole position.
 * @param target the stop that is wanted, with the price that the venue accepts
 */
export function planCover(stops: readonly TrackedStop[], target: CoverTarget | undefined): CoverPlan {
  const own = target ? stops.filter((stop) => isFor(target, stop)) : [];
  const exact = target && own.find((stop) => isExact(stop, target));
  const unneeded = stops.filter((stop) => (exact ? stop !== exact : !own.includes(stop)));
  const plan = { remove: unneeded.filter(isRemovable), drop: unneeded.filter(({ phase }) => phase === 'NOT_SENT') };
  if (target === undefined || exact || own.some((stop) => mustWaitFor(stop, target)) || areMany(own))
    return { ...plan, next: 'NOTHING' };
  return { ...plan, next: own.some((stop) => coversWhole(target, stop)) ? 'MOVE' : 'PLACE' };
}

function isExact({ phase, terms }: TrackedStop, { quantity, stopPrice }: CoverTarget): boolean {
  return phase === 'RESTING' && terms.quantity === quantity && terms.triggerPrice === stopPrice;
}

/** A stop that is on its way must arrive first. One that triggers closes what is left, or nothing. */
function isRemovable({ phase, cancelMs }: TrackedStop): boolean {
  return cancelMs === undefined && (phase === 'RESTING' || phase === 'DOUBTED');
}

/** A stop that is too small, as after the first of several fills, need not be answered before one for all of it goes out. */
function mustWaitFor(stop: TrackedStop, target: CoverTarget): boolean {
  if (!isUndecided(stop)) return false;
  const { quantity } = stop.terms;
  return stop.phase !== 'SENT' || quantity === 0 || quantity >= target.quantity;
}

/** Fills come in bursts: not each of them gets a stop. */
function areMany(own: readonly TrackedStop[]): boolean {
  return own.filter(isUndecided).length >= MAX_UNDECIDED;
}

function isUndecided({ phase, isReplaced }: TrackedStop): boolean {
  return phase !== 'RESTING' && phase !== 'OVER' && !isReplaced;
}
