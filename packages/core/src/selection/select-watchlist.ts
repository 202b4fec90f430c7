import type { ScoreParts, SelectionRejection, WatchReason } from '@helios/shared/domain/asset-selection.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { type Chosen, type Contender, chooseMembers } from './choose-members.ts';
import type { Rejection } from './eligibility.ts';
import { explainReason, explainScore } from './explain.ts';
import { type JudgedSurvey, judgeSurvey } from './judge-survey.ts';
import type { MarketSurvey } from './market-survey.ts';
import { type Scored, scoreCandidates } from './score.ts';

/** A symbol on the list. */
export interface Watched {
  readonly symbol: string;
  /** Start of the membership, epoch ms. */
  readonly sinceTs: number;
  readonly reason: WatchReason;
  /** 0..1; undefined if never scored. */
  readonly score: number | undefined;
  readonly parts: ScoreParts | undefined;
  /** Score and reason as text. */
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
  /** Highest score first; symbols without a score come last, by symbol. */
  readonly list: readonly Watched[];
  /** All other symbols of the survey, those with a score first. */
  readonly rejected: readonly Unwatched[];
}

export interface SelectionInput {
  readonly survey: MarketSurvey;
  /** Measured volatilities by symbol, percent of the price per hour; for other symbols the day range is used. */
  readonly atrPct?: ReadonlyMap<string, number>;
  /** The current list. */
  readonly members: readonly Pick<Watched, 'symbol' | 'sinceTs' | 'score'>[];
  /** Symbols with an open position or order: they never leave. */
  readonly held: ReadonlySet<string>;
  readonly params: Settings['trading'];
  /** Epoch ms. */
  readonly nowMs: number;
}

const NOTHING_MEASURED: ReadonlyMap<string, number> = new Map();

/**
 * Computes the new watchlist from its input alone; the order of rows changes nothing. docs/asset-selection.md explains how
 * symbols are judged, scored and chosen.
 */
export function selectWatchlist(input: SelectionInput): Selection {
  const { survey, members, held, params, nowMs } = input;
  const judged = judgeSurvey(survey, input.atrPct ?? NOTHING_MEASURED, params, nowMs);
  const scored = scoreCandidates(judged.candidates, params);
  const chosen = chooseMembers(contendersOf(scored, judged, members), {
    size: params.watchlist_size,
    margin: params.watchlist_margin,
    minAgeMs: params.watchlist_min_age_min * 60_000,
    nowMs,
    held,
    since: new Map(members.map(({ symbol, sinceTs }) => [symbol, sinceTs])),
  });
  const scores = new Map(scored.map((one) => [one.symbol, one]));
  const lastScores = new Map(members.map(({ symbol, score }) => [symbol, score]));
  const list = chosen.map((one) => watchedOf(one, scores, lastScores, params)).toSorted(byScore);
  const listed = new Set(list.map(({ symbol }) => symbol));
  const rejected = [...outscored(scores, judged, params), ...refused(judged, scores, members)];
  return { list, rejected: rejected.filter(({ symbol }) => !listed.has(symbol)).toSorted(byScore) };
}

/** Members, plus challengers that meet the floors. A member without figures in this scan stays with its last score. */
function contendersOf(
  scored: readonly Scored[],
  { rejections, tooThin }: JudgedSurvey,
  members: SelectionInput['members'],
): readonly Contender[] {
  const memberSymbols = new Set(members.map(({ symbol }) => symbol));
  return [
    ...scored
      .filter(({ symbol }) => memberSymbols.has(symbol) || !tooThin.has(symbol))
      .map(({ symbol, score }) => ({ symbol, score, judged: true })),
    ...members
      .filter(({ symbol }) => isUnjudged(rejections.get(symbol)))
      .map(({ symbol, score }) => ({ symbol, score: score ?? 0, judged: false })),
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

function outscored(
  scores: ReadonlyMap<string, Scored>,
  { tooThin }: JudgedSurvey,
  params: Settings['trading'],
): readonly Unwatched[] {
  return [...scores.values()].map(({ symbol, score, parts }) => {
    const thin = tooThin.get(symbol);
    const why = thin?.detail ?? 'others are better';
    const explanation = `${symbol}: ${explainScore(score, parts, scores.size, params)}; ${why}.`;
    return { symbol, code: thin?.code ?? 'OUTSCORED', score, parts, explanation };
  });
}

function refused(
  { rejections }: JudgedSurvey,
  scores: ReadonlyMap<string, Scored>,
  members: SelectionInput['members'],
): readonly Unwatched[] {
  const gone = members.filter(({ symbol }) => !scores.has(symbol) && !rejections.has(symbol));
  return [
    ...[...rejections].map(([symbol, { code, detail }]) => refusal(symbol, code, detail)),
    ...gone.map(({ symbol }) => refusal(symbol, 'NOT_LISTED', 'the venue does not list it any more')),
  ];
}

function refusal(symbol: string, code: SelectionRejection, detail: string): Unwatched {
  return { symbol, code, score: undefined, parts: undefined, explanation: `${symbol}: ${detail}.` };
}

function byScore(a: Watched | Unwatched, b: Watched | Unwatched): number {
  return (b.score ?? -1) - (a.score ?? -1) || (a.symbol < b.symbol ? -1 : 1);
}
