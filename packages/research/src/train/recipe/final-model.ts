import type { TrainingSet } from '../rows/training-set.ts';
import type { PurgedSplit } from '../split/purged-splits.ts';
import { type FittedMove, fitMove } from './fit-move.ts';
import { type FittedProbability, fitProbability } from './fit-probability.ts';
import type { FittedSequences } from './fit-sequences.ts';
import { foldPartsOf } from './fold-parts.ts';
import { sequencesOf, type TrainingTools } from './judge-split.ts';
import { FULL } from './variants.ts';

/** The model that is shipped: the recipe of the folds on all rows. */
export interface FinalModel {
  readonly probability: FittedProbability;
  readonly move: FittedMove;
  readonly sequences: FittedSequences | undefined;
}

/** The split of the final model: all rows to learn from, none to judge by. */
export function finalSplit({ count }: TrainingSet): PurgedSplit {
  return { name: 'final', training: Array.from({ length: count }, (_, row) => row), test: [] };
}

/** Trains on all rows. Rejects with TrainingStopped and TooFewRows. */
export async function trainFinal(set: TrainingSet, tools: TrainingTools): Promise<FinalModel> {
  const { boosting, steps, parameters, signal, onStep } = tools;
  const split = finalSplit(set);
  const sequences = await sequencesOf(set, split, tools);
  const parts = foldPartsOf(set, split.name, split.training, parameters.embargoMs);
  const input = { set, parts, outputs: sequences?.outputs, variant: FULL, parameters, signal };
  const probability = await steps.once('final model', () => fitProbability(boosting, input));
  onStep();
  const move = await steps.once('final move', () => fitMove(boosting, input));
  onStep();
  return { probability, move, sequences };
}
