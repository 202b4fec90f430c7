import { z } from 'zod';
import { EpochMs, InstrumentSymbol } from './primitives.ts';

/** Name of the folder's description, and of the files that it may name. */
export const MANIFEST_FILE = 'manifest.json';

/** A file of the folder by its content. */
const ModelFileEntry = z.strictObject({
  name: z.string().regex(/^[a-z0-9_.-]{1,80}$/, 'must be a plain file name in lower case'),
  /** SHA-256 of the file's bytes, hex in lower case. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
});

/** Symbols for which a target holds out of sample: all, or those named. An empty list means nowhere. */
const Scope = z.union([z.literal('ALL'), z.array(InstrumentSymbol).max(1_000)]);

/** The training distribution of one feature before scaling; it finds inputs that training never saw. */
export const InputRange = z.strictObject({
  name: z.string().min(1).max(80),
  /** Smallest and largest value of training. */
  min: z.number(),
  max: z.number(),
  /** Inner bounds of the bins, ascending; a value on a bound belongs to the bin above. Quantiles of training. */
  edges: z.array(z.number()).max(50),
  /** Share of the present values in each bin, one more than there are edges; their sum is 1. */
  shares: z.array(z.number().min(0).max(1)).min(1).max(51),
  /** Share of missing values, 0..1. */
  missing: z.number().min(0).max(1),
  /** Largest usual PSI of this feature between a window of `drift.decisions` rows of training and all of training. */
  psi_limit: z.number().positive(),
});
export type InputRange = z.infer<typeof InputRange>;

/** `manifest.json`: what the files of a model are, what they expect, and where the model may speak. */
export const ModelManifest = z.strictObject({
  schema: z.literal(1),
  /** Stands in each decision as `model`. */
  name: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, dashes or underscores'),
  /** Version of the features (`FEATURE_SET`). */
  feature_set: z.string().min(1).max(40),
  /** Inputs of `xgb_model` in order: names of features, and `lstm` for the output of the LSTM. */
  feature_names: z.array(z.string().min(1).max(80)).min(1).max(2_000),
  files: z.strictObject({
    xgb_model: ModelFileEntry,
    scaler: ModelFileEntry.optional(),
    lstm: ModelFileEntry.optional(),
    calibration: ModelFileEntry.optional(),
    /** Predicts the size of the move, basis points, from the same inputs in the same order. */
    move_model: ModelFileEntry.optional(),
  }),
  trained_ts: EpochMs,
  /** From then on the model abstains, epoch ms of market time. */
  expires_ts: EpochMs,
  speaks: z.strictObject({
    /** Where `probability` may decide on entries. */
    probability: Scope,
    /** Where the expected move may feed gates and distances. */
    move: Scope,
    /** One sentence with the evidence. */
    why: z.string().min(1).max(1_000),
  }),
  /** One entry per feature of `feature_names`, without `lstm`. */
  inputs: z.array(InputRange).max(2_000),
  drift: z.strictObject({
    /** Number of the last decisions that are compared with training. */
    decisions: z.number().int().min(50).max(100_000),
    /** Minimum distance of two rows of one symbol in training, ms: of the decisions as many count. Absent: a minute. */
    apart_ms: z.number().int().min(0).max(86_400_000).optional(),
    /** The model abstains when more than this share of its features exceed their `psi_limit`, 0..1. */
    max_share: z.number().min(0).max(1),
    /** Share of net gains among all candidates of training; the outcomes are compared with it. Absent: outcomes are not watched. */
    base_rate: z.number().min(0).max(1).optional(),
  }),
  /** Share of a decision's features that may lie outside `min`…`max`, 0..1; above it the model abstains. */
  max_out_of_range: z.number().min(0).max(1),
  /** Figures of the card, by name; nothing reads them but people and pages. */
  metrics: z.record(z.string().max(80), z.number().nullable()),
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** The input of `xgb_model` that holds the output of the LSTM. */
export const LSTM_INPUT = 'lstm';
