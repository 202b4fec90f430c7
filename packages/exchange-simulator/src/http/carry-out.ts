import { setTimeout as pause } from 'node:timers/promises';
import type { FaultBoard, FaultyRequest, RequestFault } from '../faults/fault-board.ts';
import { type ErrorBodies, faultReply } from './fault-reply.ts';
import type { Reply } from './reply.ts';

/** What a request's faults need of the site. */
export interface FaultyPlace {
  readonly faults: FaultBoard;
  /** The site's time, epoch ms. */
  now(): number;
  /** The clock that ends faults, epoch ms. */
  clock(): number;
  /** Makes the bodies of its errors. */
  readonly errors: ErrorBodies;
}

/** How a request ends: with an answer, with a cut connection, or not at all. */
export interface CarriedOut {
  readonly end: Reply | 'RESET' | 'SILENT';
  readonly weight: number;
  /** True if only half of the answer goes out. */
  readonly isHalf: boolean;
}

/**
 * Carries a request out as its faults allow: late, not at all, or with another answer.
 * @param isGone true if the client no longer waits, so that nothing is carried out
 */
export async function carryOut(
  place: FaultyPlace,
  request: FaultyRequest,
  answer: () => Promise<{ readonly reply: Reply; readonly weight: number }>,
  isGone: () => boolean,
): Promise<CarriedOut> {
  const { slowMs, slowAfterMs, fault } = place.faults.meet(request, place.clock());
  const isHalf = fault?.fault === 'half';
  if (slowMs > 0) await pause(slowMs, undefined, { ref: false });
  if (isGone()) return { end: 'SILENT', weight: 0, isHalf };
  const isAfter = fault !== undefined && 'after' in fault && fault.after === true;
  const early = fault === undefined || isAfter ? undefined : endOf(fault, place);
  const { reply, weight } = early === undefined ? await answer() : { reply: early, weight: 0 };
  if (slowAfterMs > 0) await pause(slowAfterMs, undefined, { ref: false });
  const late = isAfter && fault !== undefined ? endOf(fault, place) : undefined;
  return { end: late ?? reply, weight, isHalf };
}

/** The end that a fault gives a request instead of the site's answer; undefined for faults without one. */
function endOf(fault: RequestFault, place: FaultyPlace): CarriedOut['end'] | undefined {
  if (fault.fault === 'hang') return 'SILENT';
  return fault.fault === 'reset' ? 'RESET' : faultReply(fault, place.now(), place.errors);
}
