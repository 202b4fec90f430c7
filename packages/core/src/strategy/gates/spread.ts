import { sixDigits } from '../../price/significant-digits.ts';
import { widestSpreadPct } from '../initial-stops.ts';
import type { Gate } from './gate.ts';
import { weighed } from './verdicts.ts';

/** A stop must lie outside the spread. In a very wide or thin book the spread would trigger it, not the market. */
export const spreadGate: Gate = {
  code: 'SPREAD',
  about: 'The spread leaves no room for a stop of two spreads within `risk.max_stop_pct` (percent of the mid).',
  ask: ({ state, params }) => {
    const limit = widestSpreadPct(params.risk);
    const spreadPct = state.market.spreadBp / 100;
    return weighed('SPREAD', spreadPct <= limit, spreadPct, sixDigits(limit));
  },
};
