import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { codeHash } from '../code-hash.ts';
import type { XgboostLibrary } from '../xgboost/xgboost-library.ts';
import { evaluate, stepsOf } from './evaluate.ts';
import type { PreparedRows, TrainPlace } from './prepare-rows.ts';
import { type FinalModel, finalSplit, trainFinal } from './recipe/final-model.ts';
import { foldPartsOf, TooFewRows } from './recipe/fold-parts.ts';
import type { TrainingTools } from './recipe/judge-split.ts';
import { type TrainingParameters, treesToTry } from './recipe/parameters.ts';
import { XgboostBoosting } from './recipe/xgboost-boosting.ts';
import { type ModelCard, modelCard } from './report/model-card.ts';
import { modelVerdictOf } from './report/model-verdict.ts';
import { hashOfSet, type TrainingSet } from './rows/training-set.ts';
import { combinatorialSplits, type PurgedSplit, walkForward } from './split/purged-splits.ts';
import { type StepCounts, StepStore } from './step-store.ts';
import type { TrainOptions } from './train-options.ts';

const MAX_ROUNDS = 600;
const PATIENCE = 40;
const STACKING_FOLDS = 3;
/** Six parts, two of them tested at a time: fifteen splits. */
const COMBINATORIAL_GROUPS = 6;

/** A trained model with its card, and what was taken from earlier runs. */
export interface TrainedModel {
  readonly model: FinalModel;
  readonly card: ModelCard;
  readonly counts: StepCounts;
}

/** Judges the recipe and trains the model. Rejects with TooFewRows before any work, and with TrainingStopped. */
export async function trainModel(
  { set, sources, settings, duplicates, tooClose, assumptions }: PreparedRows,
  options: TrainOptions,
  library: XgboostLibrary,
  { kept, progress, signal }: Pick<TrainPlace, 'kept' | 'progress' | 'signal'>,
): Promise<TrainedModel> {
  const parameters = parametersOf(set, options);
  const folds = walkForward(set, options.folds, parameters.embargoMs);
  for (const { name, training } of [...folds, finalSplit(set)]) foldPartsOf(set, name, training, parameters.embargoMs);
  const combinatorial = allowedSplits(set, parameters.embargoMs);
  const rowsHash = hashOfSet(set);
  // The same fold of another number of folds holds other rows.
  const base = { code: codeHash(), rowsHash, parameters, folds: options.folds, xgboost: library.version };
  const steps = new StepStore(join(kept, 'steps'), createHash('sha256').update(JSON.stringify(base)).digest('hex'));
  const total = stepsOf(folds.length, combinatorial.length);
  let done = 0;
  const onStep = () => {
    done += 1;
    progress.at(done / total);
  };
  progress.begin(`Training on ${set.count} candidates`);
  const tools: TrainingTools = { boosting: new XgboostBoosting(library), steps, parameters, signal, onStep };
  const evaluation = await evaluate(set, folds, combinatorial, tools);
  const model = await trainFinal(set, tools);
  const card = modelCard(set, folds, evaluation, model, parameters, {
    name: options.name ?? `helios-${rowsHash.slice(0, 8)}`,
    ...{ verdict: modelVerdictOf(evaluation.full, options.leakFinding), leakFinding: options.leakFinding },
    ...{ sources, settings, rowsHash, duplicates, tooClose, assumptions, apartMs: options.apartMs },
    xgboost: library.version,
  });
  return { model, card, counts: steps.counts };
}

function parametersOf(set: TrainingSet, { seed, trials, lstmUnits, lstmEpochs }: TrainOptions): TrainingParameters {
  return {
    ...{ seed, trees: treesToTry(trials, seed), maxRounds: MAX_ROUNDS, patience: PATIENCE },
    ...{ lstmUnits, lstmEpochs: lstmUnits === 0 ? 0 : lstmEpochs, stackingFolds: STACKING_FOLDS },
    embargoMs: longestOutcomeMs(set),
  };
}

/** No outcome lasts longer, so none reaches across the embargo. */
function longestOutcomeMs({ ts, endTs }: TrainingSet): number {
  return ts.reduce((longest, from, row) => Math.max(longest, (endTs[row] ?? from) - from), 0);
}

/** The combinatorial splits; none if one of them has too few rows. */
function allowedSplits(set: TrainingSet, embargoMs: number): PurgedSplit[] {
  const splits = combinatorialSplits(set, COMBINATORIAL_GROUPS, embargoMs);
  try {
    for (const { name, training } of splits) foldPartsOf(set, name, training, embargoMs);
    return splits;
  } catch (error) {
    // The walk-forward alone judges such a model, and the card says so.
    if (error instanceof TooFewRows) return [];
    throw error;
  }
}
