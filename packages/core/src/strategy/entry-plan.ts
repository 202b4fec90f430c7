import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Quote, Side } from '@helios/shared/domain/signal.ts';
import { farSide, nearSide } from '../execution/fill.ts';
import { orderTypeFor, type TradingProfile } from '../trading/profile.ts';
import type { FleetView } from './fleet-view.ts';
import { type InitialStops, initialStops } from './initial-stops.ts';
import type { ReasonInput, ReasonVerdict } from './reasons/reason.ts';
import { sentimentInForce, shockFactor } from './sentiment.ts';
import type { SymbolState } from './symbol-state.ts';

/** The entry that a trigger proposes. */
export interface EntryPlan {
  /** Quote currency. */
  readonly price: number;
  readonly stops: InitialStops;
}

/** Price, stop and target of an entry. A trigger without a reason is planned with the horizon of the first one: so they compare. */
export function entryPlan({ side, state, view, params }: ReasonInput, reason: ReasonVerdict): EntryPlan {
  const { market } = state;
  const price = entryPriceOf(side, { bid: market.bid, ask: market.ask }, view.profile);
  const stops = initialStops(side, price, volatilityOf(side, state, view, params, reason), params.risk, market.grid);
  return { price, stops };
}

function volatilityOf(
  side: Side,
  state: SymbolState,
  view: FleetView,
  params: StrategyParams,
  { horizonMin }: ReasonVerdict,
) {
  const sentiment = sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment);
  const { market } = state;
  return {
    atr: state.atrOf(horizonMin),
    stopFactor: state.effect.stopFactor * shockFactor(side, sentiment, params.sentiment),
    spread: market.ask - market.bid,
  };
}

/** The intended fill price: the far side for a taker, the near side for a resting order. */
function entryPriceOf(side: Side, quote: Quote, profile: TradingProfile): number {
  const action = side === 'LONG' ? 'BUY' : 'SELL';
  return orderTypeFor(profile, 'ENTRY', undefined) === 'LIMIT' ? nearSide(action, quote) : farSide(action, quote);
}
