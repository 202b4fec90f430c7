import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { FeatureInputs } from '../features/symbol-features.ts';
import type { FleetView } from './fleet-view.ts';
import { sentimentInForce } from './sentiment.ts';
import type { SymbolState } from './symbol-state.ts';

/** What the features of a symbol are read with, now. */
export function featureInputsOf(
  state: SymbolState,
  view: FleetView,
  params: Pick<StrategyParams, 'sentiment'>,
): FeatureInputs {
  const { market } = state;
  return {
    nowMs: view.nowMs,
    quote: market.bookValid ? { bid: market.bid, ask: market.ask } : undefined,
    regime: state.klines.regime,
    sentiment: sentimentInForce(state.sentiment, view.sentiment, view.nowMs, params.sentiment)?.sentiment,
  };
}
