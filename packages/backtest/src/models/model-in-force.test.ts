import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { shippedSettings } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { modelInForce, modelOfFolder } from './model-in-force.ts';

const PROJECT = resolve(import.meta.dirname, '../../../..');

test('a folder that was named and has no model is an error, not a run without a model', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'helios-no-model-'));
  const inForce = (model_dir: string) => modelInForce({ signals: { ...shippedSettings().signals, model_dir } });
  try {
    await expect(inForce(folder)).rejects.toThrow(`There is no model in ${folder}: neither manifest.json`);
    await expect(inForce(join(folder, 'mistyped'))).rejects.toThrow('--model none');
    expect(await inForce('none')).toBeUndefined();
    // A result without the model that the command line names would answer another question, in the default folder too.
    expect(modelOfFolder([], join(PROJECT, 'models'))).toBeUndefined();
    expect(() => modelOfFolder([], join(PROJECT, 'models'), true)).toThrow('There is no model in');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
