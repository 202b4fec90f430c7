import type { LstmNumbers } from '../lstm/lstm-weights.ts';
import { type SequenceScale, sequenceScaleOf } from '../lstm/sequence-scale.ts';
import { askLstm, trainLstm } from '../lstm/train-lstm.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import { outside } from '../split/purged-splits.ts';
import { uniquenessWeights } from '../split/uniqueness.ts';
import type { FoldParts } from './fold-parts.ts';
import type { TrainingParameters } from './parameters.ts';

/** An LSTM with its answers to every row of the set; NaN for rows that it was not asked. */
export interface FittedSequences {
  readonly numbers: LstmNumbers;
  readonly scale: SequenceScale;
  readonly epochs: number;
  readonly outputs: Float32Array;
}

/** An LSTM learns at most so many rows, evenly spread: overlapping outcomes say little new, and each row costs 0.2 ms an epoch. */
const MAX_LEARNED = 4_000;
/** Fewest rows with a sequence in a part of the stacking. */
const MIN_SEQUENCES = 50;

/**
 * Trains the LSTM, and asks it about `asked` and the rows of validation and calibration. For the rows that it learns, an LSTM of the
 * other parts answers (out of fold): trees that read what it knows by heart would trust it too much. Undefined with too few sequences.
 * Source: Wolpert, "Stacked generalization", Neural Networks 1992.
 */
export async function fitSequences(
  set: TrainingSet,
  { fit, validation, calibration }: FoldParts,
  asked: readonly number[],
  { parameters, label, signal }: { parameters: TrainingParameters; label: string; signal: AbortSignal },
): Promise<FittedSequences | undefined> {
  if (parameters.lstmUnits === 0) return undefined;
  const withSequence = (rows: readonly number[]) => rows.filter((row) => set.hasSequence[row] === 1);
  const [learned, stopping] = [withSequence(fit), withSequence(validation)];
  if (Math.min(learned.length / parameters.stackingFolds, stopping.length) < MIN_SEQUENCES) return undefined;
  const scale = sequenceScaleOf(set, learned);
  const task = (candidates: readonly number[], part: string) => {
    const rows = spread(candidates, MAX_LEARNED);
    return {
      ...{ set, rows, weights: uniquenessWeights(set, rows), units: parameters.lstmUnits, signal },
      label: `${parameters.seed}:${label}:${part}`,
    };
  };
  const whole = await trainLstm({
    ...task(learned, 'whole'),
    ...{ scale, validation: spread(stopping, MAX_LEARNED / 4), epochs: parameters.lstmEpochs },
  });
  const outputs = new Float32Array(set.count).fill(Number.NaN);
  const answer = async (numbers: LstmNumbers, rows: readonly number[], own: SequenceScale) => {
    const found = await askLstm(numbers, set, rows, own);
    for (const [n, row] of rows.entries()) outputs[row] = found[n] ?? Number.NaN;
  };
  for (const [n, block] of blocksOf(learned, parameters.stackingFolds).entries()) {
    const rows = outside(set, learned, block, parameters.embargoMs);
    const ownScale = sequenceScaleOf(set, rows);
    const part = await trainLstm({
      ...task(rows, `part ${n}`),
      // As many epochs as were best for the whole: the block itself must not decide.
      ...{ scale: ownScale, validation: [], epochs: whole.epochs },
    });
    await answer(part.numbers, block, ownScale);
  }
  await answer(whole.numbers, [...validation, ...calibration, ...asked], scale);
  return { numbers: whole.numbers, scale, epochs: whole.epochs, outputs };
}

/** At most `count` of the rows, evenly spread. */
function spread(rows: readonly number[], count: number): readonly number[] {
  if (rows.length <= count) return rows;
  return Array.from({ length: count }, (_, n) => rows[Math.floor((n * rows.length) / count)] ?? 0);
}

function blocksOf(rows: readonly number[], count: number): number[][] {
  const bound = (n: number) => Math.round((rows.length * n) / count);
  return Array.from({ length: count }, (_, n) => rows.slice(bound(n), bound(n + 1)));
}
