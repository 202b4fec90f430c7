import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { TradingProfile } from '../trading/profile.ts';
import type { EngineOutput } from './engine-output.ts';
import type { FleetView } from './fleet-view.ts';
import type { SymbolState } from './symbol-state.ts';

/** Inputs of a decision on one symbol, and the list that receives its outputs. */
export interface DecisionContext {
  readonly state: SymbolState;
  readonly view: FleetView;
  /** Profile for following up refused entries: always a simulation. */
  readonly shadowProfile: TradingProfile;
  readonly params: StrategyParams;
  readonly run: string;
  readonly outputs: EngineOutput[];
}
