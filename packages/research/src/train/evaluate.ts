import { LSTM_INPUT } from '@helios/shared/domain/model-manifest.ts';
import {
  type JudgedSplit,
  judgeMoves,
  judgeSplit,
  sequencesOf,
  shuffledLosses,
  type TrainingTools,
} from './recipe/judge-split.ts';
import { ABLATIONS, FULL } from './recipe/variants.ts';
import {
  figuresBySymbol,
  joinedAnswers,
  type SplitFigures,
  splitFigures,
  takingAll,
  type VariantFigures,
  variantFigures,
} from './report/figures.ts';
import { edgeFigures, type ForecastFigures, moveFigures, volatilityCorrelationOf } from './report/forecast-figures.ts';
import type { TrainingSet } from './rows/training-set.ts';
import type { PurgedSplit } from './split/purged-splits.ts';
import { valueOnCurve } from './statistics/isotonic.ts';
import { throwIfStopped } from './stop.ts';

/** What the walk-forward and the combinatorial splits say about the recipe. */
export interface Evaluation {
  readonly full: VariantFigures;
  readonly bySymbol: readonly (VariantFigures & { readonly symbol: string })[];
  readonly byFold: readonly (VariantFigures & { readonly name: string; readonly rounds: number })[];
  readonly ablations: readonly (VariantFigures & { readonly name: string; readonly about: string })[];
  readonly takeAll: VariantFigures;
  readonly move: ForecastFigures;
  /** Correlation of the realised move with the volatility of the last hour: what the trees have to beat. */
  readonly volatilityCorrelation: number | undefined;
  /** What the probabilities say about earnings before fees; undefined where a fold had too few days to measure it. */
  readonly edge: ForecastFigures | undefined;
  /** Mean loss of AUC over the folds if a feature is shuffled, most important first. */
  readonly importance: readonly { readonly feature: string; readonly loss: number }[];
  /** Figures of each combinatorial split, without LSTM; empty where the rows do not allow them. */
  readonly combinatorial: readonly SplitFigures[];
}

/** Number of steps of `evaluate` and one final training, for the time left. */
export const stepsOf = (folds: number, combinatorial: number) => folds * (4 + ABLATIONS.length) + combinatorial + 3;

/** Judges the recipe on rows that it does not learn. Rejects with TrainingStopped and TooFewRows. */
export async function evaluate(
  set: TrainingSet,
  folds: readonly PurgedSplit[],
  combinatorial: readonly PurgedSplit[],
  tools: TrainingTools,
): Promise<Evaluation> {
  const answers = new Map<string, JudgedSplit[]>([FULL, ...ABLATIONS].map(({ name }) => [name, []]));
  const moves: number[] = [];
  const losses: (readonly number[])[] = [];
  for (const split of folds) {
    throwIfStopped(tools.signal);
    const sequences = await sequencesOf(set, split, tools);
    const full = await judgeSplit(set, split, FULL, sequences, tools);
    answers.get(FULL.name)?.push(full);
    for (const variant of ABLATIONS) {
      // The shape that suits the full model: what differs is what the variant may read.
      answers.get(variant.name)?.push(await judgeSplit(set, split, variant, sequences, tools, [full.fitted.trees]));
    }
    moves.push(...(await judgeMoves(set, split, sequences, tools)));
    losses.push(await shuffledLosses(set, split, full, sequences, tools));
  }
  const crossed = await crossValidated(set, combinatorial, tools);
  const of = (name: string) => answers.get(name) ?? [];
  const whole = joinedAnswers(of(FULL.name));
  return {
    full: variantFigures(set, whole, FULL.name),
    bySymbol: figuresBySymbol(set, whole),
    byFold: of(FULL.name).map((split, n) => {
      const name = folds[n]?.name ?? '';
      return { name, rounds: split.fitted.rounds, ...variantFigures(set, joinedAnswers([split]), name) };
    }),
    ablations: ABLATIONS.map(({ name, about }) => ({
      ...{ name, about },
      ...variantFigures(set, joinedAnswers(of(name)), name),
    })),
    takeAll: variantFigures(set, takingAll(whole.rows), 'take-all'),
    move: moveFigures(set, whole.rows, moves),
    volatilityCorrelation: volatilityCorrelationOf(set, whole.rows),
    edge: edgesOf(set, of(FULL.name)),
    importance: importanceOf(set, losses),
    combinatorial: crossed,
  };
}

/** Trees alone: fifteen more LSTMs would take longer than everything else. */
async function crossValidated(set: TrainingSet, splits: readonly PurgedSplit[], tools: TrainingTools) {
  const [usual] = tools.parameters.trees;
  const trees = usual === undefined ? [] : [usual];
  const figures: SplitFigures[] = [];
  for (const split of splits) {
    throwIfStopped(tools.signal);
    const judged = await judgeSplit(set, split, FULL, undefined, tools, trees);
    figures.push(splitFigures(set, split.name, judged));
  }
  return figures;
}

function edgesOf(set: TrainingSet, splits: readonly JudgedSplit[]): ForecastFigures | undefined {
  const edges = splits.map(({ fitted: { edge }, probabilities }) =>
    edge === undefined ? undefined : probabilities.map((probability) => valueOnCurve(edge, probability)),
  );
  const known = edges.filter((own) => own !== undefined);
  if (known.length < splits.length) return undefined;
  return edgeFigures(
    set,
    splits.flatMap(({ rows }) => rows),
    known.flat(),
  );
}

function importanceOf(set: TrainingSet, losses: readonly (readonly number[])[]) {
  return [...set.names, LSTM_INPUT]
    .map((feature, n) => ({
      feature,
      loss: losses.reduce((sum, own) => sum + (own[n] ?? 0), 0) / Math.max(1, losses.length),
    }))
    .sort((a, b) => b.loss - a.loss || (a.feature < b.feature ? -1 : 1));
}
