import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import { sixDigits } from '../../price/significant-digits.ts';
import type { TradingProfile } from '../../trading/profile.ts';
import { roundTripCostBp } from '../round-trip-cost.ts';
import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/** Resolves `auto` by the profile. */
function edgeGateMode(
  setting: StrategyParams['signals']['edge_gate'],
  { edgeGate }: TradingProfile,
): 'enforce' | 'observe' | 'off' {
  if (setting !== 'auto') return setting;
  return edgeGate === 'ENFORCE' ? 'enforce' : 'observe';
}

/** The expected gain of a trade must cover its costs. In observe mode the gate passes the trade and marks it. */
export const edgeVsCostGate: Gate = {
  code: 'EDGE_VS_COST',
  about: 'The expected move does not cover fees, spread and slippage (expected move over cost).',
  ask: ({ side, state, view, params }) => {
    const gateMode = edgeGateMode(params.signals.edge_gate, view.profile);
    if (gateMode === 'off') return off('EDGE_VS_COST', 'signals.edge_gate = off');
    const expectedBp = state.edge.expectedBp(state.klines.regime);
    const costBp = roundTripCostBp(params, view.profile, side, state.market);
    const cost = `cost ${sixDigits(costBp)} bp`;
    if (expectedBp === undefined) return notWarm('EDGE_VS_COST', `too few past triggers in this regime; ${cost}`);
    const ratio = params.signals.edge_min_ratio;
    const note = `expected ${sixDigits(expectedBp)} bp, ${cost}`;
    const passed = expectedBp >= ratio * costBp;
    // Without fees and slippage a LIMIT round trip costs nothing. There is no ratio then, so the figures are basis points.
    const [value, limit] = costBp > 0 ? [expectedBp / costBp, ratio] : [expectedBp, sixDigits(ratio * costBp)];
    const result = weighed('EDGE_VS_COST', passed, value, limit, note);
    return result.outcome === 'REFUSED' && gateMode === 'observe' ? { ...result, outcome: 'OBSERVED' } : result;
  },
};
