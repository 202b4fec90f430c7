import { overfittingOf } from '../statistics/overfitting.ts';
import type { Study, StudyOutcome, StudyPlan, TriedCandidate } from '../study.ts';
import type { PlayedTrial } from '../trial.ts';
import { MODEL_OPTION } from '../trial-model.ts';
import { figuresOf } from '../walk-forward/trial-summary.ts';
import { tradesIn } from '../walk-forward/window-trades.ts';
import { type OutOfSampleTerms, outOfSampleOf, stitched } from './out-of-sample.ts';
import { settingEffects } from './setting-effect.ts';
import type { FoldReport, RankedTrial, StudyReport, TrainingAndTest } from './study-report.ts';
import { studyVerdict } from './study-verdict.ts';

/** Settings in the table of the best. */
const RANKED = 10;

/**
 * Computes every figure of a search. Asks the study for the trades of what was chosen.
 * @param earlier number of other settings that earlier searches tried on these data
 */
export async function studyReport(
  plan: StudyPlan,
  outcome: StudyOutcome,
  resultOf: Study['result'],
  { riskFreeRatePct, earlier = 0 }: { readonly riskFreeRatePct: number; readonly earlier?: number },
): Promise<StudyReport> {
  const { folds, whole, objective, minTrades } = plan.judging;
  const { dimensions, method, trials, seed } = plan;
  const { tried, chosen, pools, isComplete } = outcome;
  const base = await resultOf({});
  const results: (PlayedTrial | undefined)[] = [];
  for (const one of chosen.slice(0, folds.length))
    results.push(one === undefined ? undefined : await resultOf(one.candidate.texts));
  const terms: OutOfSampleTerms = {
    window: { fromTs: folds[0]?.test.fromTs ?? whole.fromTs, toTs: whole.toTs },
    startingBalance: base?.startingBalance ?? 0,
    ...{ riskFreeRatePct, tried: tried.length + earlier, label: plan.data.files.map(({ sha256 }) => sha256).join(' ') },
  };
  const withTrades = tried.filter(({ summary }) => summary.whole.trades > 0);
  const figures: Omit<StudyReport, 'verdict'> = {
    files: plan.data.files.filter(({ option }) => option !== MODEL_OPTION).map(({ path }) => path),
    plan: { dimensions, method, trials, seed, objective, minTrades, whole },
    embargoMs: (folds[0]?.test.fromTs ?? 0) - (folds[0]?.training.toTs ?? 0),
    counts: { ...countsOf(tried), earlier },
    isComplete,
    folds: foldReports(plan, outcome, base),
    chosen: outOfSampleOf(stitched(folds, results), terms),
    base: outOfSampleOf(
      stitched(
        folds,
        folds.map(() => base),
      ),
      { ...terms, tried: 1 },
    ),
    overfitting: overfittingOf(withTrades.map(({ summary }) => summary.returns)),
    ranked: rankedTrials(pools[folds.length - 1] ?? [], folds.length - 1),
    scatter: folds.flatMap((_, n) => scatterOf(pools[n] ?? [], n, chosen[n])),
    effects: settingEffects(plan.dimensions, tried),
    latest: chosen.at(-1)?.candidate.texts,
    assumptions: base?.assumptions ?? [],
    models: base?.models ?? [],
  };
  return { ...figures, verdict: studyVerdict(figures) };
}

function countsOf(tried: readonly TriedCandidate[]): Omit<StudyReport['counts'], 'earlier'> {
  const invalid = tried.filter(({ summary }) => summary.kind === 'INVALID').length;
  const failed = tried.filter(({ summary }) => summary.kind === 'FAILED').length;
  const withoutScore = tried.filter(({ summary }) => summary.scores.every((score) => score === undefined)).length;
  return { tried: tried.length, invalid, failed, tooFew: withoutScore - invalid - failed };
}

function foldReports(
  { judging }: StudyPlan,
  { chosen, pools }: StudyOutcome,
  base: PlayedTrial | undefined,
): FoldReport[] {
  const none = { trades: 0, meanBp: undefined };
  return judging.folds.map((fold, n) => {
    const best = chosen[n];
    const own = base === undefined ? [] : tradesIn(base.trades, fold.test).netBp;
    return {
      ...{ fold, candidates: pools[n]?.length ?? 0, texts: best?.candidate.texts, score: best?.summary.scores[n] },
      training: best?.summary.trainings[n] ?? none,
      test: best?.summary.tests[n] ?? none,
      base: figuresOf(own),
    };
  });
}

function rankedTrials(pool: readonly TriedCandidate[], fold: number): RankedTrial[] {
  const ranked = pool.flatMap(({ candidate, summary }) => {
    const [score, training, test] = [summary.scores[fold], summary.trainings[fold], summary.tests[fold]];
    return score === undefined || !training || !test ? [] : [{ texts: candidate.texts, score, training, test }];
  });
  return ranked.toSorted((a, b) => b.score - a.score).slice(0, RANKED);
}

function scatterOf(
  pool: readonly TriedCandidate[],
  fold: number,
  chosen: TriedCandidate | undefined,
): TrainingAndTest[] {
  return pool.flatMap((one) => {
    const [trainingBp, testBp] = [one.summary.trainings[fold]?.meanBp, one.summary.tests[fold]?.meanBp];
    return trainingBp === undefined || testBp === undefined ? [] : [{ trainingBp, testBp, isChosen: one === chosen }];
  });
}
