import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBoostedTrees } from '../../src/model/read-boosted-trees.ts';

const folder = resolve(
  process.env['HELIOS_DATA_DIR'] ?? resolve(import.meta.dirname, '../../../../../shared/data'),
  'xgboost/inference',
);
const cases = existsSync(folder)
  ? readdirSync(folder).flatMap((file) => (file.endsWith('.model.json') ? [file.slice(0, -'.model.json'.length)] : []))
  : [];

interface Expected {
  readonly predictions: readonly (number | number[])[];
  readonly predictions_transformed: readonly (number | number[])[];
}

const read = (name: string) => readFileSync(resolve(folder, name), 'utf8');

describe.skipIf(cases.length === 0)('reference predictions of XGBoost 3.1', () => {
  test('all twelve cases are there', () => expect(cases).toHaveLength(12));

  test.each(cases)('%s', (name) => {
    const trees = readBoostedTrees(name, read(`${name}.model.json`));
    const { features } = JSON.parse(read(`${name}.input.json`)) as { features: (number | null)[][] };
    const expected = JSON.parse(read(`${name}.expected.json`)) as Expected;
    const out = new Float32Array(trees.outputCount);
    for (const [index, values] of features.entries()) {
      const row = Float32Array.from(values, (value) => value ?? Number.NaN);
      trees.margins(row, out);
      expectClose(out, expected.predictions[index]);
      trees.predict(row, out);
      expectClose(out, expected.predictions_transformed[index]);
    }
  });
});

function expectClose(found: Float32Array, expected: number | number[] | undefined): void {
  const wanted = typeof expected === 'number' ? [expected] : (expected ?? []);
  expect(found).toHaveLength(wanted.length);
  for (const [index, number] of wanted.entries())
    expect(Math.abs((found[index] ?? Number.NaN) - number)).toBeLessThan(1e-4);
}
