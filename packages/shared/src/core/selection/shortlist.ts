import { judgeSurvey } from './judge-survey.ts';
import { scoreCandidates } from './score.ts';
import type { SelectionInput } from './select-watchlist.ts';

/** Candles are asked for this many times the list's size. */
const PER_PLACE = 3;

/**
 * Symbols whose volatility is worth measuring on candles: members, and the best by the day's range, three for each
 * place. Best first. Nobody further down gets onto the list by a measurement.
 */
export function shortlist(input: Omit<SelectionInput, 'atrPct' | 'held'>): readonly string[] {
  const { survey, members, params, nowMs } = input;
  const memberSymbols = new Set(members.map(({ symbol }) => symbol));
  const { candidates } = judgeSurvey(survey, memberSymbols, new Map(), params, nowMs);
  const best = scoreCandidates(candidates, params).toSorted(
    (a, b) => b.score - a.score || (a.symbol < b.symbol ? -1 : 1),
  );
  return best
    .filter(({ symbol }, place) => place < PER_PLACE * params.watchlist_size || memberSymbols.has(symbol))
    .map(({ symbol }) => symbol);
}
