import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import { partsByTime } from '../split/purged-splits.ts';

/** Rows of a training by their use, in order of time with the embargo between them. */
export interface FoldParts {
  /** Trees and LSTM learn these. */
  readonly fit: readonly number[];
  /** These decide when the learning stops, and which trees are taken. */
  readonly validation: readonly number[];
  /** The calibration learns these and nothing else does. */
  readonly calibration: readonly number[];
}

/** The rows do not allow the training that was asked for. */
export class TooFewRows extends HopelessStart {
  constructor(what: string, advice: string) {
    super(`${what} ${advice}`);
    this.name = 'TooFewRows';
  }
}

const SHARES = [0.65, 0.15, 0.2];
/** Least number of gains, and of losses, in a part. */
const MIN_FIT_CLASS = 20;
const MIN_PART_CLASS = 5;
const ADVICE = 'Name more data, or ask for fewer --folds.';

/** Cuts the rows of a training. Throws TooFewRows where a part is too small, or holds gains or losses alone. */
export function foldPartsOf(set: TrainingSet, name: string, rows: readonly number[], embargoMs: number): FoldParts {
  const [fit = [], validation = [], calibration = []] = partsByTime(set, rows, SHARES, embargoMs);
  for (const [part, own, least] of [
    ['to learn from', fit, MIN_FIT_CLASS],
    ['to stop by', validation, MIN_PART_CLASS],
    ['to calibrate with', calibration, MIN_PART_CLASS],
  ] as const) {
    const gains = own.reduce((sum, row) => sum + (set.isGain[row] ?? 0), 0);
    if (Math.min(gains, own.length - gains) >= least) continue;
    throw new TooFewRows(
      `Too few rows for ${name}: of its ${own.length} rows ${part}, ${gains} end with a gain and ${own.length - gains} without; each needs ${least}.`,
      ADVICE,
    );
  }
  return { fit, validation, calibration };
}
