import { isotonicCurve, type RisingCurve, valueOnCurve } from '../statistics/isotonic.ts';
import { type PlattScale, plattProbability, plattScaleOf } from '../statistics/platt.ts';

/** From the margin of the trees to a probability. */
export type ProbabilityCalibration =
  | ({ readonly kind: 'PLATT' } & PlattScale)
  | ({ readonly kind: 'ISOTONIC' } & RisingCurve);

/** Isotonic regression needs about a thousand rows (Niculescu-Mizil & Caruana 2005); fewer get two numbers. */
const MIN_FOR_ISOTONIC = 1_000;

/** Learns a calibration from rows that neither trees nor LSTM learned. */
export function calibrationOf(margins: Float32Array, labels: ArrayLike<number>): ProbabilityCalibration {
  if (margins.length < MIN_FOR_ISOTONIC) return { kind: 'PLATT', ...plattScaleOf(margins, labels) };
  return { kind: 'ISOTONIC', ...isotonicCurve(margins, labels) };
}

/** The calibrated probability at a margin. */
export function probabilityAt(calibration: ProbabilityCalibration, margin: number): number {
  return calibration.kind === 'PLATT' ? plattProbability(calibration, margin) : valueOnCurve(calibration, margin);
}
