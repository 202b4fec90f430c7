import type { Fault } from './fault.ts';

/** Faults that meet single requests. */
export type RequestFault = Extract<Fault, { readonly path: string }>;
/** Faults that hold for the venue as a whole. */
export type StandingFault = Exclude<Fault, RequestFault>;

interface Posted {
  readonly fault: Fault;
  readonly untilMs: number;
  left: number;
}

/** The faults that are on, with how much of each is left. */
export class FaultBoard {
  #posted: Posted[] = [];

  /** Replaces all faults. */
  set(faults: readonly Fault[], nowMs: number): void {
    this.#posted = faults.map((fault) => ({
      fault,
      untilMs: fault.for_ms === undefined ? Number.POSITIVE_INFINITY : nowMs + fault.for_ms,
      left: isRequestFault(fault) && fault.times !== undefined ? fault.times : Number.POSITIVE_INFINITY,
    }));
  }

  /** What is on, `times` and `for_ms` as what is left of them. */
  list(nowMs: number): readonly Fault[] {
    return this.#active(nowMs).map(({ fault, left, untilMs }) => ({
      ...fault,
      ...(Number.isFinite(left) ? { times: left } : {}),
      ...(Number.isFinite(untilMs) ? { for_ms: untilMs - nowMs } : {}),
    }));
  }

  standing(nowMs: number): readonly StandingFault[] {
    return this.#active(nowMs).flatMap(({ fault }) => (isRequestFault(fault) ? [] : [fault]));
  }

  /** Faults that meet a request, each used once: any delay, and the first of the others. */
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
