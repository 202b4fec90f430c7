import type { CalibrationFile } from '@helios/shared/domain/model-files.ts';
import { ModelRefusal } from './model-refusal.ts';
import { logistic } from './objective.ts';
import type { ExpectedEdge } from './trading-model.ts';

/** What makes a probability of a margin, or basis points. */
export type Calibrate = (margin: number) => number;

/** A rising curve through points. */
type Curve = NonNullable<CalibrationFile['move']>;

/** The probability of `calibration.json`. @throws ModelRefusal for a curve that is no probability or does not rise */
export function calibrateProbability(name: string, { probability }: CalibrationFile): Calibrate {
  if (probability.kind === 'PLATT') {
    const { a, b } = probability;
    return (margin) => logistic(-(a * margin + b));
  }
  if (probability.curve.y.some((value) => value < 0 || value > 1))
    throw new ModelRefusal('BAD_FILE', `${name}: the curve of a probability must stay between 0 and 1.`);
  return risingCurve(name, probability.curve);
}

/** A curve, straight between its points and flat outside. @throws ModelRefusal if it does not rise */
export function risingCurve(name: string, curve: Curve): Calibrate {
  if (!ascends(curve.x) || !ascends(curve.y))
    throw new ModelRefusal('BAD_FILE', `${name}: the points of a curve must ascend in x and y. Train the model again.`);
  return curveThrough(curve);
}

/** What candidates earn before fees. */
export interface MeasuredByProbability {
  readonly of: (probability: number) => ExpectedEdge;
  /** The group with the highest lower bound. It need not be the one of the highest probability, which has few candidates and a wide interval. */
  readonly best: ExpectedEdge;
}

/** What a candidate earns before fees, by its calibrated probability. @throws ModelRefusal for probabilities that do not ascend */
export function edgeByProbability(
  name: string,
  { x, y, low }: NonNullable<CalibrationFile['edge']>,
): MeasuredByProbability {
  if (!ascends(x))
    throw new ModelRefusal('BAD_FILE', `${name}: the probabilities of “edge” must ascend. Train the model again.`);
  const [mean, lower] = [curveThrough({ x, y }), curveThrough({ x, y: low })];
  const lowerBp = Math.max(...low);
  const best = { meanBp: y[low.lastIndexOf(lowerBp)] ?? lowerBp, lowerBp };
  return { of: (probability) => ({ meanBp: mean(probability), lowerBp: lower(probability) }), best };
}

function ascends(values: readonly number[]): boolean {
  return values.every((value, index) => value >= (values[index - 1] ?? value));
}

function curveThrough({ x, y }: Curve): Calibrate {
  const [xs, ys] = [Float64Array.from(x), Float64Array.from(y)];
  const last = xs.length - 1;
  return (margin) => {
    // Written so that NaN stays NaN.
    if (margin <= (xs[0] ?? 0)) return ys[0] ?? Number.NaN;
    if (margin >= (xs[last] ?? 0)) return ys[last] ?? Number.NaN;
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((xs[middle] ?? 0) <= margin) low = middle;
      else high = middle;
    }
    const [x0, x1, y0, y1] = [xs[low] ?? 0, xs[high] ?? 0, ys[low] ?? 0, ys[high] ?? 0];
    return y0 + ((y1 - y0) * (margin - x0)) / (x1 - x0);
  };
}
