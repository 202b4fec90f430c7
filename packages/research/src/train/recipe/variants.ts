import { LSTM_INPUT } from '@helios/shared/domain/model-manifest.ts';
import type { TrainingSet } from '../rows/training-set.ts';

/** A model that sees only a part of what the full one sees. */
export interface ModelVariant {
  readonly name: 'full' | 'no-lstm' | 'no-sentiment' | 'no-book' | 'imbalance-alone';
  readonly about: string;
  /** True for a feature that it may read. */
  readonly reads: (feature: string) => boolean;
}

const isImbalance = (name: string) => /^(?:queue_)?imbalance(?:_|$)/.test(name);
const isBook = (name: string) => /imbalance|^order_flow|^microprice|^spread|^depth/.test(name);
const isSentiment = (name: string) => name.startsWith('sentiment');

export const FULL: ModelVariant = { name: 'full', about: 'everything', reads: () => true };

/** What is taken away to see what it is worth. */
export const ABLATIONS: readonly ModelVariant[] = [
  { name: 'no-lstm', about: 'without the LSTM', reads: (name) => name !== LSTM_INPUT },
  { name: 'no-sentiment', about: 'without sentiment', reads: (name) => !isSentiment(name) },
  { name: 'no-book', about: 'without the order book', reads: (name) => !isBook(name) },
  { name: 'imbalance-alone', about: 'the imbalance of the own book alone', reads: isImbalance },
];

/** Names of the features of the trees, in order; the output of an LSTM is the last one, if there is an LSTM. */
export function treeFeatures(set: TrainingSet, outputs: Float32Array | undefined): string[] {
  return outputs === undefined ? [...set.names] : [...set.names, LSTM_INPUT];
}

/** Features of `rows` for the trees: what the variant may not read is missing. `outputs`: those of the LSTM, by row of the set. */
export function treeInputs(
  set: TrainingSet,
  rows: readonly number[],
  outputs: Float32Array | undefined,
  { reads }: ModelVariant,
): { readonly features: Float32Array; readonly width: number } {
  const names = treeFeatures(set, outputs);
  const width = names.length;
  const readable = names.map((name) => reads(name));
  const features = new Float32Array(rows.length * width).fill(Number.NaN);
  const readsLstm = outputs !== undefined && reads(LSTM_INPUT);
  for (const [place, row] of rows.entries()) {
    for (let n = 0; n < set.names.length; n += 1) {
      if (readable[n]) features[place * width + n] = set.features[row * set.names.length + n] ?? Number.NaN;
    }
    if (readsLstm) features[place * width + width - 1] = outputs[row] ?? Number.NaN;
  }
  return { features, width };
}
