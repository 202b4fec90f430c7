import { sixDigits } from '../../price/significant-digits.ts';
import { widestSpreadPct } from '../initial-stops.ts';
import type { Gate, GateInput } from './gate.ts';
import { weighed } from './verdicts.ts';

/**
 * A trade pays the spread out of its target, and its stop must lie outside the spread: in a very wide or thin book the spread would
 * trigger it, not the market.
 */
export const spreadGate: Gate = {
  code: 'SPREAD',
  about:
    'The spread exceeds both `signals.max_entry_spread_bp` and its share of the target, or leaves no room for a stop (percent of the mid).',
  ask: (input) => {
    const { state, params } = input;
    const spreadPct = state.market.spreadBp / 100;
    const narrowPct = params.signals.max_entry_spread_bp / 100;
    // Nearly all books are narrow enough without a look at the target.
    const payable = spreadPct <= narrowPct ? narrowPct : Math.max(narrowPct, payablePct(input));
    const limit = Math.min(payable, widestSpreadPct(params.risk));
    return weighed('SPREAD', spreadPct <= limit, spreadPct, sixDigits(limit));
  },
};

/** The spread that the target pays for, percent of the entry price. */
function payablePct({ plan: { price, stops }, params }: GateInput): number {
  return (100 * params.signals.max_spread_of_target * Math.abs(stops.takeProfit - price)) / price;
}
