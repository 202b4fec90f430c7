import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ModelFile } from '@helios/shared/domain/model-folder.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { madeFolder } from '../../core/test/model/made-model.ts';
import { FileHashes } from '../src/file-hashes.ts';
import { TrialDataChanged } from '../src/opened-data.ts';
import { FileFinder } from '../src/queue/file-finder.ts';
import { needsOf } from '../src/queue/queue-runner.ts';
import { TrialSkill } from '../src/queue/trial-skill.ts';
import { runTrial } from '../src/run-trial.ts';
import type { StudyPlan } from '../src/study.ts';
import { type Trial, trialOf } from '../src/trial.ts';
import { planOf } from './inline-search.ts';
import { writeCandles } from './made-candles.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-trial-model-'));
const DATA = join(folder, 'EDGEUSDT-1m.csv');
const MODEL = join(folder, 'mine');
const ARGS = ['--data', DATA, '--set=trend.enabled=false', '--search=signals.nobi_threshold'];

function writeModel(place: string, files: readonly ModelFile[] = madeFolder()): void {
  mkdirSync(place, { recursive: true });
  for (const { name, text } of files) writeFileSync(join(place, name), text ?? '');
}

beforeAll(() => {
  writeCandles({ file: DATA, seed: 3, days: 1, edgeBp: 5 });
  writeModel(MODEL);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const trialFor = ({ base, data, codeHash }: StudyPlan): Trial => trialOf(base, data, codeHash);
// `planOf` types the command in the folder "/".
const planWith = (model: string) => planOf([...ARGS, '--model', model]);

async function modelLineOf(trial: Trial): Promise<string | undefined> {
  const result = await runTrial(trial);
  return result.kind === 'PLAYED' ? result.models.find((line) => line.startsWith('Model:')) : undefined;
}

test('a trial plays with the model that the command names, also by a path seen from where it was typed', async () => {
  expect(await modelLineOf(trialFor(await planWith(MODEL)))).toContain('made-1');
  expect(await modelLineOf(trialFor(await planWith(MODEL.slice(1))))).toContain('made-1');
  expect(await modelLineOf(trialFor(await planWith('none')))).toBe('Model: none.');
  await expect(planWith(join(folder, 'no-folder'))).rejects.toThrow('There is no model in');
});

test('another content of the model is another trial; the place of the model is not', async () => {
  const plan = await planWith(MODEL);
  const copy = join(folder, 'copy');
  writeModel(copy);
  const other = join(folder, 'other');
  writeModel(other, madeFolder({ name: 'made-2' }));
  expect(trialFor(await planWith(copy)).id).toBe(trialFor(plan).id);
  const ids = [plan, await planWith(other), await planWith('none')].map((each) => trialFor(each).id);
  expect(new Set(ids).size).toBe(3);
});

test('a model that changes during a search is an error, and a model cannot be searched', async () => {
  const place = join(folder, 'changing');
  writeModel(place);
  const trial = trialFor(await planWith(place));
  writeModel(place, madeFolder({ name: 'made-2' }));
  await expect(runTrial(trial)).rejects.toThrow(TrialDataChanged);
  await expect(planOf([...ARGS, '--search=signals.model_dir=a,b'])).rejects.toThrow('a search plays one model');
});

test('a worker finds the files of the model by content, and takes no trial without them', async () => {
  const plan = await planWith(MODEL);
  const trial = trialFor(plan);
  const machine = join(folder, 'machine');
  mkdirSync(join(machine, 'closed'), { recursive: true });
  writeCandles({ file: join(machine, basename(DATA)), seed: 3, days: 1, edgeBp: 5 });
  const { files } = await needsOf(plan.codeHash, plan.data.files);
  const skill = (...folders: string[]) => {
    const finder = new FileFinder([join(folder, 'gone'), machine, ...folders], new FileHashes());
    return new TrialSkill(plan.codeHash, 1, finder, { run: runTrial, close: async () => {} });
  };
  const missing = await skill().missingOf(files);
  expect(missing.map(({ name }) => name).toSorted()).toEqual(['manifest.json', 'xgb_model.json']);
  const able = skill(MODEL);
  expect(await able.missingOf(files)).toEqual([]);
  expect(await able.run(trial, files, new AbortController().signal)).toEqual(await runTrial(trial));
});
