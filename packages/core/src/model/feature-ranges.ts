import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import type { InputRange } from '@helios/shared/domain/model-manifest.ts';
import { knownInputs } from './known-inputs.ts';

/** Counts the features of a decision that lie outside training. Features that no row of training had do not count. */
export class FeatureRanges {
  readonly #places: Int32Array;
  /** As float32, like the features of training. */
  readonly #smallest: Float32Array;
  readonly #largest: Float32Array;
  /** 1: training had missing values, too. */
  readonly #mayMiss: Uint8Array;

  constructor(all: readonly InputRange[]) {
    const inputs = knownInputs(all);
    this.#places = Int32Array.from(inputs, ({ name }) => FEATURE_NAMES.indexOf(name));
    this.#smallest = Float32Array.from(inputs, ({ min }) => min);
    this.#largest = Float32Array.from(inputs, ({ max }) => max);
    this.#mayMiss = Uint8Array.from(inputs, ({ missing }) => Number(missing > 0));
  }

  /** Number of features that training knew. */
  get size(): number {
    return this.#places.length;
  }

  /** Number of features below or above their range of training, or missing where training had all values. */
  outside(features: Float64Array): number {
    let count = 0;
    for (let index = 0; index < this.#places.length; index += 1) {
      const value = Math.fround(features[this.#places[index] ?? -1] ?? Number.NaN);
      const isOutside = Number.isNaN(value)
        ? this.#mayMiss[index] === 0
        : value < (this.#smallest[index] ?? value) || value > (this.#largest[index] ?? value);
      count += Number(isOutside);
    }
    return count;
  }
}
