import { sixDigits } from '../../price/significant-digits.ts';
import { roundTripCostBp } from '../round-trip-cost.ts';
import type { Gate } from './gate.ts';
import { off, weighed } from './verdicts.ts';

/** A target near the costs must be reached nearly always to pay. */
export const targetGate: Gate = {
  code: 'TARGET',
  about: 'The target lies closer than `risk.min_target_costs` × the cost of a round trip (target over cost).',
  ask: ({ side, state, view, params, plan }) => {
    const limit = params.risk.min_target_costs;
    if (limit === 0) return off('TARGET', 'risk.min_target_costs = 0');
    const { price, stops } = plan;
    const targetBp = (10_000 * Math.abs(stops.takeProfit - price)) / price;
    const costBp = roundTripCostBp(params, view.profile, side, state.market);
    const note = `target ${sixDigits(targetBp)} bp, cost ${sixDigits(costBp)} bp`;
    // A LIMIT round trip without fees costs nothing: any target pays.
    if (costBp <= 0) return { gate: 'TARGET', outcome: 'PASSED', note };
    return weighed('TARGET', targetBp >= limit * costBp, targetBp / costBp, limit, note);
  },
};
