import { z } from 'zod';

const Numbers = z.array(z.number()).min(1);

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

/**
 * `lstm.json`: one LSTM layer over the sequence, then one dense unit with a sigmoid. Matrices are as `layer.getWeights()` of tfjs gives
 * them, row by row: `kernel` [columns, 4 × units], `recurrent_kernel` [units, 4 × units], `bias` [4 × units], with the gates in
 * the order input, forget, cell, output; `dense_kernel` [units], `dense_bias` a number. A column is scaled first: (x − mean) /
 * scale; a missing value becomes 0 after scaling. Activations are tanh and `recurrent_activation`, which tfjs calls `hardSigmoid` by
 * default.
 */
export const LstmFile = z.strictObject({
  schema: z.literal(1),
  rows: z.number().int().min(1).max(500),
  columns: z.array(z.string().min(1).max(80)).min(1).max(50),
  units: z.number().int().min(1).max(32),
  recurrent_activation: z.enum(['sigmoid', 'hardSigmoid']),
  mean: Numbers,
  scale: Numbers,
  kernel: Numbers,
  recurrent_kernel: Numbers,
  bias: Numbers,
  dense_kernel: Numbers,
  dense_bias: z.number(),
});
export type LstmFile = z.infer<typeof LstmFile>;

/** A rising table: linear between its points, constant outside. Isotonic regression gives such points. */
const IsotonicTable = z.strictObject({ kind: z.literal('ISOTONIC'), x: Numbers, y: Numbers });

/** Platt scaling of the raw margin m: 1 / (1 + exp(−(a·m + b))). */
const PlattScaling = z.strictObject({ kind: z.literal('PLATT'), a: z.number(), b: z.number() });

/**
 * `calibration.json`. `probability`: ISOTONIC reads the probability of `xgb_model`, PLATT its raw margin. `move`: reads the output of
 * `move_model`, basis points, and gives basis points.
 */
export const CalibrationFile = z.strictObject({
  schema: z.literal(1),
  probability: z.discriminatedUnion('kind', [IsotonicTable, PlattScaling]),
  move: IsotonicTable.optional(),
});
export type CalibrationFile = z.infer<typeof CalibrationFile>;
