import { FEATURE_NAMES, SEQUENCE } from '@helios/shared/domain/features.ts';
import type { InputRange } from '@helios/shared/domain/model-manifest.ts';
import { ModelRefusal } from './model-refusal.ts';

const ROWS = 256;
/** Without a manifest: values of a feature, from far below to far above the usual ones. */
const USUAL: readonly number[] = [-100, -10, -3, -1, -0.3, -0.1, 0, 0.1, 0.3, 1, 3, 10, 100];

/** Rows that reach all over the range of training, every eighth value missing, and sequences beside them. The same ones each time. */
export function* probeRows(
  inputs: readonly InputRange[],
): Generator<{ features: Float64Array; sequence: Float64Array[] }> {
  const values = FEATURE_NAMES.map((name) => {
    const input = inputs.find((each) => each.name === name);
    return input === undefined ? USUAL : [input.min, ...input.edges, input.max];
  });
  let state = 1;
  // Numerical Recipes' linear congruential generator: any spread of values does, if it is always the same.
  const pick = <T>(list: readonly T[]): T | undefined => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % 0x1_00_00 < 0x20_00 ? undefined : list[Math.floor((state / 2 ** 32) * list.length)];
  };
  for (let row = 0; row < ROWS; row += 1) {
    const features = Float64Array.from(values, (list) => pick(list) ?? Number.NaN);
    const minute = () => Float64Array.from(SEQUENCE.columns, () => pick(USUAL) ?? Number.NaN);
    yield { features, sequence: Array.from({ length: SEQUENCE.rows }, minute) };
  }
}

/** Collects outputs of probes. @throws ModelRefusal for an output that is no number, or for equal outputs */
export class ProbeOutputs {
  readonly #what: string;
  #smallest = Number.POSITIVE_INFINITY;
  #largest = Number.NEGATIVE_INFINITY;

  constructor(what: string) {
    this.#what = what;
  }

  add(output: number, largest: number): void {
    if (!(output >= 0 && output <= largest))
      throw new ModelRefusal('NO_NUMBER', `${this.#what} gives ${output} for a usual input. Train the model again.`);
    this.#smallest = Math.min(this.#smallest, output);
    this.#largest = Math.max(this.#largest, output);
  }

  check(): void {
    if (this.#smallest < this.#largest) return;
    throw new ModelRefusal(
      'CONSTANT_OUTPUT',
      `${this.#what} gives ${this.#smallest} for every input: it has learned nothing. Train the model again.`,
    );
  }
}
