import type { Side } from '@helios/shared/domain/signal.ts';
import type { Present } from './calm.ts';
import { openCandidate, reportMoves } from './candidate.ts';
import type { EntryVerdict, MeasuredTrigger, Verdict } from './decide.ts';
import type { DecisionContext } from './decision-context.ts';
import { entrySignal, proposeEntry, refusalDecision } from './entry-proposal.ts';
import { exitSignal } from './exit-signal.ts';
import { type ExitVerdict, judgeExits } from './exits.ts';
import type { FollowedUp } from './follow-up.ts';
import { PresentBySide } from './present-by-side.ts';
import { sentimentInForce, shockFactor } from './sentiment.ts';
import type { ShadowContext } from './shadow.ts';

/** Horizon of the imbalance itself: measurements show that it predicts nothing beyond it. */
const IMBALANCE_HORIZON_MIN = 1;

type Entering = Extract<EntryVerdict, { kind: 'ENTER' }>;
type Refusing = Extract<EntryVerdict, { kind: 'REFUSE' }>;

/** Turns a verdict into outputs, and records its effects in the state. */
export function applyVerdict(verdict: Verdict, context: DecisionContext): void {
  for (const exit of verdict.exits) leave(exit, context);
  if (context.state.followUps.size > 0)
    report(context.state.followUps.step(shadowContext(context, verdict.reversal)), context);
  if (verdict.measured !== undefined) measure(verdict.measured, context);
  if (verdict.entry.kind === 'ENTER') enter(verdict.entry, context);
  else if (verdict.entry.kind === 'REFUSE') refuse(verdict.entry, context);
  else if (verdict.entry.kind === 'REFUSED_AGAIN')
    context.state.refusedBy = verdict.entry.refusedBy ?? context.state.refusedBy;
}

/** Moves trailing stops with the price, and outputs those that moved. */
export function moveTrailingStops(context: DecisionContext): void {
  const { state, view, outputs } = context;
  if (state.exposure.managed.length === 0) return;
  for (const { position, trailing: moved } of state.advanceTrailingStops(view.nowMs, tighteningOf(context))) {
    if (moved === undefined) continue;
    const { extreme, stop, stopLoss } = moved;
    const stops = { ...(stop && { stop }), ...(stopLoss && { stop_loss: stopLoss }) };
    const trailing = { signal_id: position.signal_id, extreme, ...stops, ts_event: view.nowMs };
    outputs.push({ kind: 'TRAILING', field: `${state.symbol}:${position.side}`, trailing });
  }
}

/** Closes positions, ends follow-ups, and drops the market data of the session that ended. */
export function endSession(context: DecisionContext): void {
  const { state, view, params } = context;
  for (const exit of judgeExits(state, view, params, undefined, 'SESSION_END')) leave(exit, context);
  report(state.followUps.endAll('SESSION_END', shadowContext(context, undefined)), context);
  if (state.watch) reportMoves(state.watch.excursions.endAll(view.nowMs), context.run, context.outputs);
  state.endSession();
}

/** Starts to measure the move that follows a confirmed trigger with a reason. */
function measure({ side, reason: { code, horizonMin } }: MeasuredTrigger, { state, view }: DecisionContext): void {
  const horizonMs = (horizonMin ?? IMBALANCE_HORIZON_MIN) * 60_000;
  state.openMoves.observe(view.nowMs, state.market.mid, side, code, horizonMs);
}

function enter(verdict: Entering, context: DecisionContext): void {
  const { state, view, run, outputs } = context;
  const proposal = proposeEntry(verdict, run);
  const entry = entrySignal(proposal, state);
  const features = openCandidate(proposal, undefined, context);
  const signal = features === undefined ? entry : { ...entry, features };
  view.model?.follow(signal.signal_id, state.symbol, proposal.side, view.nowMs);
  state.lastEntry = { signal_id: signal.signal_id, timestamp: view.nowMs };
  state.exposure.enter(signal.signal_id);
  outputs.push({ kind: 'SIGNAL', signal });
}

/** Records a refusal, at most once per gate and interval, and starts to follow up the refused entry. */
function refuse(verdict: Refusing, context: DecisionContext): void {
  const { state, view, run, outputs } = context;
  const { refusedBy } = verdict;
  if (!state.refusalLog.take(refusedBy, view.nowMs)) return;
  const proposal = proposeEntry(verdict, run);
  const decision = refusalDecision(proposal, state, refusedBy);
  const features = openCandidate(proposal, refusedBy, context);
  view.model?.follow(decision.decision_id, state.symbol, proposal.side, view.nowMs);
  const refused = { kind: 'REFUSED', decision, ...(features && { features }) } as const;
  outputs.push({ kind: 'REFUSAL', report: refused });
  report(state.followUps.open(entrySignal(proposal, state, false), shadowContext(context, undefined)), context);
}

function leave(exit: ExitVerdict, { state, view, run, outputs }: DecisionContext): void {
  if (exit.managed) exit.managed.exit = { reason: exit.reason, ts: view.nowMs, attempt: exit.attempt };
  else state.exposure.withdraw(exit.entrySignalId);
  outputs.push({ kind: 'SIGNAL', signal: exitSignal(exit, state, view, run) });
}

/** Context for shadows: they are always simulated, and Flatten does not end them. */
function shadowContext(context: DecisionContext, reversal: Side | undefined): ShadowContext {
  const { state, view, shadowProfile } = context;
  return {
    state,
    view: { ...view, profile: shadowProfile, flattening: false },
    reversal,
    // Every shadow needs it, and it is equal for all of one side.
    present: oncePerSide(new PresentBySide(state, view.nowMs, view.sentiment, context.params)),
  };
}

function oncePerSide(present: PresentBySide): (side: Side) => Present {
  const answers: { [side in Side]?: Present } = {};
  return (side) => {
    answers[side] ??= present.of(side);
    return answers[side];
  };
}

/** Remaining share of the stop distances on a side while the sentiment turns against it. */
function tighteningOf({ state, view, params }: DecisionContext): (side: Side) => number {
  const sentiment = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment);
  return (side) => shockFactor(side, sentiment, params.sentiment);
}

function report(ended: readonly FollowedUp[], { view, run, outputs }: DecisionContext): void {
  for (const { decisionId, side, followUp } of ended) {
    view.model?.settle(decisionId, followUp.net_bp, followUp.exit_ts);
    const followedUp = { kind: 'FOLLOWED_UP', run, decision_id: decisionId, side, follow_up: followUp } as const;
    outputs.push({ kind: 'REFUSAL', report: followedUp });
  }
}
