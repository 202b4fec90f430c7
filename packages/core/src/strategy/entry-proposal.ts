import type { Decision } from '@helios/shared/domain/decision.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { GateCode, GateResult, Quote, Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { GATE_UNITS } from '@helios/shared/domain/units.ts';
import { farSide, nearSide } from '../execution/fill.ts';
import { decimalText } from '../price/decimal-text.ts';
import { sixDigits } from '../price/significant-digits.ts';
import { orderTypeFor, type TradingProfile } from '../trading/profile.ts';
import type { EntryVerdict } from './decide.ts';
import type { FleetView } from './fleet-view.ts';
import { initialStops } from './initial-stops.ts';
import { sentimentInForce, shockFactor } from './sentiment.ts';
import { entryId } from './signal-ids.ts';
import type { SymbolState } from './symbol-state.ts';

type Judged = Extract<EntryVerdict, { kind: 'ENTER' | 'REFUSE' }>;

/** Fields that a signal and a refusal share: the entry as proposed. */
export type EntryProposal = ReturnType<typeof proposeEntry>;

/** The entry that a trigger proposes, with its prices, in the fields that signals and decisions share. */
export function proposeEntry(
  state: SymbolState,
  view: FleetView,
  params: StrategyParams,
  verdict: Judged,
  run: string,
) {
  const { market } = state;
  const { side } = verdict;
  const price = entryPriceOf(side, { bid: market.bid, ask: market.ask }, view.profile);
  const sentiment = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment);
  const stopFactor = state.effect.stopFactor * shockFactor(side, sentiment, params.sentiment);
  const volatility = { atr: state.stopAtr, stopFactor, spread: market.ask - market.bid };
  const stops = initialStops(side, price, volatility, params.risk, market.grid);
  return {
    id: entryId(state.symbol, side, view.nowMs, market.lastUpdateId),
    side,
    shared: {
      run,
      symbol: state.symbol,
      direction: side,
      timestamp: view.nowMs,
      ts_init: view.nowMs,
      confidence: sixDigits(verdict.confidence),
      nobi_value: sixDigits(market.nobi ?? 0),
      entry_price: price,
      stop_loss: stops.stopLoss,
      take_profit: stops.takeProfit,
      regime: state.klines.regime,
      model: 'none',
      gates: verdict.gates.map(recorded),
      origin: 'ENGINE' as const,
    },
  };
}

/** The entry signal of a trigger that no gate refused. */
export function entrySignal(proposal: EntryProposal, state: SymbolState): TradingSignal {
  const { shared } = proposal;
  const stops = `stop ${decimalText(shared.stop_loss)}, target ${decimalText(shared.take_profit)}`;
  return {
    signal_id: proposal.id,
    ...shared,
    reason: `${why(proposal, state)}; ${stops}${marks(shared.gates)}.`,
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

/** The intended fill price: the far side for a taker, the near side for a resting order. */
function entryPriceOf(side: Side, quote: Quote, profile: TradingProfile): number {
  const action = side === 'LONG' ? 'BUY' : 'SELL';
  return orderTypeFor(profile, 'ENTRY', undefined) === 'LIMIT' ? nearSide(action, quote) : farSide(action, quote);
}

/** A gate result with its number rounded for the record. */
function recorded(result: GateResult): GateResult {
  return result.value === undefined ? result : { ...result, value: sixDigits(result.value) };
}

function why({ side, shared }: EntryProposal, state: SymbolState): string {
  const heavy = side === 'SHORT' ? 'asks outweigh bids' : 'bids outweigh asks';
  const limit = sixDigits(side === 'SHORT' ? state.threshold : -state.threshold);
  const nobi = `NOBI ${shared.nobi_value.toFixed(3)} (limit ${limit}, regime ${shared.regime})`;
  return `${side} ${shared.symbol} at ${decimalText(shared.entry_price)}: ${heavy}, ${nobi}`;
}

function figures(result: GateResult | undefined): string {
  if (result === undefined) return '';
  const unit = GATE_UNITS[result.gate];
  const text = (value: number | undefined) => (unit === undefined ? `${value}` : `${value} ${unit}`);
  const number = result.value === undefined ? '' : `: ${text(result.value)} against a limit of ${text(result.limit)}`;
  return result.note === undefined ? number : `${number} (${result.note})`;
}

/** Text about gates that passed the trade without agreeing to it. */
function marks(gates: readonly GateResult[]): string {
  const observed = gates.filter(({ outcome }) => outcome === 'OBSERVED');
  return observed.map((result) => `; ${result.gate} would have refused${figures(result)}`).join('');
}
