import type { Decision } from '@helios/shared/domain/decision.ts';
import type { GateCode, GateResult, TradingSignal } from '@helios/shared/domain/signal.ts';
import { GATE_UNITS } from '@helios/shared/domain/units.ts';
import { decimalText } from '../price/decimal-text.ts';
import { sixDigits } from '../price/significant-digits.ts';
import type { EntryVerdict } from './decide.ts';
import { modelBehind } from './opinion.ts';
import { orderFlowField } from './order-flow.ts';
import { entryId } from './signal-ids.ts';
import type { SymbolState } from './symbol-state.ts';

type Judged = Extract<EntryVerdict, { kind: 'ENTER' | 'REFUSE' }>;

/** Fields that a signal and a refusal share: the entry as proposed. */
export type EntryProposal = ReturnType<typeof proposeEntry>;

/** The entry that a trigger proposes, with its prices, in the fields that signals and decisions share. */
export function proposeEntry({ candidate, confidence, gates }: Judged, run: string) {
  const { side, state, view, reason, plan } = candidate;
  const { market } = state;
  return {
    id: entryId(state.symbol, side, view.nowMs, market.lastUpdateId),
    side,
    shared: {
      run,
      symbol: state.symbol,
      direction: side,
      timestamp: view.nowMs,
      ts_init: view.nowMs,
      confidence: sixDigits(confidence),
      nobi_value: sixDigits(market.nobi ?? 0),
      ...orderFlowField(state, view.nowMs),
      entry_price: plan.price,
      stop_loss: plan.stops.stopLoss,
      take_profit: plan.stops.takeProfit,
      regime: state.klines.regime,
      ...(reason.kind === 'FOUND' && { entry_reason: reason.code }),
      ...(reason.horizonMin !== undefined && { horizon_min: reason.horizonMin }),
      model: modelBehind(candidate),
      gates: gates.map(recorded),
      origin: 'ENGINE' as const,
    },
  };
}

/** The entry signal of a trigger. `isRead` is false if nobody reads the reason, as in a follow-up: then it is empty. */
export function entrySignal(proposal: EntryProposal, state: SymbolState, isRead = true): TradingSignal {
  return {
    signal_id: proposal.id,
    ...proposal.shared,
    reason: isRead ? sentence(proposal, state) : '',
    quote: { bid: state.market.bid, ask: state.market.ask },
  };
}

/** The record of a trigger that a gate refused. */
export function refusalDecision(proposal: EntryProposal, state: SymbolState, refusedBy: GateCode): Decision {
  const result = proposal.shared.gates.find(({ gate }) => gate === refusedBy);
  return {
    decision_id: proposal.id,
    ...proposal.shared,
    outcome: 'REFUSED',
    reason: `${why(proposal, state)}, refused by ${refusedBy}${figures(result)}.`,
    refused_by: refusedBy,
  };
}

function sentence(proposal: EntryProposal, state: SymbolState): string {
  const { stop_loss, take_profit, gates } = proposal.shared;
  const stops = `stop ${decimalText(stop_loss)}, target ${decimalText(take_profit)}`;
  return `${why(proposal, state)}; ${stops}${edge(gates)}${marks(gates)}.`;
}

/** A gate result with its number rounded for the record. */
function recorded(result: GateResult): GateResult {
  return result.value === undefined ? result : { ...result, value: sixDigits(result.value) };
}

function why({ side, shared }: EntryProposal, state: SymbolState): string {
  const heavy = side === 'SHORT' ? 'asks outweigh bids' : 'bids outweigh asks';
  const limit = sixDigits(side === 'SHORT' ? state.threshold : -state.threshold);
  const nobi = `NOBI ${shared.nobi_value.toFixed(3)} (limit ${limit}, regime ${shared.regime})`;
  const cause =
    shared.entry_reason === undefined || shared.horizon_min === undefined ? '' : `${causeOf(shared.gates)}, `;
  const flow = shared.order_flow === undefined ? '' : `, order flow ${shared.order_flow.toFixed(1)}`;
  return `${side} ${shared.symbol} at ${decimalText(shared.entry_price)}: ${cause}${heavy}, ${nobi}${flow}`;
}

/** The figures of the reason, as its gate recorded them. */
function causeOf(gates: readonly GateResult[]): string {
  return gates.find(({ gate }) => gate === 'REASON')?.note ?? '';
}

function figures(result: GateResult | undefined): string {
  if (result === undefined) return '';
  const unit = GATE_UNITS[result.gate];
  const text = (value: number | undefined) => (unit === undefined ? `${value}` : `${value} ${unit}`);
  const number = result.value === undefined ? '' : `: ${text(result.value)} against a limit of ${text(result.limit)}`;
  return result.note === undefined ? number : `${number} (${result.note})`;
}

/** The expected move that covers the costs, as its gate recorded it. */
function edge(gates: readonly GateResult[]): string {
  const passed = gates.find(({ gate, outcome }) => gate === 'EDGE_VS_COST' && outcome === 'PASSED');
  return passed?.note === undefined ? '' : `; expected ${passed.note}`;
}

/** Text about gates that passed the trade without agreeing to it. */
function marks(gates: readonly GateResult[]): string {
  const observed = gates.filter(({ outcome }) => outcome === 'OBSERVED');
  return observed.map((result) => `; ${result.gate} would have refused${figures(result)}`).join('');
}
