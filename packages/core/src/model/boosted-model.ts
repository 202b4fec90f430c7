import type { ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import type { Calibrate, MeasuredByProbability } from './calibration.ts';
import { FeatureRanges } from './feature-ranges.ts';
import type { InputRow } from './input-row.ts';
import { absentNames, isOfCandles } from './known-inputs.ts';
import type { Lstm } from './lstm.ts';
import { abstention } from './model-opinions.ts';
import type { ExpectedEdge, ModelInput, ModelVerdict, TradingModel } from './trading-model.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** The parts of a model, checked to fit each other. */
export interface ModelParts {
  readonly name: string;
  readonly manifest: ModelManifest | undefined;
  readonly row: InputRow;
  readonly trees: TreeEnsemble;
  readonly lstm: Lstm | undefined;
  /** Makes a probability of the margin of `trees`. */
  readonly probabilityOf: Calibrate;
  readonly breakEven: number | undefined;
  /** Undefined for a model that does not know what its candidates earn. */
  readonly edge: MeasuredByProbability | undefined;
  readonly moveTrees: TreeEnsemble | undefined;
  /** Makes basis points of the margin of `moveTrees`. */
  readonly moveOf: Calibrate;
}

type Scope = ModelManifest['speaks']['move'];

/** Trees over the features and the output of an LSTM. Typed arrays hold everything; a call allocates its verdict only. */
export class BoostedModel implements TradingModel {
  readonly name: string;
  readonly manifest: ModelManifest | undefined;
  readonly isOfCandles: boolean;
  readonly bestEdge: ExpectedEdge | undefined;
  readonly breakEven: number | undefined;
  readonly #parts: ModelParts;
  readonly #ranges: FeatureRanges;
  readonly #margin = new Float32Array(1);

  constructor(parts: ModelParts) {
    this.name = parts.name;
    this.manifest = parts.manifest;
    this.isOfCandles = isOfCandles(absentNames(parts.manifest?.inputs ?? []));
    this.bestEdge = parts.edge?.best;
    this.breakEven = parts.breakEven;
    this.#parts = parts;
    this.#ranges = new FeatureRanges(parts.manifest?.inputs ?? []);
  }

  judge({ symbol, nowMs, features, sequence }: ModelInput): ModelVerdict {
    const { manifest } = this;
    if (manifest !== undefined && nowMs >= manifest.expires_ts) return abstention('EXPIRED');
    if (manifest !== undefined && this.#isStrange(features, manifest)) return abstention('OUT_OF_RANGE');
    const [maySpeak, maySize] = [
      isWithin(manifest?.speaks.probability, symbol),
      isWithin(manifest?.speaks.move, symbol),
    ];
    if (!maySpeak && !maySize) return abstention('MAY_NOT_SPEAK');
    const lstm = this.#fillRow(features, sequence);
    const expectedMoveBp = maySize ? this.moveBp() : undefined;
    if (!maySpeak) return { kind: 'ABSTAINS', reason: 'MAY_NOT_SPEAK', expectedMoveBp };
    const probability = this.probability();
    return { kind: 'SPEAKS', probability, edge: this.#parts.edge?.of(probability), expectedMoveBp, lstm };
  }

  outOfRange(features: Float64Array): number {
    return this.#ranges.outside(features);
  }

  /** The probability for the row that was filled last. */
  probability(): number {
    const { trees, row, probabilityOf } = this.#parts;
    trees.margins(row.values, this.#margin);
    return probabilityOf(this.#margin[0] ?? Number.NaN);
  }

  /** The expected move for the row that was filled last, basis points; undefined without a model of the move. */
  moveBp(): number | undefined {
    const { moveTrees, row, moveOf } = this.#parts;
    if (moveTrees === undefined) return undefined;
    moveTrees.margins(row.values, this.#margin);
    return moveOf(this.#margin[0] ?? Number.NaN);
  }

  /** Fills the row; returns the output of the LSTM. */
  #fillRow(features: Float64Array, sequence: readonly Float64Array[] | undefined): number | undefined {
    const { row, lstm } = this.#parts;
    const isReady = lstm !== undefined && sequence !== undefined && sequence.length === lstm.steps;
    const output = isReady ? lstm.evaluate(sequence) : undefined;
    row.fill(features, output ?? Number.NaN);
    return output;
  }

  #isStrange(features: Float64Array, { max_out_of_range }: ModelManifest): boolean {
    return this.#ranges.outside(features) > max_out_of_range * this.#ranges.size;
  }
}

/** Without a manifest a model speaks everywhere. */
function isWithin(scope: Scope | undefined, symbol: string): boolean {
  return scope === undefined || scope === 'ALL' || scope.includes(symbol);
}
