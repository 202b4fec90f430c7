import { judgeSurvey } from './judge-survey.ts';
import { scoreCandidates } from './score.ts';
import type { SelectionInput } from './select-watchlist.ts';

/** Klines are requested for this multiple of the list's size. */
const PER_PLACE = 3;

/** Symbols whose volatility is measured on klines: all members, and the estimated best three per place. Best first. */
export function shortlist(input: Omit<SelectionInput, 'atrPct' | 'held'>): readonly string[] {
  const { survey, members, params, nowMs } = input;
  const memberSymbols = new Set(members.map(({ symbol }) => symbol));
  const { candidates } = judgeSurvey(survey, new Map(), params, nowMs);
  const best = scoreCandidates(candidates, params).toSorted(
    (a, b) => b.score - a.score || (a.symbol < b.symbol ? -1 : 1),
  );
  return best
    .filter(({ symbol }, place) => place < PER_PLACE * params.watchlist_size || memberSymbols.has(symbol))
    .map(({ symbol }) => symbol);
}
