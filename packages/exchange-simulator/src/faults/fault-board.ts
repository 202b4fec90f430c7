import { Rng } from '@helios/synthetic-market/rng.ts';
import type { Fault, StreamFault } from './fault.ts';

/** Faults that apply to single requests. */
export type RequestFault = Extract<Fault, { readonly path: string }>;
/** Faults that apply to the venue as a whole. */
export type StandingFault = Exclude<Fault, RequestFault | StreamFault>;

/** What a fault is matched against: a request, an order or a user event. */
export interface FaultSubject {
  readonly symbol?: string | undefined;
  readonly account?: string | undefined;
}

/** The faults of a venue and the clock that ends them. */
export interface FaultsOnClock {
  readonly faults: FaultBoard;
  clock(): number;
}

/** A request as faults see it. */
export interface FaultyRequest extends FaultSubject {
  readonly path: string;
  readonly method: string;
}

/** The faults of one request: delays before and after it is carried out, and one other fault. */
export interface MetFaults {
  readonly slowMs: number;
  readonly slowAfterMs: number;
  readonly fault: RequestFault | undefined;
}

interface Posted {
  readonly fault: Fault;
  readonly untilMs: number;
  readonly rng: Rng | undefined;
  left: number;
  met: number;
}

/** The active faults, with the remaining uses and time of each. */
export class FaultBoard {
  #posted: Posted[] = [];
  /** By label, also those that have ended, until a list comes without them. */
  #labelled = new Map<string, Posted>();
  #generation = 0;

  /** Changes whenever a fault begins or ends. */
  version(nowMs: number): string {
    return `${this.#generation} ${this.#active(nowMs).length}`;
  }

  /** Counts how often the faults were replaced. */
  get generation(): number {
    return this.#generation;
  }

  get isEmpty(): boolean {
    return this.#posted.length === 0;
  }

  /** Replaces all faults; one with a known label goes on. */
  set(faults: readonly Fault[], nowMs: number): void {
    this.#generation += 1;
    const known = this.#labelled;
    this.#labelled = new Map();
    this.#posted = faults.map((fault) => {
      const label = labelOf(fault);
      const posted = (label === undefined ? undefined : known.get(label)) ?? posting(fault, nowMs);
      if (label !== undefined) this.#labelled.set(label, posted);
      return posted;
    });
  }

  /** How often each fault with a label has struck so far. */
  met(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#labelled].map(([label, { met }]) => [label, met]));
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

  /** Counts one use of a fault. */
  use(fault: Fault): void {
    const posted = this.#posted.find((one) => one.fault === fault);
    if (posted !== undefined) count(posted);
  }

  /** The first fault of a kind that hits this subject now, by its rate; counts a use of it. */
  hit<K extends Fault['fault']>(
    kind: K,
    subject: FaultSubject,
    nowMs: number,
    isMeant: (fault: Extract<Fault, { fault: K }>) => boolean = () => true,
  ): Extract<Fault, { fault: K }> | undefined {
    for (const posted of this.#active(nowMs)) {
      const { fault } = posted;
      if (!isKind(fault, kind) || !concerns(fault, subject) || !isMeant(fault) || !strikes(posted)) continue;
      count(posted);
      return fault;
    }
    return undefined;
  }

  /** The faults for one request, and counts a use of each: all delays, and the first of the others. */
  meet(request: FaultyRequest, nowMs: number): MetFaults {
    let [slowMs, slowAfterMs] = [0, 0];
    let met: RequestFault | undefined;
    for (const posted of this.#active(nowMs)) {
      const { fault } = posted;
      if (!isRequestFault(fault) || !reaches(fault, request)) continue;
      if (fault.fault !== 'slow' && met !== undefined) continue;
      if (!strikes(posted)) continue;
      count(posted);
      if (fault.fault !== 'slow') met = fault;
      else if (fault.after === true) slowAfterMs += fault.ms;
      else slowMs += fault.ms;
    }
    return { slowMs, slowAfterMs, fault: met };
  }

  #active(nowMs: number): readonly Posted[] {
    if (this.#posted.length > 0) this.#posted = this.#posted.filter(({ left, untilMs }) => left > 0 && untilMs > nowMs);
    return this.#posted;
  }
}

function posting(fault: Fault, nowMs: number): Posted {
  const forMs = ('for_ms' in fault ? fault.for_ms : undefined) ?? Number.POSITIVE_INFINITY;
  return { fault, untilMs: nowMs + forMs, rng: rngOf(fault), left: timesOf(fault), met: 0 };
}

function count(posted: Posted): void {
  posted.left -= 1;
  posted.met += 1;
}

const labelOf = (fault: Fault): string | undefined => ('label' in fault ? fault.label : undefined);

function isKind<K extends Fault['fault']>(fault: Fault, kind: K): fault is Extract<Fault, { fault: K }> {
  return fault.fault === kind;
}

function isRequestFault(fault: Fault): fault is RequestFault {
  return 'path' in fault;
}

function isStreamFault(fault: Fault): fault is StreamFault {
  return fault.fault.startsWith('stream-') || fault.fault === 'server-shutdown';
}

function reaches(fault: RequestFault, request: FaultyRequest): boolean {
  const isMethod = fault.method === undefined || fault.method === request.method;
  return isMethod && request.path.startsWith(fault.path) && concerns(fault, request);
}

/** True if the fault names neither another symbol nor another account. */
function concerns(fault: Fault, { symbol, account }: FaultSubject): boolean {
  if ('symbol' in fault && fault.symbol !== undefined && fault.symbol !== symbol) return false;
  return !('account' in fault && fault.account !== undefined && fault.account !== account);
}

/** True if the fault's rate strikes this time. */
function strikes({ fault, rng }: Posted): boolean {
  return rng === undefined || !('rate' in fault) || rng.uniform() < (fault.rate ?? 1);
}

function rngOf(fault: Fault): Rng | undefined {
  return 'rate' in fault && fault.rate !== undefined ? new Rng(`${fault.fault}:${fault.seed ?? 1}`) : undefined;
}

/** Maximum uses of a fault; without `for_ms` a cut happens once. */
function timesOf(fault: Fault): number {
  if ('times' in fault && fault.times !== undefined) return fault.times;
  const isOnce = fault.fault === 'server-shutdown' || (fault.fault === 'stream-cut' && fault.for_ms === undefined);
  return isOnce ? 1 : Number.POSITIVE_INFINITY;
}
