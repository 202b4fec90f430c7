import type { LstmFile } from '@helios/shared/domain/model-files.ts';
import { ModelRefusal } from './model-refusal.ts';
import { logistic } from './objective.ts';

/**
 * Evaluates the LSTM of `lstm.json`: one layer, then one unit with a sigmoid. It equals tfjs' `layers.lstm({ recurrentActivation: 'sigmoid' })`
 * followed by `layers.dense({ units: 1, activation: 'sigmoid' })`: gates in the order input, forget, cell, output; tanh for cell and output.
 * A call allocates nothing.
 */
export class Lstm {
  readonly columns: readonly string[];
  readonly steps: number;
  readonly #file: LstmFile;
  readonly #kernel: Float64Array;
  readonly #recurrent: Float64Array;
  readonly #bias: Float64Array;
  readonly #state: Float64Array;
  readonly #cell: Float64Array;
  readonly #gates: Float64Array;

  /** @throws ModelRefusal if the sizes of the matrices do not fit */
  constructor(name: string, file: LstmFile) {
    checkSizes(name, file);
    this.#file = file;
    this.columns = file.columns;
    this.steps = file.steps;
    this.#kernel = Float64Array.from(file.kernel);
    this.#recurrent = Float64Array.from(file.recurrent);
    this.#bias = Float64Array.from(file.bias);
    this.#state = new Float64Array(file.units);
    this.#cell = new Float64Array(file.units);
    this.#gates = new Float64Array(4 * file.units);
  }

  /** The output for `steps` rows, oldest first, 0..1; NaN in a row means missing. */
  evaluate(sequence: readonly Float64Array[]): number {
    this.#state.fill(0);
    this.#cell.fill(0);
    for (const row of sequence) this.#step(row);
    const { output, output_bias } = this.#file;
    let sum = output_bias;
    for (let unit = 0; unit < this.#state.length; unit += 1) sum += (this.#state[unit] ?? 0) * (output[unit] ?? 0);
    return logistic(sum);
  }

  #step(row: Float64Array): void {
    const gates = this.#gates;
    gates.set(this.#bias);
    for (let column = 0; column < this.columns.length; column += 1)
      addRow(gates, this.#kernel, column, this.#scaled(row[column] ?? Number.NaN, column));
    for (let unit = 0; unit < this.#state.length; unit += 1)
      addRow(gates, this.#recurrent, unit, this.#state[unit] ?? 0);
    const units = this.#state.length;
    for (let unit = 0; unit < units; unit += 1) {
      const candidate = Math.tanh(gates[2 * units + unit] ?? 0);
      const kept = logistic(gates[units + unit] ?? 0) * (this.#cell[unit] ?? 0);
      const cell = kept + logistic(gates[unit] ?? 0) * candidate;
      this.#cell[unit] = cell;
      this.#state[unit] = logistic(gates[3 * units + unit] ?? 0) * Math.tanh(cell);
    }
  }

  #scaled(value: number, column: number): number {
    const { means, deviations, max_scaled } = this.#file;
    if (Number.isNaN(value)) return 0;
    const scaled = (value - (means[column] ?? 0)) / (deviations[column] ?? 1);
    return Math.min(Math.max(scaled, -max_scaled), max_scaled);
  }
}

/** Adds `factor` times a row of a matrix with as many columns as `target`. */
function addRow(target: Float64Array, matrix: Float64Array, row: number, factor: number): void {
  if (factor === 0) return;
  const start = row * target.length;
  for (let index = 0; index < target.length; index += 1)
    target[index] = (target[index] ?? 0) + factor * (matrix[start + index] ?? 0);
}

function checkSizes(name: string, file: LstmFile): void {
  const { units, columns } = file;
  const wanted = {
    ...{ means: columns.length, deviations: columns.length, kernel: 4 * units * columns.length },
    ...{ recurrent: 4 * units * units, bias: 4 * units, output: units },
  };
  for (const [key, size] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
    const found = file[key].length;
    if (found === size) continue;
    const why = `${columns.length} columns and ${units} units`;
    throw new ModelRefusal(
      'BAD_FILE',
      `${name}: ${key} has ${found} numbers; ${why} need ${size}. Train the model again.`,
    );
  }
}
