import { sixDigits } from '../../price/significant-digits.ts';
import { edgeInForce } from '../edge-in-force.ts';
import { roundTripCostBp, roundTripFeesBp } from '../round-trip-cost.ts';
import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/** What such trades earn must cover their costs even at the lower bound of the estimate. In observe mode the gate marks the trade. */
export const edgeVsCostGate: Gate = {
  code: 'EDGE_VS_COST',
  about:
    'The lower bound of the expected move (the mean of past triggers of this reason minus two standard errors) does not cover fees, spread and slippage (move over cost). Where a model knows what such orders earn after spread and slippage, its lower bound must cover the fees.',
  ask: (input) => {
    const { side, state, view, params } = input;
    const gateMode = params.signals.edge_gate;
    if (gateMode === 'off') return off('EDGE_VS_COST', 'signals.edge_gate = off');
    const edge = edgeInForce(input);
    const hasPaid = edge.kind === 'KNOWN' && edge.isAfterSpread;
    const costBp = hasPaid
      ? roundTripFeesBp(params, view.profile)
      : roundTripCostBp(params, view.profile, side, state.market);
    const cost = `${hasPaid ? 'after spread and slippage, fees' : 'cost'} ${sixDigits(costBp)} bp`;
    if (edge.kind === 'NOT_WARM') return notWarm('EDGE_VS_COST', `${edge.note}; ${cost}`);
    const { lowerBp } = edge;
    const ratio = params.signals.edge_min_ratio;
    const note = `${edge.note}, ${cost}`;
    const passed = lowerBp >= ratio * costBp;
    // Without fees and slippage a LIMIT round trip costs nothing. There is no ratio then, so the figures are basis points.
    const [value, limit] = costBp > 0 ? [lowerBp / costBp, ratio] : [lowerBp, sixDigits(ratio * costBp)];
    const result = weighed('EDGE_VS_COST', passed, value, limit, note);
    return result.outcome === 'REFUSED' && gateMode === 'observe' ? { ...result, outcome: 'OBSERVED' } : result;
  },
};
