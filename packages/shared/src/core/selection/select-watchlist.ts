import type { ScoreParts, SelectionRejection, WatchReason } from '../../domain/asset-selection.ts';
import type { Settings } from '../../domain/settings.ts';
import { type Chosen, type Contender, chooseMembers } from './choose-members.ts';
import type { Rejection } from './eligibility.ts';
import { explainReason, explainScore } from './explain.ts';
import { judgeSurvey } from './judge-survey.ts';
import type { MarketSurvey } from './market-survey.ts';
import { type Scored, scoreCandidates } from './score.ts';

/** A symbol on the list. */
export interface Watched {
  readonly symbol: string;
  /** On the list since, epoch ms. */
  readonly sinceTs: number;
  readonly reason: WatchReason;
  /** 0..1; undefined where nothing was ever scored. */
  readonly score: number | undefined;
  readonly parts: ScoreParts | undefined;
  /** Score and reason in words. */
  readonly explanation: string;
}

/** A listed symbol that is not on the list. */
export interface Unwatched {
  readonly symbol: string;
  readonly code: SelectionRejection;
  readonly score: number | undefined;
  readonly parts: ScoreParts | undefined;
  readonly explanation: string;
}

export interface Selection {
  /** Highest score first; what has none comes last, by symbol. */
  readonly list: readonly Watched[];
  /** Every other symbol of the survey, those with a score first. */
  readonly rejected: readonly Unwatched[];
}

export interface SelectionInput {
  readonly survey: MarketSurvey;
  /** Measured volatilities by symbol, percent of price an hour; the day's range has to do for the others. */
  readonly atrPct?: ReadonlyMap<string, number>;
  /** The list as it is now. */
  readonly members: readonly Pick<Watched, 'symbol' | 'sinceTs' | 'score'>[];
  /** Symbols with an open position or order: they never leave. */
  readonly held: ReadonlySet<string>;
  readonly params: Settings['trading'];
  /** Epoch ms. */
  readonly nowMs: number;
}

const NOTHING_MEASURED: ReadonlyMap<string, number> = new Map();

/**
 * The new watchlist, a function of what it is given: the order of rows changes nothing. How symbols are judged, scored
 * and chosen stands in docs/asset-selection.md.
 */
export function selectWatchlist(input: SelectionInput): Selection {
  const { survey, members, held, params, nowMs } = input;
  const memberSymbols = new Set(members.map(({ symbol }) => symbol));
  const atrPct = input.atrPct ?? NOTHING_MEASURED;
  const { candidates, rejections } = judgeSurvey(survey, memberSymbols, atrPct, params, nowMs);
  const scored = scoreCandidates(candidates, params);
  const contenders = contendersOf(scored, rejections, members);
  const chosen = chooseMembers(contenders, {
    size: params.watchlist_size,
    margin: params.watchlist_margin,
    minAgeMs: params.watchlist_min_age_min * 60_000,
    nowMs,
    held,
  });
  const scores = new Map(scored.map((one) => [one.symbol, one]));
  const lastScores = new Map(members.map(({ symbol, score }) => [symbol, score]));
  const list = chosen.map((one) => watchedOf(one, scores, lastScores, params)).toSorted(byScore);
  const rejected = unwatchedOf(list, scores, rejections, memberSymbols, params).toSorted(byScore);
  return { list, rejected };
}

/** Everything scored, and members that this scan has no figures of: half an answer of the venue is no reason to leave. */
function contendersOf(
  scored: readonly Scored[],
  rejections: ReadonlyMap<string, Rejection>,
  members: SelectionInput['members'],
): readonly Contender[] {
  const since = new Map(members.map(({ symbol, sinceTs }) => [symbol, sinceTs]));
  const unjudged = members.filter(({ symbol }) => isUnjudged(rejections.get(symbol)));
  return [
    ...scored.map(({ symbol, score }) => ({ symbol, score, sinceTs: since.get(symbol), judged: true })),
    ...unjudged.map(({ symbol, score, sinceTs }) => ({ symbol, score: score ?? 0, sinceTs, judged: false })),
  ];
}

function isUnjudged(rejection: Rejection | undefined): boolean {
  return rejection?.code === 'NO_TICKER' || rejection?.code === 'NO_TOP';
}

function watchedOf(
  { symbol, sinceTs, reason }: Chosen,
  scores: ReadonlyMap<string, Scored>,
  lastScores: ReadonlyMap<string, number | undefined>,
  params: Settings['trading'],
): Watched {
  const scored = scores.get(symbol);
  const why = explainReason(reason, params);
  if (scored === undefined) {
    const explanation = `${symbol}: ${why}.`;
    return { symbol, sinceTs, reason, score: lastScores.get(symbol), parts: undefined, explanation };
  }
  const { score, parts } = scored;
  const explanation = `${symbol}: ${explainScore(score, parts, scores.size, params)}; ${why}.`;
  return { symbol, sinceTs, reason, score, parts, explanation };
}

function unwatchedOf(
  list: readonly Watched[],
  scores: ReadonlyMap<string, Scored>,
  rejections: ReadonlyMap<string, Rejection>,
  memberSymbols: ReadonlySet<string>,
  params: Settings['trading'],
): readonly Unwatched[] {
  const listed = new Set(list.map(({ symbol }) => symbol));
  const outscored = [...scores.values()].map(({ symbol, score, parts }) => {
    const explanation = `${symbol}: ${explainScore(score, parts, scores.size, params)}; others are better.`;
    return { symbol, code: 'OUTSCORED' as const, score, parts, explanation };
  });
  const refused = [...rejections].map(([symbol, { code, detail }]) => refusal(symbol, code, detail));
  const gone = [...memberSymbols]
    .filter((symbol) => !scores.has(symbol) && !rejections.has(symbol))
    .map((symbol) => refusal(symbol, 'NOT_LISTED', 'the venue does not list it any more'));
  return [...outscored, ...refused, ...gone].filter(({ symbol }) => !listed.has(symbol));
}

function refusal(symbol: string, code: SelectionRejection, detail: string): Unwatched {
  return { symbol, code, score: undefined, parts: undefined, explanation: `${symbol}: ${detail}.` };
}

function byScore(a: Watched | Unwatched, b: Watched | Unwatched): number {
  return (b.score ?? -1) - (a.score ?? -1) || (a.symbol < b.symbol ? -1 : 1);
}
