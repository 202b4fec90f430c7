import { ageOf } from '@helios/shared/domain/age.ts';
import type { Gate } from './gate.ts';
import { weighed } from './verdicts.ts';

/** The book must be valid and fresh at the moment of the decision. */
export const bookStaleGate: Gate = {
  code: 'BOOK_STALE',
  about: 'The book is older than `signals.max_book_age_ms` (age in ms), or incomplete.',
  ask: ({ state, view, params }) => {
    const limit = params.signals.max_book_age_ms;
    const ageMs = ageOf(state.market.bookTs, view.nowMs);
    if (ageMs === undefined) {
      return {
        gate: 'BOOK_STALE',
        outcome: 'REFUSED',
        limit,
        note: 'the book is stamped in the future, its age is unknown',
      };
    }
    const note = state.market.bookValid ? undefined : 'the book is incomplete';
    return weighed('BOOK_STALE', state.market.bookFresh(view.nowMs, limit), ageMs, limit, note);
  },
};
