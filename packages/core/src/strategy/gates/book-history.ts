import type { Gate } from './gate.ts';
import { weighed } from './verdicts.ts';

/** A book that has just come back may not be stable yet. */
export const bookHistoryGate: Gate = {
  code: 'BOOK_HISTORY',
  about: 'The unbroken book history is shorter than `signals.min_book_history_sec` (seconds).',
  ask: ({ state, view, params }) => {
    const limit = params.signals.min_book_history_sec;
    const seenSec = (view.nowMs - (state.market.unbrokenSince ?? view.nowMs)) / 1_000;
    return weighed('BOOK_HISTORY', seenSec >= limit, seenSec, limit);
  },
};
