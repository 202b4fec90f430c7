import { Rng } from '@helios/synthetic-market/rng.ts';
import { servicesOf } from '../mode-services.ts';
import type { FleetPart } from '../rehearse/process-watch.ts';
import { LINK_FAULTS, linkText, venueFaults } from './chaos-faults.ts';
import { type Ambush, type ChaosStep, type LinkName, type SimpleStep, targetOf } from './chaos-step.ts';
import type { LinkFault } from './link-fault.ts';

/** Trading without a step at the beginning and at the end. */
const QUIET_MS = 8_000;
/** Lanes of steps, each one after the other; ambushes have a lane of their own. */
const LANES = 2;
const MIN_STEP_MS = 2_000;
/** An ambush waits so long for its moment. */
const AMBUSH_MS = 25_000;

/** Everything that chaos may kill or stop: each service of a live fleet, and its Redis. */
const MEMBERS: readonly FleetPart[] = [...servicesOf('live', { redditEnabled: false }), 'redis'];

/** What a step is, by chance: the share of each kind. */
const SHARES = [
  { kind: 'FAULT', share: 0.4 },
  { kind: 'LINK', share: 0.18 },
  { kind: 'KILL', share: 0.18 },
  { kind: 'STOP', share: 0.16 },
  { kind: 'AWAY', share: 0.08 },
] as const;

const dies = (member: FleetPart): SimpleStep => ({
  ...{ kind: 'KILL', what: `kill -9 of ${member}`, member, atMs: 0, forMs: 0 },
});
const stands = (member: FleetPart, forMs: number): SimpleStep => ({
  ...{ kind: 'STOP', what: `SIGSTOP of ${member}`, member, atMs: 0, forMs },
});
const breaks = (link: LinkName, fault: LinkFault, forMs: number, isSilent = false): SimpleStep => ({
  ...{ kind: 'LINK', what: linkText(link, fault), link, fault, isSilent, atMs: 0, forMs },
});

/** What strikes between a fill and its stop, or while an exit is on its way. */
const AMBUSHES: readonly Pick<Ambush, 'moment' | 'strikes'>[] = [
  { moment: 'ENTRY', strikes: [dies('execution-manager')] },
  { moment: 'ENTRY', strikes: [dies('execution-manager'), dies('redis')] },
  { moment: 'ENTRY', strikes: [dies('execution-manager'), breaks('redis', { kind: 'CLOSED' }, 6_000)] },
  { moment: 'ENTRY', strikes: [dies('execution-manager'), dies('decision-logger')] },
  { moment: 'ENTRY', strikes: [dies('redis')] },
  { moment: 'ENTRY', strikes: [breaks('redis', { kind: 'HALF_OPEN' }, 6_000)] },
  { moment: 'ENTRY', strikes: [stands('execution-manager', 5_000)] },
  { moment: 'ENTRY', strikes: [breaks('REST', { kind: 'STALL' }, 5_000, true), breaks('redis', { kind: 'CUT' }, 0)] },
  { moment: 'EXIT', strikes: [dies('execution-manager')] },
  { moment: 'EXIT', strikes: [dies('execution-manager'), dies('redis')] },
  { moment: 'EXIT', strikes: [dies('decision-logger'), breaks('redis', { kind: 'CLOSED' }, 4_000)] },
  { moment: 'EXIT', strikes: [breaks('REST', { kind: 'CUT' }, 0), breaks('streams', { kind: 'CUT' }, 0)] },
];

/** The steps of a chaos run in their order: the same for the same seed. The last one ends some seconds before the run does. */
export function chaosPlan(symbol: string, seed: number, durationMs: number): readonly ChaosStep[] {
  const endMs = durationMs - QUIET_MS;
  const plan = [...randomSteps(symbol, new Rng(`chaos ${seed}`), endMs), ...ambushes(new Rng(`ambush ${seed}`), endMs)];
  return plan.sort((a, b) => a.atMs - b.atMs);
}

function randomSteps(symbol: string, rng: Rng, endMs: number): readonly ChaosStep[] {
  const freeMs = Array.from({ length: LANES }, () => QUIET_MS);
  const steps: ChaosStep[] = [];
  for (;;) {
    const lane = freeMs.indexOf(Math.min(...freeMs));
    const atMs = Math.round((freeMs[lane] ?? 0) + rng.between(1_000, 9_000));
    if (atMs + MIN_STEP_MS > endMs) return steps;
    const busy = new Set(steps.filter((step) => step.atMs + step.forMs > atMs).map(targetOf));
    const step = cutAt(endMs, randomStep(symbol, rng, atMs));
    if (!busy.has(targetOf(step))) steps.push(step);
    freeMs[lane] = step.atMs + step.forMs;
  }
}

function ambushes(rng: Rng, endMs: number): readonly ChaosStep[] {
  const steps: ChaosStep[] = [];
  let atMs = QUIET_MS + rng.between(5_000, 20_000);
  for (let turn = rng.below(AMBUSHES.length); atMs + AMBUSH_MS < endMs; turn += 1) {
    const ambush = AMBUSHES[turn % AMBUSHES.length];
    if (ambush === undefined) return steps;
    const when = ambush.moment === 'ENTRY' ? 'between a fill and its stop' : 'as an exit goes out';
    const what = `${when}: ${ambush.strikes.map((strike) => strike.what).join(', ')}`;
    steps.push({ ...ambush, kind: 'AMBUSH', what, atMs: Math.round(atMs), forMs: AMBUSH_MS });
    atMs += AMBUSH_MS + rng.between(8_000, 20_000);
  }
  return steps;
}

function randomStep(symbol: string, rng: Rng, atMs: number): SimpleStep {
  const kind = kindAt(rng.uniform());
  const member = pick(rng, MEMBERS);
  const fault = pick(rng, venueFaults(symbol));
  const link = pick(rng, LINK_FAULTS);
  const forMs = (low: number, high: number): number => Math.round(rng.between(low, high));
  switch (kind) {
    case 'KILL':
      return { kind, what: `kill -9 of ${member}`, member, atMs, forMs: 0 };
    case 'STOP':
      return { kind, what: `SIGSTOP of ${member}`, member, atMs, forMs: forMs(MIN_STEP_MS, 20_000) };
    case 'LINK': {
      const lastsMs = forMs(MIN_STEP_MS, link.isSilent === true ? 8_000 : 15_000);
      const what = linkText(link.link, link.fault);
      return { ...link, kind, what, atMs, forMs: link.fault.kind === 'CUT' ? 0 : lastsMs };
    }
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

const cutAt = (endMs: number, step: SimpleStep): SimpleStep => ({
  ...step,
  forMs: Math.min(step.forMs, endMs - step.atMs),
});
