import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { LstmNumbers } from './lstm-weights.ts';
import type { TensorFlow } from './tensor-flow-api.ts';

/** Input, forget, cell, output. */
const GATES = [0, 1, 2, 3] as const;

/**
 * An LSTM with one output as TensorFlow.js computes it. Each gate has matrices of its own, and the bias is the weight of a column of
 * ones: cutting and joining tensors costs the WebAssembly back end more than it computes. Owns its variables: call `dispose`.
 */
export class LstmGraph {
  readonly variables: readonly Variable[];
  readonly #tf: TensorFlow;
  readonly #columns: number;
  readonly #units: number;
  readonly #kernels: readonly Variable[];
  readonly #recurrents: readonly Variable[];
  readonly #output: Variable;
  readonly #outputBias: Variable;

  constructor(tf: TensorFlow, { columns, units, kernel, recurrent, bias, output, outputBias }: LstmNumbers) {
    this.#tf = tf;
    this.#columns = columns;
    this.#units = units;
    const withBias = Float32Array.from([...kernel, ...bias]);
    const part = (matrix: Float32Array, rows: number, gate: number) =>
      tf.variable(tf.tensor(gatePart(matrix, rows, units, gate), [rows, units]));
    this.#kernels = GATES.map((gate) => part(withBias, columns + 1, gate));
    this.#recurrents = GATES.map((gate) => part(recurrent, units, gate));
    this.#output = tf.variable(tf.tensor(output.slice(), [units, 1]));
    this.#outputBias = tf.variable(tf.tensor(outputBias.slice(), [1]));
    this.variables = [...this.#kernels, ...this.#recurrents, this.#output, this.#outputBias];
  }

  /** Logits of a batch. `minutes`: for each minute the scaled columns of all rows, and a column of ones: rows × (columns + 1). */
  logits(minutes: readonly Float32Array[], rows: number): Tensor {
    const tf = this.#tf;
    let hidden = tf.zeros([rows, this.#units]) as Tensor2D;
    let cell = tf.zeros([rows, this.#units]) as Tensor2D;
    for (const minute of minutes) {
      const input = tf.tensor2d(minute, [rows, this.#columns + 1]);
      const gate = (n: (typeof GATES)[number]) =>
        tf.add(
          tf.matMul(input, this.#kernels[n] as Variable & Tensor2D),
          tf.matMul(hidden, this.#recurrents[n] as Variable & Tensor2D),
        );
      const [enter, keep, fresh, leave] = [
        tf.sigmoid(gate(0)),
        tf.sigmoid(gate(1)),
        tf.tanh(gate(2)),
        tf.sigmoid(gate(3)),
      ];
      cell = tf.add(tf.mul(keep, cell), tf.mul(enter, fresh)) as Tensor2D;
      hidden = tf.mul(leave, tf.tanh(cell)) as Tensor2D;
    }
    return tf.reshape(tf.add(tf.matMul(hidden, this.#output as Variable & Tensor2D), this.#outputBias), [rows]);
  }

  /** A copy of the weights as they are now. */
  numbers(): LstmNumbers {
    const [columns, units] = [this.#columns, this.#units];
    const kernel = new Float32Array((columns + 1) * 4 * units);
    const recurrent = new Float32Array(units * 4 * units);
    for (const gate of GATES) {
      putGatePart(kernel, this.#kernels[gate], units, gate);
      putGatePart(recurrent, this.#recurrents[gate], units, gate);
    }
    return {
      ...{ columns, units, recurrent, kernel: kernel.slice(0, columns * 4 * units) },
      bias: kernel.slice(columns * 4 * units),
      output: Float32Array.from(this.#output.dataSync()),
      outputBias: Float32Array.from(this.#outputBias.dataSync()),
    };
  }

  dispose(): void {
    this.#tf.dispose([...this.variables]);
  }
}

/** The columns of one gate out of rows × 4 units. */
function gatePart(matrix: Float32Array, rows: number, units: number, gate: number): Float32Array {
  return Float32Array.from({ length: rows * units }, (_, n) => {
    const [row, unit] = [Math.floor(n / units), n % units];
    return matrix[row * 4 * units + gate * units + unit] ?? 0;
  });
}

function putGatePart(matrix: Float32Array, part: Variable | undefined, units: number, gate: number): void {
  for (const [n, value] of (part?.dataSync() ?? new Float32Array()).entries()) {
    const [row, unit] = [Math.floor(n / units), n % units];
    matrix[row * 4 * units + gate * units + unit] = value;
  }
}
