import { z } from 'zod';

const Numbers = z.array(z.number());

/** A rising curve through points: straight between two of them, flat outside. `x` ascends. */
const Curve = z
  .strictObject({ x: Numbers.min(1).max(100_000), y: Numbers.min(1).max(100_000) })
  .refine(({ x, y }) => x.length === y.length, 'x and y must have one length');

const EdgeCurve = z
  .strictObject({ x: Numbers.min(1).max(100), y: Numbers.max(100), low: Numbers.max(100) })
  .refine(({ x, y, low }) => x.length === y.length && x.length === low.length, 'x, y and low must have one length')
  .refine(({ y, low }) => low.every((value, index) => value <= (y[index] ?? value)), 'low must not exceed y');

/**
 * `lstm.json`: an LSTM with one output that reads the `SEQUENCE` of a candidate, oldest minute first. Gates stand in the order input,
 * forget, cell, output; matrices are written row by row. A step: gates = x · kernel + h · recurrent + bias;
 * c = σ(forget) c + σ(input) tanh(cell); h = σ(output) tanh(c). At the end the output is σ(h · output + output_bias), 0..1.
 */
export const LstmFile = z.strictObject({
  schema: z.literal(1),
  /** Columns of a minute in order. */
  columns: z.array(z.string().min(1).max(40)).min(1).max(50),
  /** Number of minutes. */
  steps: z.number().int().min(1).max(1_000),
  units: z.number().int().min(1).max(32),
  /** A number enters as (number − mean) / deviation, cut at ± `max_scaled`; a missing one enters as 0. */
  means: Numbers,
  deviations: z.array(z.number().positive()),
  max_scaled: z.number().positive(),
  /** columns × 4 units. */
  kernel: Numbers,
  /** units × 4 units. */
  recurrent: Numbers,
  /** 4 units. */
  bias: Numbers,
  /** units. */
  output: Numbers,
  output_bias: z.number(),
});
export type LstmFile = z.infer<typeof LstmFile>;

/** `calibration.json`: what makes a probability and basis points of the margins of both models: their outputs before any link function. */
export const CalibrationFile = z.strictObject({
  schema: z.literal(1),
  /** PLATT: 1 / (1 + exp(a × margin + b)). ISOTONIC: the curve at the margin. */
  probability: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('PLATT'), a: z.number(), b: z.number() }),
    z.strictObject({ kind: z.literal('ISOTONIC'), curve: Curve }),
  ]),
  /** The probability from which on a candidate pays on average, 0..1. */
  break_even: z.number().min(0).max(1),
  /**
   * What our order earned before fees, but after spread and slippage, on rows that nothing learned, basis points, at a calibrated probability: `y` is the mean, `low`
   * the lower end of its 95 % interval. Absent where the test rows contradict it.
   */
  edge: EdgeCurve.optional(),
  /** Expected size of the move, basis points, at a margin of `move_model`; absent without that model. */
  move: Curve.optional(),
});
export type CalibrationFile = z.infer<typeof CalibrationFile>;

/**
 * `scaler.json`: a scikit-learn StandardScaler by its own attributes; other attributes are ignored. An input becomes
 * (x − mean_) / scale_; null stands for `with_mean=False` and `with_std=False`.
 */
export const ScalerFile = z.looseObject({
  mean_: Numbers.nullable(),
  scale_: Numbers.nullable(),
  feature_names_in_: z.array(z.string()).nullish(),
});
export type ScalerFile = z.infer<typeof ScalerFile>;
