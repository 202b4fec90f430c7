import type { CandidateFeatures } from '@helios/shared/domain/candidate-features.ts';
import { FEATURE_SET } from '@helios/shared/domain/features.ts';
import { sixDigits } from '../price/significant-digits.ts';

/** A kline's figures need fewer digits than they have letters in a message. */
const SEQUENCE_DIGITS = 4;

/** Features and sequence as a message carries them: rounded, null for a missing number. */
export function candidateFeaturesOf(
  vector: Float64Array,
  sequence: readonly Float64Array[] | undefined,
): CandidateFeatures {
  return {
    set: FEATURE_SET,
    values: Array.from(vector, (x) => (Number.isFinite(x) ? sixDigits(x) : null)),
    ...(sequence && { sequence: sequence.map((row) => Array.from(row, fewDigits)) }),
  };
}

/**
 * Features as training rows hold them, NaN for a missing number. A model that learned 0.666667 would send two thirds to the other side
 * of its split.
 */
export function asInRows(vector: Float64Array): Float64Array {
  return vector.map((x) => (Number.isFinite(x) ? sixDigits(x) : Number.NaN));
}

function fewDigits(x: number): number | null {
  return Number.isFinite(x) ? Number(x.toPrecision(SEQUENCE_DIGITS)) : null;
}
