import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { GateCode, GateResult, Side } from '@helios/shared/domain/signal.ts';
import { imbalanceStrength } from './confidence.ts';
import { EntryCandidate } from './entry-candidate.ts';
import { type ExitVerdict, judgeExits } from './exits.ts';
import type { FleetView } from './fleet-view.ts';
import { askGates, firstRefusal, refuses } from './gates/registry.ts';
import { opinionOn } from './opinion.ts';
import type { ReasonVerdict } from './reasons/reason.ts';
import { sentimentConfidence, sentimentInForce } from './sentiment.ts';
import type { SymbolState } from './symbol-state.ts';

/** Verdict on an entry. */
export type EntryVerdict =
  | { readonly kind: 'NO_TRIGGER' }
  /** A gate refuses, and its last recorded refusal is younger than the record interval. `refusedBy` is undefined if it is as before. */
  | { readonly kind: 'REFUSED_AGAIN'; readonly refusedBy?: GateCode }
  | ({ readonly kind: 'ENTER' } & Judged)
  /** `refusedBy`: the first gate, in order, that refused. */
  | ({ readonly kind: 'REFUSE'; readonly refusedBy: GateCode } & Judged);

/** A trigger that all gates have judged. */
interface Judged {
  readonly candidate: EntryCandidate;
  readonly confidence: number;
  readonly gates: readonly GateResult[];
}

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
 * (data gates before opinion gates), and the confidence. `mayTrigger` is true if a new book caused the call, and is not the
 * extreme of a candle: else nothing triggers.
 */
export function decide(state: SymbolState, view: FleetView, params: StrategyParams, mayTrigger: boolean): Verdict {
  const trigger = mayTrigger ? state.trigger : undefined;
  const reversal = confirmedSide(state, view, params, trigger);
  const exits = judgeExits(state, view, params, reversal);
  if (trigger === undefined) return { exits, reversal, measured: undefined, entry: NO_TRIGGER };
  const candidate = new EntryCandidate(trigger, state, view, params);
  const measured = measuredTrigger(candidate, reversal);
  // Nearly every trigger ends here: all gates are evaluated only for refusals that are recorded.
  const isRecorded = view.recordsRefusals !== false;
  if (!isRecorded && refusesAgain(candidate)) return { exits, reversal, measured, entry: REFUSED_AGAIN };
  const refusedBy = firstRefusal(candidate);
  if (refusedBy && !(isRecorded && state.refusalLog.isDue(refusedBy, view.nowMs)))
    return { exits, reversal, measured, entry: { kind: 'REFUSED_AGAIN', refusedBy } };
  const judged = { candidate, confidence: confidenceIn(candidate), gates: askGates(candidate) };
  const entry: EntryVerdict = refusedBy ? { kind: 'REFUSE', refusedBy, ...judged } : { kind: 'ENTER', ...judged };
  return { exits, reversal, measured, entry };
}

/**
 * True if the gate that refused the last trigger refuses this one, too. Without records it does not count which gate comes first. A
 * model must not see more candidates than it would with records.
 */
function refusesAgain(candidate: EntryCandidate): boolean {
  const { refusedBy } = candidate.state;
  return refusedBy !== undefined && candidate.view.model === undefined && refuses(refusedBy, candidate);
}

/** The model's probability where it speaks; else the strength of the imbalance, weakened by sentiment against it; 0..1. */
function confidenceIn(candidate: EntryCandidate): number {
  const opinion = opinionOn(candidate);
  if (opinion.kind === 'SPEAKS') return opinion.probability;
  const { side, state, view, params } = candidate;
  const sentiment = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment);
  const strength = imbalanceStrength(state.market.nobi ?? 0, state.threshold);
  return strength * sentimentConfidence(side, sentiment, params.sentiment);
}

function measuredTrigger(candidate: EntryCandidate, confirmed: Side | undefined): MeasuredTrigger | undefined {
  // Asks for a reason only now: most triggers are not confirmed.
  if (confirmed === undefined) return undefined;
  const { reason } = candidate;
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
