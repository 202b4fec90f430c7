import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import type { InputRange } from '@helios/shared/domain/model-manifest.ts';

/** A share of 0 would make the index infinite. */
const SMALLEST_SHARE = 1e-4;

/**
 * Population stability index of each feature over the last decisions against training: the sum over bins of
 * (now − then) × ln(now / then), with missing values as a bin of their own (Siddiqi, Credit Risk Scorecards, 2006).
 */
export class PopulationStability {
  readonly #inputs: readonly InputRange[];
  readonly #capacity: number;
  readonly #places: Int32Array;
  /** Bin of each input of each remembered decision. */
  readonly #bins: Uint8Array;
  readonly #counts: readonly Uint32Array[];
  #size = 0;
  #next = 0;

  constructor(inputs: readonly InputRange[], decisions: number) {
    this.#inputs = inputs;
    this.#capacity = decisions;
    this.#places = Int32Array.from(inputs, ({ name }) => FEATURE_NAMES.indexOf(name));
    this.#bins = new Uint8Array(inputs.length * decisions);
    this.#counts = inputs.map(({ shares }) => new Uint32Array(shares.length + 1));
  }

  /** Number of decisions remembered. */
  get decisions(): number {
    return this.#size;
  }

  /** True once the window is full; before that an index would be noise. */
  get isFull(): boolean {
    return this.#size === this.#capacity;
  }

  add(features: Float64Array): void {
    const start = this.#next * this.#inputs.length;
    for (const [index, input] of this.#inputs.entries()) {
      const counts = this.#counts[index];
      if (counts === undefined) continue;
      if (this.isFull) counts[this.#bins[start + index] ?? 0] = (counts[this.#bins[start + index] ?? 0] ?? 0) - 1;
      const bin = binOfFeature(features[this.#places[index] ?? -1] ?? Number.NaN, input);
      this.#bins[start + index] = bin;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    this.#next = (this.#next + 1) % this.#capacity;
    this.#size = Math.min(this.#size + 1, this.#capacity);
  }

  /** The index of each input, in their order. */
  indexes(): readonly number[] {
    return this.#inputs.map((input, index) => stabilityIndex(input, this.#counts[index] ?? [], this.#size));
  }
}

/** The bin of a value, compared as float32 like the features of training; the last bin holds missing values. */
export function binOfFeature(value: number, { edges }: { readonly edges: readonly number[] }): number {
  if (Number.isNaN(value)) return edges.length + 1;
  const rounded = Math.fround(value);
  let bin = 0;
  while (bin < edges.length && rounded >= Math.fround(edges[bin] ?? 0)) bin += 1;
  return bin;
}

/** The index of one feature; `counts` by `binOfFeature`, `size` is their sum. Training measures its usual drift by the same rule. */
export function stabilityIndex(
  { shares, missing }: Pick<InputRange, 'shares' | 'missing'>,
  counts: ArrayLike<number>,
  size: number,
): number {
  if (size === 0) return 0;
  let sum = 0;
  for (let bin = 0; bin <= shares.length; bin += 1) {
    const then = bin === shares.length ? missing : (shares[bin] ?? 0) * (1 - missing);
    const [expected, found] = [Math.max(then, SMALLEST_SHARE), Math.max((counts[bin] ?? 0) / size, SMALLEST_SHARE)];
    sum += (found - expected) * Math.log(found / expected);
  }
  return sum;
}
