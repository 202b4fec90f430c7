import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ReasonCode, Side } from '@helios/shared/domain/signal.ts';
import type { FleetView } from '../fleet-view.ts';
import type { SymbolState } from '../symbol-state.ts';

/** Inputs of a reason. */
export interface ReasonInput {
  /** Direction of the trigger. */
  readonly side: Side;
  readonly state: SymbolState;
  readonly view: FleetView;
  readonly params: StrategyParams;
}

/** A reason that points in the direction of the trigger. */
export interface EntryReason {
  readonly code: ReasonCode;
  /** Time for which the reason is expected to hold, minutes; undefined: that of the imbalance itself, about a minute. */
  readonly horizonMin: number | undefined;
  /** Strength of the reason, and the limit that it reached. */
  readonly value: number;
  readonly limit: number;
  /** The figures as text. */
  readonly note: string;
}

/** Why a reason does not point in this direction. */
export interface NoReason {
  readonly code: ReasonCode;
  readonly horizonMin: number | undefined;
  /** NOT_WARM: too little data to say. */
  readonly kind: 'ABSENT' | 'NOT_WARM';
  readonly value?: number;
  readonly limit?: number;
  readonly note: string;
}

export type ReasonVerdict = (EntryReason & { readonly kind: 'FOUND' }) | NoReason;

/** A cause for a move over the next minutes. The imbalance only chooses the moment of the entry. */
export interface Reason {
  readonly code: ReasonCode;
  /** One sentence for the documentation. */
  readonly about: string;
  ask(input: ReasonInput): ReasonVerdict;
  /** True if it points in no direction before the next kline. Without this function it may do so at any book. */
  isAway?(state: SymbolState, params: StrategyParams): boolean;
}
