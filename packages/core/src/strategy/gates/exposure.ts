import type { Gate } from './gate.ts';
import { weighed } from './verdicts.ts';

/** Limits entries to one position per symbol, and limits the total. */
export const exposureGate: Gate = {
  code: 'EXPOSURE',
  about: 'A position, an order or an unanswered entry is open on the symbol, or too many on all symbols (count).',
  ask: ({ state, view, params }) => {
    const { exposure } = state;
    const limit = params.trading.max_open_positions;
    const busy = !exposure.flat;
    return weighed('EXPOSURE', !busy && view.exposures < limit, view.exposures, limit, busy ? whatIsOpen() : undefined);

    function whatIsOpen(): string {
      if (exposure.managed.length > 0)
        return `${exposure.managed.map(({ plan }) => plan.side).join(' and ')} open on the symbol`;
      return exposure.orders.length > 0 ? 'an order is open on the symbol' : 'an entry on the symbol has no answer yet';
    }
  },
};
