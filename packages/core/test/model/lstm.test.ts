import { readFileSync } from 'node:fs';
import { LstmFile } from '@helios/shared/domain/model-files.ts';
import { expect, test } from 'vitest';
import { Lstm } from '../../src/model/lstm.ts';
import { lstmJson } from './made-model.ts';

interface Reference {
  readonly units: number;
  readonly kernel: number[];
  readonly recurrent: number[];
  readonly bias: number[];
  readonly output: number[];
  readonly output_bias: number;
  readonly sequences: readonly (readonly number[])[][];
  readonly outputs: readonly number[];
}

/** Written by tfjs-layers 4.22: an LSTM of 6 units with recurrentActivation sigmoid, then a dense unit with sigmoid. */
const reference = JSON.parse(readFileSync(new URL('./lstm-of-tfjs.json', import.meta.url), 'utf8')) as Reference;

test('equals tfjs within 1e-5', () => {
  const { units, kernel, recurrent, bias, output, output_bias, sequences, outputs } = reference;
  const wide = { max_scaled: 100, units, kernel, recurrent, bias, output, output_bias };
  const lstm = new Lstm('lstm.json', LstmFile.parse(lstmJson(wide)));
  for (const [index, sequence] of sequences.entries()) {
    const found = lstm.evaluate(sequence.map((row) => Float64Array.from(row)));
    expect(Math.abs(found - (outputs[index] ?? Number.NaN))).toBeLessThan(1e-5);
  }
});

test('a call knows nothing of the call before, and a missing value counts as the mean', () => {
  const lstm = new Lstm('lstm.json', LstmFile.parse(lstmJson({ means: [1, 1, 1, 1, 1] })));
  const rows = (value: number) => Array.from({ length: 32 }, () => new Float64Array(5).fill(value));
  const first = lstm.evaluate(rows(2));
  expect(lstm.evaluate(rows(Number.NaN))).toBe(lstm.evaluate(rows(1)));
  expect(lstm.evaluate(rows(2))).toBe(first);
  expect(first).not.toBe(lstm.evaluate(rows(1)));
  expect(lstm.evaluate(rows(1e9))).toBe(lstm.evaluate(rows(6)));
});

test('sizes that do not fit are refused', () => {
  expect(() => new Lstm('lstm.json', LstmFile.parse(lstmJson({ recurrent: [1, 2] })))).toThrow(
    /recurrent has 2 numbers/,
  );
});
