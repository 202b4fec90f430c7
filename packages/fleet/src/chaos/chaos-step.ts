import type { RehearsedFault } from '../rehearse/fault-plan.ts';
import type { FleetPart } from '../rehearse/process-watch.ts';
import type { LinkFault } from './link-fault.ts';

/** A way that chaos can disturb: to Redis, and to the venue's REST and streams. */
export type LinkName = 'redis' | 'REST' | 'streams';

/** What chaos does at one time after Start, epoch-free: `atMs` counts from Start. */
export type ChaosStep = SimpleStep | Ambush;

interface Timed {
  readonly what: string;
  readonly atMs: number;
  /** 0 for what takes no time. */
  readonly forMs: number;
}

/** A step that does not wait for anything. KILL is SIGKILL; STOP is SIGSTOP, and SIGCONT at the end. */
export type SimpleStep = Timed &
  (
    | ({ readonly kind: 'FAULT' } & Pick<RehearsedFault, 'faults' | 'action' | 'isSilent'>)
    | { readonly kind: 'LINK'; readonly link: LinkName; readonly fault: LinkFault; readonly isSilent?: boolean }
    | { readonly kind: 'KILL' | 'STOP'; readonly member: FleetPart }
  );

/** Waits at most `forMs` for a moment of trading, then does several things at once. */
export interface Ambush extends Timed {
  readonly kind: 'AMBUSH';
  /** ENTRY: an entry has filled, and its stop does not rest yet. EXIT: an exit has just reached the venue. */
  readonly moment: 'ENTRY' | 'EXIT';
  readonly strikes: readonly SimpleStep[];
}

/** What a step keeps busy: two steps on the same thing never last at once. */
export function targetOf(step: ChaosStep): string {
  switch (step.kind) {
    case 'LINK':
      return step.link;
    case 'KILL':
    case 'STOP':
      return step.member;
    case 'AMBUSH':
      return 'ambush';
    default:
      return step.what;
  }
}
