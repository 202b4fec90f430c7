import type { ModelManifest } from '@helios/shared/domain/model-manifest.ts';

/** What a model reads about a candidate. */
export interface ModelInput {
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly nowMs: number;
  /** In the order of `FEATURE_NAMES`; NaN means missing. */
  readonly features: Float64Array;
  /** The last one-minute klines, oldest first, in the shape of `SEQUENCE`; undefined while there are too few. */
  readonly sequence: readonly Float64Array[] | undefined;
}

/** What a candidate earns before fees, but after spread and slippage, basis points of the price. */
export interface ExpectedEdge {
  readonly meanBp: number;
  /** Lower end of the mean's 95 % interval. */
  readonly lowerBp: number;
}

/** Why a model gives no probability. */
export type Abstention =
  | 'NO_MODEL'
  | 'NO_FEATURES'
  | 'MAY_NOT_SPEAK'
  | 'EXPIRED'
  | 'OUT_OF_RANGE'
  | 'DRIFTED'
  | 'OUTCOMES_DIFFER';

/** A model's opinion on one candidate. */
export type ModelVerdict =
  | {
      readonly kind: 'SPEAKS';
      /** Calibrated probability that our order ends with a net gain, 0..1. */
      readonly probability: number;
      /** Expected size of the move within the horizon, basis points; undefined where the model may not speak on it. */
      readonly expectedMoveBp: number | undefined;
      /** Undefined for files without a measured edge. */
      readonly edge: ExpectedEdge | undefined;
      /** Output of the LSTM, 0..1; undefined without one. */
      readonly lstm: number | undefined;
    }
  | { readonly kind: 'ABSTAINS'; readonly reason: Abstention; readonly expectedMoveBp: number | undefined };

/** A loaded model. Pure: the same input gives the same verdict. */
export interface TradingModel {
  /** Stands in each decision as `model`. */
  readonly name: string;
  /** Undefined for files that a user brought without one: such a model never expires, and nothing tells its range or drift. */
  readonly manifest: ModelManifest | undefined;
  /** True: it learned from candles alone, so `features` must be those that candles say. */
  readonly isOfCandles: boolean;
  /** What the candidates with the highest lower bound earn; undefined for files without a measured edge. */
  readonly bestEdge: ExpectedEdge | undefined;
  /** The probability from which on a candidate pays on average, 0..1; undefined if the files do not say. */
  readonly breakEven: number | undefined;
  judge(input: ModelInput): ModelVerdict;
  /** Number of features of an input that lie outside the range of training. */
  outOfRange(features: Float64Array): number;
}
