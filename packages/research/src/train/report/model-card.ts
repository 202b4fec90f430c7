import type { Evaluation } from '../evaluate.ts';
import type { TreeParameters } from '../recipe/boosting.ts';
import type { FinalModel } from '../recipe/final-model.ts';
import type { TrainingParameters } from '../recipe/parameters.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import type { PurgedSplit } from '../split/purged-splits.ts';
import type { ModelVerdictText } from './model-verdict.ts';

/** A source of rows by its content. */
export interface CardSource {
  readonly name: string;
  readonly sha256: string;
}

/** Everything that somebody must know about a model before they trust it. */
export interface ModelCard extends Evaluation {
  readonly schema: 1;
  readonly name: string;
  readonly verdict: ModelVerdictText;
  readonly leakFinding: string | undefined;
  readonly data: {
    readonly sources: readonly CardSource[];
    /** Settings of the run that made the rows and differ from the defaults. */
    readonly settings: Readonly<Record<string, string>>;
    readonly rowsHash: string;
    readonly rows: number;
    readonly duplicates: number;
    /** Left out: another candidate of their symbol came within `apartMs` before. */
    readonly tooClose: number;
    readonly apartMs: number;
    /** What was assumed where the market data are silent; one sentence each. */
    readonly assumptions: readonly string[];
    readonly firstTs: number;
    readonly lastTs: number;
    readonly symbols: readonly { readonly symbol: string; readonly rows: number }[];
    /** Share of rows that end with a net gain, 0..1. */
    readonly gainShare: number;
    readonly meanNetBp: number;
    readonly meanCostBp: number;
    /** Features that no row has. */
    readonly absent: readonly string[];
  };
  readonly folds: readonly CardFold[];
  readonly recipe: {
    readonly seed: number;
    readonly featureSet: string;
    readonly xgboost: string;
    readonly trials: number;
    readonly trees: TreeParameters;
    readonly rounds: number;
    readonly moveRounds: number;
    readonly lstmUnits: number;
    readonly lstmEpochs: number;
    readonly embargoMs: number;
    readonly calibration: string;
    readonly breakEven: number;
  };
}

/** A fold by its spans; the training ends before the test by the embargo. */
interface CardFold {
  readonly name: string;
  readonly trainingRows: number;
  readonly testRows: number;
  readonly trainingToTs: number;
  readonly testFromTs: number;
  readonly testToTs: number;
}

/** What the card says besides figures. */
interface CardFacts {
  readonly name: string;
  readonly verdict: ModelVerdictText;
  readonly leakFinding: string | undefined;
  readonly sources: readonly CardSource[];
  readonly settings: Readonly<Record<string, string>>;
  readonly rowsHash: string;
  readonly duplicates: number;
  readonly tooClose: number;
  readonly apartMs: number;
  readonly assumptions: readonly string[];
  readonly xgboost: string;
}

/** Puts the card together. */
export function modelCard(
  set: TrainingSet,
  folds: readonly PurgedSplit[],
  evaluation: Evaluation,
  model: FinalModel,
  parameters: TrainingParameters,
  facts: CardFacts,
): ModelCard {
  const { name, verdict, leakFinding, xgboost, ...origin } = facts;
  return {
    ...{ schema: 1, name, verdict, leakFinding },
    data: { ...origin, ...rowFacts(set) },
    folds: folds.map((fold) => cardFold(set, fold)),
    recipe: {
      ...{ seed: parameters.seed, featureSet: set.featureSet, xgboost, trials: parameters.trees.length },
      ...{ trees: model.probability.trees, rounds: model.probability.rounds, moveRounds: model.move.rounds },
      lstmUnits: model.sequences === undefined ? 0 : parameters.lstmUnits,
      ...{ lstmEpochs: model.sequences?.epochs ?? 0, embargoMs: parameters.embargoMs },
      ...{ calibration: model.probability.calibration.kind, breakEven: model.probability.breakEven },
    },
    ...evaluation,
  };
}

function rowFacts(set: TrainingSet) {
  const mean = (values: Float64Array | Uint8Array) => {
    let sum = 0;
    for (const value of values) sum += value;
    return sum / set.count;
  };
  return {
    rows: set.count,
    ...{ firstTs: set.ts[0] ?? 0, lastTs: set.ts.at(-1) ?? 0 },
    symbols: set.symbols.map((symbol, index) => ({ symbol, rows: set.symbolOf.filter((own) => own === index).length })),
    ...{ gainShare: mean(set.isGain), meanNetBp: mean(set.netBp), meanCostBp: mean(set.costBp) },
    absent: set.names.filter((_, column) => isAbsent(set, column)),
  };
}

function isAbsent({ features, names, count }: TrainingSet, column: number): boolean {
  for (let row = 0; row < count; row += 1) if (!Number.isNaN(features[row * names.length + column])) return false;
  return true;
}

function cardFold(set: TrainingSet, { name, training, test }: PurgedSplit): CardFold {
  const latest = training.reduce((last, row) => Math.max(last, set.endTs[row] ?? 0), 0);
  return {
    ...{ name, trainingRows: training.length, testRows: test.length, trainingToTs: latest },
    ...{ testFromTs: set.ts[test[0] ?? 0] ?? 0, testToTs: set.ts[test.at(-1) ?? 0] ?? 0 },
  };
}
