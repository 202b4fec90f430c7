import type { Rng } from '@helios/synthetic-market/rng.ts';

/**
 * Weights of an LSTM with one output. Gates in the order input, forget, cell, output: each kernel has 4 × units columns.
 * `kernel` is columns × 4 units, `recurrent` units × 4 units, `bias` 4 units, `output` units.
 */
export interface LstmNumbers {
  readonly columns: number;
  readonly units: number;
  readonly kernel: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

/** Random weights by Glorot & Bengio (2010); the forget gate begins at 1, so that it remembers (Jozefowicz et al. 2015). */
export function startingWeights(columns: number, units: number, rng: Rng): LstmNumbers {
  const glorot = (rows: number, width: number) => {
    const limit = Math.sqrt(6 / (rows + width));
    return Float32Array.from({ length: rows * width }, () => rng.between(-limit, limit));
  };
  return {
    ...{ columns, units },
    kernel: glorot(columns, 4 * units),
    recurrent: glorot(units, 4 * units),
    bias: Float32Array.from({ length: 4 * units }, (_, n) => (n >= units && n < 2 * units ? 1 : 0)),
    output: glorot(units, 1),
    outputBias: new Float32Array(1),
  };
}
