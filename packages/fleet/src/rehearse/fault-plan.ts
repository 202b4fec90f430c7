import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';

/** One fault of the rehearsal. */
export interface RehearsedFault {
  /** Row of the list of failures in docs/local-exchange.md, and what happens. */
  readonly what: string;
  readonly forMs: number;
  readonly faults: readonly FaultInput[];
  /** Body of `POST /control/actions`. */
  readonly action?: Readonly<Record<string, unknown>>;
  /** True if the venue does not answer meanwhile: nobody can place a stop then. */
  readonly isSilent?: boolean;
}

/** A fault with its time after Start. */
export interface PlannedFault extends RehearsedFault {
  readonly atMs: number;
}

/** Trading without a fault at the beginning, and between two faults. */
const WARM_UP_MS = 45_000;
const PAUSE_MS = 10_000;

const ORDER = { path: '/fapi/v1/order', method: 'POST', after: true, times: 1 } as const;

/** Every fault that a rehearsal makes. */
export function everyFault(symbol: string): readonly RehearsedFault[] {
  return [
    { what: 'F1 an order times out, but was placed', forMs: 15_000, faults: [{ fault: 'hang', ...ORDER }] },
    {
      what: 'F2 an order is answered 503, then fills',
      forMs: 15_000,
      faults: [{ fault: 'status', status: 503, ...ORDER }],
    },
    { what: 'F16 every fill is told twice', forMs: 15_000, faults: [{ fault: 'user-event', how: 'duplicated' }] },
    {
      what: 'F32 the user stream breaks off',
      forMs: 10_000,
      faults: [{ fault: 'stream-cut', route: 'private', code: 1001 }],
    },
    { what: 'F8 stops are not found', forMs: 20_000, faults: [{ fault: 'stop-hidden', for_ms: 20_000 }] },
    { what: `the price of ${symbol} falls by 3 %`, forMs: 15_000, faults: [{ fault: 'jump', symbol, percent: -3 }] },
    {
      what: 'F17 user events come out of order',
      forMs: 15_000,
      faults: [{ fault: 'user-event', how: 'reordered', rate: 0.3, seed: 7 }],
    },
    { what: 'F33 the listen key expires', forMs: 10_000, faults: [], action: { action: 'expire-listen-key' } },
    {
      what: 'F20 positions cannot be read',
      forMs: 20_000,
      faults: [{ fault: 'status', status: 500, path: '/fapi/v3/positionRisk' }],
    },
    { what: 'F3 overload: only reducing orders pass', forMs: 15_000, faults: [{ fault: 'overload' }] },
    { what: 'the venue is away', forMs: 10_000, faults: [{ fault: 'refuse' }], isSilent: true },
    { what: 'F15 orders fill in part', forMs: 15_000, faults: [{ fault: 'partial-fill', percent: 40 }] },
  ];
}

/**
 * The faults of a rehearsal, one after the other until its end.
 * @param seed which fault is the first
 */
export function faultPlan(symbol: string, seed: number, durationMs: number): readonly PlannedFault[] {
  const faults = everyFault(symbol);
  const plan: PlannedFault[] = [];
  let atMs = WARM_UP_MS;
  for (let turn = seed; ; turn += 1) {
    const next = faults[turn % faults.length];
    if (next === undefined || atMs + next.forMs > durationMs) return plan;
    plan.push({ ...next, atMs });
    atMs += next.forMs + PAUSE_MS;
  }
}
