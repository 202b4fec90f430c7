import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { type EntryPlan, entryPlan } from './entry-plan.ts';
import type { FleetView } from './fleet-view.ts';
import type { GateInput } from './gates/gate.ts';
import type { ReasonVerdict } from './reasons/reason.ts';
import { reasonFor } from './reasons/registry.ts';
import type { SymbolState } from './symbol-state.ts';

/** A trigger that may become an entry. Several gates and the record ask for its reason and its plan: each is found once. */
export class EntryCandidate implements GateInput {
  readonly side: Side;
  readonly state: SymbolState;
  readonly view: FleetView;
  readonly params: StrategyParams;
  #reason: ReasonVerdict | undefined;
  #plan: EntryPlan | undefined;

  constructor(side: Side, state: SymbolState, view: FleetView, params: StrategyParams) {
    this.side = side;
    this.state = state;
    this.view = view;
    this.params = params;
  }

  get reason(): ReasonVerdict {
    this.#reason ??= reasonFor(this);
    return this.#reason;
  }

  get plan(): EntryPlan {
    this.#plan ??= entryPlan(this, this.reason);
    return this.#plan;
  }
}
