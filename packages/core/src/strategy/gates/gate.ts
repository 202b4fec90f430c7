import type { GateCode, GateResult } from '@helios/shared/domain/signal.ts';
import type { EntryPlan } from '../entry-plan.ts';
import type { ReasonInput, ReasonVerdict } from '../reasons/reason.ts';

/** Inputs of a gate. */
export interface GateInput extends ReasonInput {
  /** Why to enter, or why not. */
  readonly reason: ReasonVerdict;
  /** Price, stop and target of the entry. */
  readonly plan: EntryPlan;
}

/** One possible reason to refuse a trigger. */
export interface Gate {
  readonly code: GateCode;
  /** One sentence for the documentation: when the gate refuses, with the unit of its number. */
  readonly about: string;
  ask(input: GateInput): GateResult;
}
