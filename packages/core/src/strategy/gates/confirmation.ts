import type { Gate } from './gate.ts';
import { weighed } from './verdicts.ts';

/** An imbalance must last: a single book meets the threshold half of the time. */
export const confirmationGate: Gate = {
  code: 'CONFIRMATION',
  about: 'Fewer than `signals.confirmation_count` sampled triggers of this direction in the window (count).',
  ask: ({ side, state, view, params }) => {
    const limit = params.signals.confirmation_count;
    const count = state.confirmation.count(side, view.nowMs);
    return weighed('CONFIRMATION', count >= limit, count, limit);
  },
};
