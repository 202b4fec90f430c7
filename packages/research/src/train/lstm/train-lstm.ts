import { Rng } from '@helios/synthetic-market/rng.ts';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { TrainingSet } from '../rows/training-set.ts';
import { throwIfStopped } from '../stop.ts';
import { LstmGraph } from './lstm-graph.ts';
import { type LstmNumbers, startingWeights } from './lstm-weights.ts';
import type { SequenceScale } from './sequence-scale.ts';
import { scaledMinutes } from './sequence-scale.ts';
import { loadTensorFlow } from './tensor-flow.ts';
import type { TensorFlow } from './tensor-flow-api.ts';

const BATCH = 256;
const LEARNING_RATE = 0.003;
/** Decay of the weights per step, times the learning rate: pulls weights that explain nothing to 0. */
const WEIGHT_DECAY = 1e-3;
/** Epochs without a better loss on the validation rows before the training ends. */
const PATIENCE = 4;
const ANSWER_BATCH = 512;

/** Rows to learn from, and when to stop. */
export interface LstmTask {
  readonly set: TrainingSet;
  readonly rows: readonly number[];
  /** One weight for each of `rows`. */
  readonly weights: Float64Array;
  /** Rows that decide when to stop; without any, the training runs for `epochs`. */
  readonly validation: readonly number[];
  readonly epochs: number;
  readonly units: number;
  readonly scale: SequenceScale;
  /** The same label gives the same weights. */
  readonly label: string;
  readonly signal: AbortSignal;
}

/** An LSTM with the number of epochs after which its validation was best. */
export interface TrainedLstm {
  readonly numbers: LstmNumbers;
  readonly epochs: number;
}

/** Trains an LSTM on the sequences by Adam (Kingma & Ba 2014) and weighted log loss. Rejects with TrainingStopped. */
export async function trainLstm(task: LstmTask): Promise<TrainedLstm> {
  const tf = await loadTensorFlow();
  const rng = new Rng(`lstm:${task.label}`);
  const graph = new LstmGraph(tf, startingWeights(task.set.columns.length, task.units, rng));
  const optimizer = tf.train.adam(LEARNING_RATE);
  try {
    let best: TrainedLstm = { numbers: graph.numbers(), epochs: 0 };
    let bestLoss = Number.POSITIVE_INFINITY;
    for (let epoch = 1; epoch <= task.epochs && epoch - best.epochs <= PATIENCE; epoch += 1) {
      await runEpoch(tf, graph, optimizer, task, rng);
      const loss = task.validation.length === 0 ? -epoch : lossOf(tf, graph, task, task.validation);
      if (!Number.isFinite(loss)) break;
      if (loss < bestLoss) [best, bestLoss] = [{ numbers: graph.numbers(), epochs: epoch }, loss];
    }
    return best;
  } finally {
    optimizer.dispose();
    graph.dispose();
  }
}

/** Probability of a gain for each row, before calibration; NaN for a row without a sequence. */
export async function askLstm(
  numbers: LstmNumbers,
  set: TrainingSet,
  rows: readonly number[],
  scale: SequenceScale,
): Promise<Float32Array> {
  const tf = await loadTensorFlow();
  const graph = new LstmGraph(tf, numbers);
  try {
    return Float32Array.from(logitsOf(tf, graph, set, rows, scale), (logit, n) =>
      set.hasSequence[rows[n] ?? 0] === 1 ? 1 / (1 + Math.exp(-logit)) : Number.NaN,
    );
  } finally {
    graph.dispose();
  }
}

async function runEpoch(
  tf: TensorFlow,
  graph: LstmGraph,
  optimizer: ReturnType<TensorFlow['train']['adam']>,
  task: LstmTask,
  rng: Rng,
): Promise<void> {
  const order = shuffled(task.rows.length, rng);
  for (let from = 0; from < order.length; from += BATCH) {
    // Lets Ctrl-C in.
    await new Promise(setImmediate);
    throwIfStopped(task.signal);
    const places = order.subarray(from, from + BATCH);
    learn(tf, graph, optimizer, task, places);
  }
}

function learn(
  tf: TensorFlow,
  graph: LstmGraph,
  optimizer: ReturnType<TensorFlow['train']['adam']>,
  { set, rows, weights, scale }: LstmTask,
  places: Uint32Array,
): void {
  tf.tidy(() => {
    const own = Array.from(places, (place) => rows[place] ?? 0);
    const minutes = scaledMinutes(set, own, scale);
    const { grads } = tf.variableGrads(() => {
      const logits = graph.logits(minutes, own.length);
      // The derivative of the log loss by the logit is weight × (probability − label): this sum has the same gradient.
      const slopes = Float32Array.from(logits.dataSync(), (logit, n) => {
        const probability = 1 / (1 + Math.exp(-logit));
        return ((weights[places[n] ?? 0] ?? 0) * (probability - (set.isGain[own[n] ?? 0] ?? 0))) / own.length;
      });
      return tf.sum(tf.mul(logits, tf.tensor1d(slopes)));
    }, [...graph.variables]);
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    for (const variable of graph.variables) decay(tf, variable);
  });
}

/** Weight decay apart from the gradient (Loshchilov & Hutter 2019); biases keep their size. */
function decay(tf: TensorFlow, variable: Variable): void {
  if (variable.rank > 1) variable.assign(tf.mul(variable, tf.scalar(1 - WEIGHT_DECAY)) as Tensor);
}

function lossOf(tf: TensorFlow, graph: LstmGraph, { set, scale }: LstmTask, rows: readonly number[]): number {
  const logits = logitsOf(tf, graph, set, rows, scale);
  let sum = 0;
  for (const [n, row] of rows.entries()) {
    const logit = logits[n] ?? 0;
    sum += Math.max(logit, 0) - logit * (set.isGain[row] ?? 0) + Math.log1p(Math.exp(-Math.abs(logit)));
  }
  return sum / rows.length;
}

function logitsOf(
  tf: TensorFlow,
  graph: LstmGraph,
  set: TrainingSet,
  rows: readonly number[],
  scale: SequenceScale,
): Float32Array {
  const logits = new Float32Array(rows.length);
  for (let from = 0; from < rows.length; from += ANSWER_BATCH) {
    const own = rows.slice(from, from + ANSWER_BATCH);
    const found = tf.tidy(() => graph.logits(scaledMinutes(set, own, scale), own.length).dataSync());
    logits.set(found as Float32Array, from);
  }
  return logits;
}

function shuffled(count: number, rng: Rng): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, n) => n);
  for (let n = count - 1; n > 0; n -= 1) {
    const other = rng.below(n + 1);
    [order[n], order[other]] = [order[other] ?? 0, order[n] ?? 0];
  }
  return order;
}
