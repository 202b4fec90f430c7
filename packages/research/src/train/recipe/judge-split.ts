import { Rng } from '@helios/synthetic-market/rng.ts';
import { float32Of, float32Text } from '../float-text.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import type { PurgedSplit } from '../split/purged-splits.ts';
import { aucOf } from '../statistics/classification.ts';
import type { StepStore } from '../step-store.ts';
import type { Boosting, TreeParameters } from './boosting.ts';
import { fitMove, movesOf } from './fit-move.ts';
import { type FitInput, type FittedProbability, fitProbability, probabilitiesOf } from './fit-probability.ts';
import { type FittedSequences, fitSequences } from './fit-sequences.ts';
import { foldPartsOf } from './fold-parts.ts';
import type { TrainingParameters } from './parameters.ts';
import { FULL, type ModelVariant, treeFeatures, treeInputs } from './variants.ts';

/** What a training runs with. */
export interface TrainingTools {
  readonly boosting: Boosting;
  readonly steps: StepStore;
  readonly parameters: TrainingParameters;
  readonly signal: AbortSignal;
  /** Called after each step. */
  readonly onStep: () => void;
}

/** Answers of one variant to the test rows of a split. */
export interface JudgedSplit {
  readonly rows: readonly number[];
  readonly probabilities: readonly number[];
  readonly fitted: FittedProbability;
}

/** The LSTM of a split, from the store if it was trained before. */
export async function sequencesOf(
  set: TrainingSet,
  split: PurgedSplit,
  { steps, parameters, signal, onStep }: TrainingTools,
): Promise<FittedSequences | undefined> {
  const kept = await steps.once(`${split.name} lstm`, async () => {
    const parts = foldPartsOf(set, split.name, split.training, parameters.embargoMs);
    const found = await fitSequences(set, parts, split.test, { parameters, label: split.name, signal });
    return found === undefined ? { kind: 'NONE' as const } : { kind: 'FITTED' as const, ...packed(found) };
  });
  onStep();
  return kept.kind === 'NONE' ? undefined : unpacked(kept);
}

/** Trains a variant on the training of a split and asks it about the test. `trees`: shapes to try. */
export async function judgeSplit(
  set: TrainingSet,
  split: PurgedSplit,
  variant: ModelVariant,
  sequences: FittedSequences | undefined,
  tools: TrainingTools,
  trees: readonly TreeParameters[] = tools.parameters.trees,
): Promise<JudgedSplit> {
  const { boosting } = tools;
  const input = { ...inputOf(set, split, variant, sequences, tools), parameters: { ...tools.parameters, trees } };
  const { fitted, probabilities } = await tools.steps.once(`${split.name} ${variant.name}`, async () => {
    const own = await fitProbability(boosting, input);
    return { fitted: own, probabilities: [...probabilitiesOf(boosting, own, input, split.test)] };
  });
  tools.onStep();
  return { rows: split.test, probabilities, fitted };
}

/** Expected moves of the test rows by trees of the training, basis points. */
export async function judgeMoves(
  set: TrainingSet,
  split: PurgedSplit,
  sequences: FittedSequences | undefined,
  tools: TrainingTools,
): Promise<readonly number[]> {
  const input = inputOf(set, split, FULL, sequences, tools);
  const moves = await tools.steps.once(`${split.name} move`, async () => [
    ...movesOf(tools.boosting, await fitMove(tools.boosting, input), input, split.test),
  ]);
  tools.onStep();
  return moves;
}

/** Loss of AUC on the test if one feature is shuffled, in the order of `treeFeatures`. Source: Breiman, "Random forests", 2001. */
export async function shuffledLosses(
  set: TrainingSet,
  split: PurgedSplit,
  { fitted }: JudgedSplit,
  sequences: FittedSequences | undefined,
  tools: TrainingTools,
): Promise<readonly number[]> {
  const input = inputOf(set, split, FULL, sequences, tools);
  const losses = await tools.steps.once(`${split.name} importance`, async () => lossesBy(tools, input, split, fitted));
  tools.onStep();
  return losses;
}

function lossesBy(
  { boosting, parameters }: TrainingTools,
  input: FitInput,
  split: PurgedSplit,
  fitted: FittedProbability,
) {
  const { set } = input;
  const labels = split.test.map((row) => set.isGain[row] ?? 0);
  const { features, width } = treeInputs(set, split.test, input.outputs, FULL);
  const trees = boosting.load(fitted.json);
  try {
    const aucAt = (inputs: Float32Array) => aucOf({ scores: trees.margins(inputs, width), labels }) ?? 0.5;
    const whole = aucAt(features);
    return treeFeatures(set, input.outputs).map((name, column) => {
      const rng = new Rng(`shuffle:${parameters.seed}:${split.name}:${name}`);
      return whole - aucAt(shuffledColumn(features, width, column, rng));
    });
  } finally {
    trees.free();
  }
}

/** A copy in which one column is shuffled. */
function shuffledColumn(features: Float32Array, width: number, column: number, rng: Rng): Float32Array {
  const shuffled = features.slice();
  for (let row = features.length / width - 1; row > 0; row -= 1) {
    const [own, other] = [row * width + column, rng.below(row + 1) * width + column];
    [shuffled[own], shuffled[other]] = [shuffled[other] ?? Number.NaN, shuffled[own] ?? Number.NaN];
  }
  return shuffled;
}

function inputOf(
  set: TrainingSet,
  split: PurgedSplit,
  variant: ModelVariant,
  sequences: FittedSequences | undefined,
  { parameters, signal }: TrainingTools,
): FitInput {
  const parts = foldPartsOf(set, split.name, split.training, parameters.embargoMs);
  return {
    set,
    parts,
    outputs: sequences?.outputs,
    variant,
    parameters,
    signal,
  };
}

function packed({ numbers, scale, epochs, outputs }: FittedSequences) {
  const { kernel, recurrent, bias, output, outputBias, columns, units } = numbers;
  const texts = [
    ...([float32Text(kernel), float32Text(recurrent), float32Text(bias)] as const),
    ...([float32Text(output), float32Text(outputBias)] as const),
  ] as const;
  return { columns, units, texts, scale, epochs, outputs: float32Text(outputs) };
}

function unpacked({ columns, units, texts, scale, epochs, outputs }: ReturnType<typeof packed>): FittedSequences {
  const [kernel, recurrent, bias, output, outputBias] = texts;
  return {
    numbers: {
      ...{ columns, units, kernel: float32Of(kernel), recurrent: float32Of(recurrent), bias: float32Of(bias) },
      ...{ output: float32Of(output), outputBias: float32Of(outputBias) },
    },
    ...{ scale, epochs, outputs: float32Of(outputs) },
  };
}
