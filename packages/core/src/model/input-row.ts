import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import type { ScalerFile } from '@helios/shared/domain/model-files.ts';
import { LSTM_INPUT } from '@helios/shared/domain/model-manifest.ts';
import { ModelRefusal } from './model-refusal.ts';

/** A standard deviation is not negative; a feature with a smaller one is constant. */
const SMALLEST_SCALE = 1e-12;
/** Place of a feature that no row of training had. */
const UNKNOWN = -2;

/** Fills the row that trees read from the features of a candidate. A call allocates nothing. */
export class InputRow {
  /** Scaled values in the order of the model's columns, as float32 like those of training. */
  readonly values: Float32Array;
  readonly usesLstm: boolean;
  /** Place of each column in `FEATURE_NAMES`; −1 for the output of the LSTM, −2 for a feature that no row of training had. */
  readonly #places: Int32Array;
  readonly #means: Float64Array;
  readonly #scales: Float64Array;

  /**
   * @param file the file that names the columns, for messages
   * @param unknown features that no row of training had: they stay missing, as in training, also where the market has them
   * @throws ModelRefusal for names that Helios does not know, and for a scaler of other columns
   */
  constructor(
    file: string,
    names: readonly string[],
    scaler: ScalerFile | undefined,
    unknown: ReadonlySet<string> = new Set(),
  ) {
    checkNames(file, names);
    this.#places = Int32Array.from(names, (name) => (unknown.has(name) ? UNKNOWN : FEATURE_NAMES.indexOf(name)));
    this.usesLstm = names.includes(LSTM_INPUT);
    this.values = new Float32Array(names.length);
    this.#means = scalerNumbers(names, scaler, 'mean_', 0);
    this.#scales = scalerNumbers(names, scaler, 'scale_', 1);
    const odd = this.#scales.findIndex((scale) => !(scale >= SMALLEST_SCALE));
    if (odd >= 0)
      throw new ModelRefusal(
        'BAD_FILE',
        `scaler.json: scale_ of ${names[odd]} is ${this.#scales[odd]}. Leave out that feature, or set 1.`,
      );
  }

  /** Fills `values`; `lstm` is the output of the LSTM, NaN without one. */
  fill(features: Float64Array, lstm: number): void {
    const places = this.#places;
    for (let column = 0; column < places.length; column += 1) {
      const place = places[column] ?? -1;
      const value = place === -1 ? lstm : (features[place] ?? Number.NaN);
      this.values[column] = (value - (this.#means[column] ?? 0)) / (this.#scales[column] ?? 1);
    }
  }
}

function checkNames(file: string, names: readonly string[]): void {
  const unknown = names.filter((name) => name !== LSTM_INPUT && !FEATURE_NAMES.includes(name));
  if (unknown.length > 0) {
    const shown = unknown.slice(0, 8).join(', ');
    const more = unknown.length > 8 ? ` and ${unknown.length - 8} more` : '';
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `${file} reads features that Helios does not know: ${shown}${more}. docs/model.md lists those it knows; train with these names.`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ModelRefusal('OTHER_FEATURES', `${file} names the feature ${twice} twice.`);
}

/** One number per column. A scaler without names must have all columns; one with names may leave out the LSTM. */
function scalerNumbers(
  names: readonly string[],
  scaler: ScalerFile | undefined,
  key: 'mean_' | 'scale_',
  neutral: number,
): Float64Array {
  const numbers = scaler?.[key];
  if (scaler === undefined || numbers === null || numbers === undefined)
    return new Float64Array(names.length).fill(neutral);
  const scaled = scaler.feature_names_in_ ?? names;
  if (numbers.length !== scaled.length)
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `scaler.json: ${key} has ${numbers.length} numbers for ${scaled.length} features. Write the scaler of this very model.`,
    );
  const missing = names.filter((name) => name !== LSTM_INPUT && !scaled.includes(name));
  const strange = scaled.filter((name) => !names.includes(name));
  if (missing.length > 0 || strange.length > 0)
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `scaler.json is of other features than the model: ${[...missing, ...strange].slice(0, 8).join(', ')}. Write the scaler of this very model.`,
    );
  return Float64Array.from(names, (name) => {
    const place = scaled.indexOf(name);
    return place < 0 ? neutral : (numbers[place] ?? neutral);
  });
}
