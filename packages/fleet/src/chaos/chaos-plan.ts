import { Rng } from '@helios/synthetic-market/rng.ts';
import { servicesOf } from '../mode-services.ts';
import { everyFault, type RehearsedFault } from '../rehearse/fault-plan.ts';
import type { FleetPart } from '../rehearse/process-watch.ts';

/** What chaos does at one time after Start. KILL is SIGKILL and takes no time; STOP is SIGSTOP, and SIGCONT at the end. */
export type ChaosStep = { readonly what: string; readonly atMs: number; readonly forMs: number } & (
  | ({ readonly kind: 'FAULT' } & Pick<RehearsedFault, 'faults' | 'action' | 'isSilent'>)
  | { readonly kind: 'KILL' | 'STOP'; readonly member: FleetPart }
);

/** Trading without a step at the beginning and at the end. */
const QUIET_MS = 8_000;
/** At most so many steps at once. */
const LANES = 2;
const MIN_STEP_MS = 2_000;

/** Everything that chaos may kill or stop: each service of a live fleet, and its Redis. */
const MEMBERS: readonly FleetPart[] = [...servicesOf('live', { redditEnabled: false }), 'redis'];

/** What a step is, by chance: the share of each kind. */
const SHARES = [
  { kind: 'FAULT', share: 0.5 },
  { kind: 'KILL', share: 0.22 },
  { kind: 'STOP', share: 0.18 },
  { kind: 'AWAY', share: 0.1 },
] as const;

/** The steps of a chaos run in their order: the same for the same seed. The last one ends some seconds before the run does. */
export function chaosPlan(symbol: string, seed: number, durationMs: number): readonly ChaosStep[] {
  const rng = new Rng(`chaos ${seed}`);
  const faults = everyFault(symbol).filter(({ isSilent }) => isSilent !== true);
  const freeMs = Array.from({ length: LANES }, () => QUIET_MS);
  const plan: ChaosStep[] = [];
  for (;;) {
    const lane = freeMs.indexOf(Math.min(...freeMs));
    const atMs = Math.round((freeMs[lane] ?? 0) + rng.between(1_000, 9_000));
    if (atMs + MIN_STEP_MS > durationMs - QUIET_MS) return plan.sort((a, b) => a.atMs - b.atMs);
    const busy = new Set(plan.filter((step) => step.atMs + step.forMs > atMs).map(({ what }) => what));
    const step = cutAt(durationMs - QUIET_MS, randomStep(rng, faults, atMs));
    // The same thing twice at once would be one.
    if (!busy.has(step.what)) plan.push(step);
    freeMs[lane] = step.atMs + step.forMs;
  }
}

function randomStep(rng: Rng, faults: readonly RehearsedFault[], atMs: number): ChaosStep {
  const kind = kindAt(rng.uniform());
  const member = pick(rng, MEMBERS);
  const fault = pick(rng, faults);
  const forMs = (low: number, high: number): number => Math.round(rng.between(low, high));
  switch (kind) {
    case 'KILL':
      return { kind, what: `kill -9 of ${member}`, member, atMs, forMs: 0 };
    case 'STOP':
      return { kind, what: `SIGSTOP of ${member}`, member, atMs, forMs: forMs(MIN_STEP_MS, 20_000) };
    case 'AWAY':
      return {
        ...{ kind: 'FAULT', what: 'the venue cannot be reached', isSilent: true, faults: [{ fault: 'refuse' }] },
        ...{ atMs, forMs: forMs(MIN_STEP_MS, 8_000) },
      };
    default:
      return { ...fault, kind: 'FAULT', atMs, forMs: forMs(5_000, 20_000) };
  }
}

function kindAt(place: number): (typeof SHARES)[number]['kind'] {
  let sum = 0;
  for (const { kind, share } of SHARES) {
    sum += share;
    if (place < sum) return kind;
  }
  return 'FAULT';
}

function pick<T>(rng: Rng, all: readonly T[]): T {
  return all[rng.below(all.length)] as T;
}

const cutAt = (endMs: number, step: ChaosStep): ChaosStep => ({
  ...step,
  forMs: Math.min(step.forMs, endMs - step.atMs),
});
