import type { Fault, StreamFault } from './fault.ts';

/** Faults that apply to single requests. */
export type RequestFault = Extract<Fault, { readonly path: string }>;
/** Faults that apply to the venue as a whole. */
export type StandingFault = Exclude<Fault, RequestFault | StreamFault>;

interface Posted {
  readonly fault: Fault;
  readonly untilMs: number;
  left: number;
}

/** The active faults, with the remaining uses and time of each. */
export class FaultBoard {
  #posted: Posted[] = [];

  /** Replaces all faults. */
  set(faults: readonly Fault[], nowMs: number): void {
    this.#posted = faults.map((fault) => ({
      fault,
      untilMs: nowMs + (('for_ms' in fault ? fault.for_ms : undefined) ?? Number.POSITIVE_INFINITY),
      left: timesOf(fault),
    }));
  }

  /** The active faults; `times` and `for_ms` are what remains. */
  list(nowMs: number): readonly Fault[] {
    return this.#active(nowMs).map(({ fault, left, untilMs }) => ({
      ...fault,
      ...(Number.isFinite(left) ? { times: left } : {}),
      ...(Number.isFinite(untilMs) ? { for_ms: untilMs - nowMs } : {}),
    }));
  }

  standing(nowMs: number): readonly StandingFault[] {
    return this.#active(nowMs).flatMap(({ fault }) => (isRequestFault(fault) || isStreamFault(fault) ? [] : [fault]));
  }

  streams(nowMs: number): readonly StreamFault[] {
    return this.#active(nowMs).flatMap(({ fault }) => (isStreamFault(fault) ? [fault] : []));
  }

  /** Counts one use of a stream fault. */
  use(fault: StreamFault): void {
    const posted = this.#posted.find((one) => one.fault === fault);
    if (posted !== undefined) posted.left -= 1;
  }

  /** The faults for one request, and counts a use of each: all delays, and the first of the others. */
  meet(path: string, nowMs: number): { readonly slowMs: number; readonly fault: RequestFault | undefined } {
    let slowMs = 0;
    let met: RequestFault | undefined;
    for (const posted of this.#active(nowMs)) {
      const { fault } = posted;
      if (!isRequestFault(fault) || !path.startsWith(fault.path)) continue;
      if (fault.fault === 'slow') slowMs += fault.ms;
      else if (met === undefined) met = fault;
      else continue;
      posted.left -= 1;
    }
    return { slowMs, fault: met };
  }

  #active(nowMs: number): readonly Posted[] {
    this.#posted = this.#posted.filter(({ left, untilMs }) => left > 0 && untilMs > nowMs);
    return this.#posted;
  }
}

function isRequestFault(fault: Fault): fault is RequestFault {
  return 'path' in fault;
}

function isStreamFault(fault: Fault): fault is StreamFault {
  return fault.fault.startsWith('stream-') || fault.fault === 'server-shutdown';
}

/** Maximum uses of a fault; without `for_ms` a cut happens once. */
function timesOf(fault: Fault): number {
  if ('times' in fault && fault.times !== undefined) return fault.times;
  const isOnce = fault.fault === 'server-shutdown' || (fault.fault === 'stream-cut' && fault.for_ms === undefined);
  return isOnce ? 1 : Number.POSITIVE_INFINITY;
}
