import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { GateCode, GateResult, Side } from '@helios/shared/domain/signal.ts';
import { imbalanceStrength } from './confidence.ts';
import { type ExitVerdict, judgeExits } from './exits.ts';
import type { FleetView } from './fleet-view.ts';
import { askGates, firstRefusal, refuses } from './gates/registry.ts';
import { opinionOn } from './opinion.ts';
import type { ReasonInput, ReasonVerdict } from './reasons/reason.ts';
import { reasonFor } from './reasons/registry.ts';
import { sentimentConfidence, sentimentInForce } from './sentiment.ts';
import type { SymbolState } from './symbol-state.ts';

/** Verdict on an entry. */
export type EntryVerdict =
  | { readonly kind: 'NO_TRIGGER' }
  /** A gate refuses, and its last recorded refusal is younger than the record interval. `refusedBy` is undefined if it is as before. */
  | { readonly kind: 'REFUSED_AGAIN'; readonly refusedBy?: GateCode }
  | { readonly kind: 'ENTER'; readonly side: Side; readonly confidence: number; readonly gates: readonly GateResult[] }
  | {
      readonly kind: 'REFUSE';
      readonly side: Side;
      readonly confidence: number;
      readonly gates: readonly GateResult[];
      /** The first gate, in order, that refused. */
      readonly refusedBy: GateCode;
    };

/** A confirmed trigger with a reason. */
export interface MeasuredTrigger {
  readonly side: Side;
  readonly reason: ReasonVerdict;
}

export interface Verdict {
  readonly exits: readonly ExitVerdict[];
  /** Direction of a confirmed trigger; it reverses positions and shadows. */
  readonly reversal: Side | undefined;
  /** What this trigger is worth is measured, whatever the other gates say. */
  readonly measured: MeasuredTrigger | undefined;
  readonly entry: EntryVerdict;
}

const NO_TRIGGER: EntryVerdict = { kind: 'NO_TRIGGER' };
const REFUSED_AGAIN: EntryVerdict = { kind: 'REFUSED_AGAIN' };

/**
 * Decides on one symbol. Pure: reads state and view, changes neither. Order: exits first; then for entries the trigger, the gates
 * (data gates before opinion gates), and the confidence. `onBook` is true if a new book caused the call: without one nothing
 * triggers.
 */
export function decide(state: SymbolState, view: FleetView, params: StrategyParams, onBook: boolean): Verdict {
  const trigger = onBook ? state.trigger : undefined;
  const reversal = confirmedSide(state, view, params, trigger);
  const exits = judgeExits(state, view, params, reversal);
  if (trigger === undefined) return { exits, reversal, measured: undefined, entry: NO_TRIGGER };
  const input = { side: trigger, state, view, params };
  const measured = measuredTrigger(input, reversal);
  // Nearly every trigger ends here: all gates are evaluated only for refusals that are recorded.
  const isRecorded = view.recordsRefusals !== false;
  if (!isRecorded && refusesAgain(input)) return { exits, reversal, measured, entry: REFUSED_AGAIN };
  const refusedBy = firstRefusal(input);
  if (refusedBy && !(isRecorded && state.refusalLog.isDue(refusedBy, view.nowMs)))
    return { exits, reversal, measured, entry: { kind: 'REFUSED_AGAIN', refusedBy } };
  const gates = askGates(input);
  const sentiment = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment);
  const strength = imbalanceStrength(state.market.nobi ?? 0, state.threshold);
  const opinion = opinionOn(input);
  const confidence =
    opinion.kind === 'SPEAKS'
      ? opinion.probability
      : strength * sentimentConfidence(trigger, sentiment, params.sentiment);
  const entry: EntryVerdict = refusedBy
    ? { kind: 'REFUSE', side: trigger, confidence, gates, refusedBy }
    : { kind: 'ENTER', side: trigger, confidence, gates };
  return { exits, reversal, measured, entry };
}

/**
 * True if the gate that refused the last trigger refuses this one, too. Without records it does not count which gate comes first. A
 * model must not see more candidates than it would with records.
 */
function refusesAgain(input: ReasonInput): boolean {
  const { refusedBy } = input.state;
  return refusedBy !== undefined && input.view.model === undefined && refuses(refusedBy, input);
}

function measuredTrigger(input: ReasonInput, confirmed: Side | undefined): MeasuredTrigger | undefined {
  if (confirmed === undefined) return undefined;
  const reason = reasonFor(input);
  return reason.kind === 'FOUND' ? { side: confirmed, reason } : undefined;
}

/** The trigger's direction if enough triggers of that direction preceded it; only such a trigger may reverse a position. */
function confirmedSide(
  state: SymbolState,
  view: FleetView,
  params: StrategyParams,
  trigger: Side | undefined,
): Side | undefined {
  if (trigger === undefined || !state.market.bookFresh(view.nowMs, params.signals.max_book_age_ms)) return undefined;
  return state.isConfirmed(trigger, view.nowMs) ? trigger : undefined;
}
