import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { GateCode, GateResult, Side } from '@helios/shared/domain/signal.ts';
import type { FleetView } from '../fleet-view.ts';
import type { SymbolState } from '../symbol-state.ts';

/** Inputs of a gate. */
export interface GateInput {
  /** Direction of the trigger. */
  readonly side: Side;
  readonly state: SymbolState;
  readonly view: FleetView;
  readonly params: StrategyParams;
}

/** One possible reason to refuse a trigger. */
export interface Gate {
  readonly code: GateCode;
  /** One sentence for the documentation: when the gate refuses, with the unit of its number. */
  readonly about: string;
  ask(input: GateInput): GateResult;
}
