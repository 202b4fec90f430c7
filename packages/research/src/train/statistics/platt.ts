/** A calibration by p = 1 / (1 + exp(a × logit + b)). */
export interface PlattScale {
  readonly a: number;
  readonly b: number;
}

const STEPS = 100;
const SMALL = 1e-10;
/** Keeps the step finite where all logits are equal. */
const RIDGE = 1e-9;

/**
 * Fits the probability of a gain to logits by Newton's method, with Platt's targets, which keep few rows from certainty.
 * Source: Platt 1999; the algorithm is that of Lin, Lin & Weng, "A note on Platt's probabilistic outputs", Machine Learning 2007.
 */
export function plattScaleOf(logits: ArrayLike<number>, labels: ArrayLike<number>): PlattScale {
  let gains = 0;
  for (let n = 0; n < labels.length; n += 1) gains += labels[n] ?? 0;
  const losses = labels.length - gains;
  const [high, low] = [(gains + 1) / (gains + 2), 1 / (losses + 2)];
  const targetOf = (n: number) => (labels[n] === 1 ? high : low);
  let scale: PlattScale = { a: 0, b: Math.log((losses + 1) / (gains + 1)) };
  let error = errorOf(scale, logits, targetOf);
  for (let step = 0; step < STEPS; step += 1) {
    const move = newtonStep(scale, logits, targetOf);
    const next = searched(scale, move, error, (tried) => errorOf(tried, logits, targetOf));
    if (next === undefined || error - next.error < SMALL) return next?.scale ?? scale;
    ({ scale, error } = next);
  }
  return scale;
}

/** The calibrated probability at a logit. */
export function plattProbability({ a, b }: PlattScale, logit: number): number {
  return 1 / (1 + Math.exp(a * logit + b));
}

function errorOf({ a, b }: PlattScale, logits: ArrayLike<number>, targetOf: (n: number) => number): number {
  let sum = 0;
  for (let n = 0; n < logits.length; n += 1) {
    const f = a * (logits[n] ?? 0) + b;
    sum += targetOf(n) * f + Math.max(-f, 0) + Math.log1p(Math.exp(-Math.abs(f)));
  }
  return sum;
}

function newtonStep(scale: PlattScale, logits: ArrayLike<number>, targetOf: (n: number) => number): PlattScale {
  let [h11, h22, h21, g1, g2] = [RIDGE, RIDGE, 0, 0, 0];
  for (let n = 0; n < logits.length; n += 1) {
    const logit = logits[n] ?? 0;
    const p = plattProbability(scale, logit);
    const [curve, slope] = [p * (1 - p), targetOf(n) - p];
    h11 += logit * logit * curve;
    h22 += curve;
    h21 += logit * curve;
    g1 += logit * slope;
    g2 += slope;
  }
  const determinant = h11 * h22 - h21 * h21;
  return { a: -(h22 * g1 - h21 * g2) / determinant, b: -(h11 * g2 - h21 * g1) / determinant };
}

/** Halves the step until the error falls; undefined if it never does. */
function searched(scale: PlattScale, move: PlattScale, error: number, errorAt: (scale: PlattScale) => number) {
  for (let size = 1; size >= SMALL; size /= 2) {
    const tried = { a: scale.a + size * move.a, b: scale.b + size * move.b };
    const found = errorAt(tried);
    if (found < error) return { scale: tried, error: found };
  }
  return undefined;
}
