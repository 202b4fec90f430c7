import { appendFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelWatchState } from '@helios/core/model/model-in-use.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { ModelFile } from '@helios/shared/domain/model-folder.ts';
import { ModelStatus } from '@helios/shared/domain/model-status.ts';
import { readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileOf, madeFolder } from '../../../packages/core/test/model/made-model.ts';
import { createModelLoader } from '../src/model-loader.ts';

let folder: string;
let lines: { level: string; fields: Record<string, unknown>; message: string }[];
let used: (TradingModel | undefined)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-model-'));
  [lines, used] = [[], []];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function loader(from: string | undefined = folder, watched?: ModelWatchState, isExpected = false) {
  const say = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message });
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const engine = { useModel: (model: TradingModel | undefined) => void used.push(model), modelState: () => watched };
  return createModelLoader({ folder: from, isExpected, engine, run: 'test', log });
}

/** Writes each file beside its place and renames it, the manifest last, as the training does. */
function write(files: readonly ModelFile[]): void {
  const ordered = files.toSorted((a, b) => Number(a.name === 'manifest.json') - Number(b.name === 'manifest.json'));
  for (const { name, text = '' } of ordered) {
    writeFileSync(join(folder, `${name}.new`), text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  }
}

const names = () => used.map((model) => model?.name);

test('a new model replaces the one in use; the same files change nothing', async () => {
  write(madeFolder());
  const models = loader();
  await models.follow();
  await models.follow();
  expect(names()).toEqual(['made-1']);
  write(madeFolder({ name: 'made-2' }));
  await models.follow();
  expect(names()).toEqual(['made-1', 'made-2']);
  expect(lines.at(-1)).toMatchObject({
    level: 'info',
    fields: { model: 'made-2', before: 'made-1' },
    message: 'model in use',
  });
});

test('bad files are refused once with a reason, and the model in use stays', async () => {
  write(madeFolder());
  const models = loader();
  await models.follow();
  write(madeFolder({ name: 'made-2', feature_set: 'helios-0' }));
  await models.follow();
  await models.follow();
  expect(names()).toEqual(['made-1']);
  const refused = lines.filter(({ level }) => level === 'warn');
  expect(refused).toHaveLength(1);
  expect(refused[0]?.fields).toMatchObject({ code: 'OTHER_FEATURES', model: 'made-1' });
  expect(models.status(T0, T0)).toMatchObject({ model: 'made-1', refused: expect.stringContaining('helios-0') });
  write(madeFolder({ name: 'made-3' }));
  await models.follow();
  expect(names()).toEqual(['made-1', 'made-3']);
  expect(models.status(T0, T0).refused).toBeUndefined();
});

test('a file that changed after its manifest is refused at the next start', async () => {
  write(madeFolder());
  appendFileSync(join(folder, 'xgb_model.json'), ' ');
  const models = loader();
  await models.follow();
  expect(names()).toEqual([]);
  expect(models.status(T0, T0)).toMatchObject({ model: 'none', refused: expect.stringContaining('SHA-256') });
});

test('a slow copy that writes the manifest first is used once it is whole', async () => {
  const models = loader();
  const files = madeFolder();
  const copy = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const { name, text = '' } of files) if (name === 'manifest.json') copy(name, text);
  await models.follow();
  copy('backup.json', 'half');
  await models.follow();
  expect(models.status(T0, T0).refused).toContain('which is missing');
  for (const { name, text = '' } of files) if (name !== 'manifest.json') copy(name, text);
  await models.follow();
  expect(names()).toEqual(['made-1']);
  expect(models.status(T0, T0).refused).toBeUndefined();
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('trees of a training speak only with their manifest: not before it comes, and not as a model of the user after it', async () => {
  const models = loader();
  const calibration = fileOf('calibration.json', {});
  const [trees, manifest] = [madeFolder()[0], madeFolder().find(({ name }) => name === 'manifest.json')];
  const copy = (file = trees) => writeFileSync(join(folder, file?.name ?? ''), file?.text ?? '');
  copy(calibration);
  copy();
  await models.follow();
  expect(names()).toEqual([]);
  expect(models.status(T0, T0).refused).toMatch(
    /^manifest\.json is missing beside calibration\.json.*remove calibration/,
  );
  copy(manifest);
  await models.follow();
  rmSync(join(folder, 'manifest.json'));
  await models.follow();
  expect(names()).toEqual(['made-1']);
});

test('other files of the folder are neither read nor a reason to refuse', async () => {
  write(madeFolder());
  writeFileSync(join(folder, 'backup.json'), 'no JSON');
  symlinkSync(join(folder, 'nothing'), join(folder, 'link.json'));
  const models = loader();
  await models.follow();
  expect(names()).toEqual(['made-1']);
  const texts = (await readModelFolder(folder)).map(({ name, text }) => [name, text !== undefined]);
  expect(texts).toEqual([
    ['backup.json', false],
    ['manifest.json', true],
    ['xgb_model.json', true],
  ]);
});

test('without files there is no model, and removed files end its use', async () => {
  const empty = loader(join(folder, 'nowhere'));
  await empty.follow();
  const models = loader();
  write(madeFolder());
  await models.follow();
  for (const name of ['manifest.json', 'xgb_model.json']) rmSync(join(folder, name));
  await models.follow();
  expect(names()).toEqual(['made-1', undefined]);
  await loader(undefined).follow();
  expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
});

test('a folder that somebody named and that has no model gets one warning', async () => {
  const models = loader(join(folder, 'mistyped'), undefined, true);
  await models.follow();
  await models.follow();
  expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('holds no model') }]);
});

test('a pickle is refused with the way out', async () => {
  writeFileSync(join(folder, 'model.pkl'), 'x');
  const models = loader();
  await models.follow();
  expect(models.status(T0, T0).refused).toMatch(/save_model\("xgb_model\.json"\)/);
});

test('the status says when the model is silent everywhere', async () => {
  write(madeFolder({ expires_ts: T0 }));
  const models = loader();
  await models.follow();
  expect(ModelStatus.parse(models.status(T0 - 1, T0)).silent).toBeUndefined();
  expect(models.status(T0, T0).worth).toBe(used[0]?.manifest?.speaks.why);
  expect(ModelStatus.parse(models.status(T0, T0)).silent).toMatch(/^It expired on /);
});

test('the status says when no candidate looks like those of training', async () => {
  write(madeFolder());
  const silentAfter = async (judged: number, outOfRange: number) => {
    const state = {
      ...{ judged, spoke: 0, abstained: { OUT_OF_RANGE: outOfRange, NO_FEATURES: judged - outOfRange } },
      ...{ outOfRange: 3 * judged, window: 0, windowSize: 200, drifted: [], isDrifted: false },
      outcomes: { counted: 0, score: 0, isAlarm: false },
    };
    const models = loader(folder, state);
    await models.follow();
    return ModelStatus.parse(models.status(T0 - 1, T0)).silent;
  };
  expect(await silentAfter(49, 49)).toBeUndefined();
  expect(await silentAfter(50, 49)).toBeUndefined();
  expect(await silentAfter(50, 50)).toMatch(/^Each of 50 candidates .* trained on other data/);
});

test('the status says when no candidate is of a symbol on which the model may speak', async () => {
  const silentIf = async (probability: 'ALL' | string[], abstained: ModelWatchState['abstained'], spoke = 0) => {
    write(madeFolder({ speaks: { probability, move: 'ALL', why: 'It pays.' } }));
    const state = {
      ...{ judged: 60, spoke, abstained, outOfRange: 0, window: 0, windowSize: 200, drifted: [], isDrifted: false },
      outcomes: { counted: 0, score: 0, isAlarm: false },
    };
    const models = loader(folder, state);
    await models.follow();
    return ModelStatus.parse(models.status(T0 - 1, T0)).silent;
  };
  const own = ['DOTUSDT', 'NEARUSDT'];
  expect(await silentIf(own, { MAY_NOT_SPEAK: 60 })).toBe(
    'None of 60 candidates was for it: it may speak on DOTUSDT, NEARUSDT alone, and 60 were of other symbols.',
  );
  expect(await silentIf(own, { MAY_NOT_SPEAK: 20, OUT_OF_RANGE: 40 })).toMatch(
    / 20 were of other symbols, 40 had too /,
  );
  expect(await silentIf(own, { MAY_NOT_SPEAK: 59 }, 1)).toBeUndefined();
  // Its worth says already that it abstains everywhere.
  expect(await silentIf([], { MAY_NOT_SPEAK: 60 })).toBeUndefined();
});

test('the status says how much the model knows, and the edge by which EDGE_VS_COST judges', async () => {
  // Few candidates have the highest probability, so their interval is wide.
  const edge = { x: [0.1, 0.6, 0.9], y: [-5, 12, 30], low: [-20, 9, 2] };
  const probability = { kind: 'PLATT', a: -1, b: 0 };
  const calibration = fileOf('calibration.json', { schema: 1, probability, edge, break_even: 0.6 });
  const [trees] = madeFolder();
  const files = {
    xgb_model: { name: 'xgb_model.json', sha256: trees?.sha256 ?? '' },
    calibration: { name: calibration.name, sha256: calibration.sha256 ?? '' },
  };
  write(madeFolder({ files }, [calibration]));
  const models = loader();
  await models.follow();
  const { knows, edge: best } = ModelStatus.parse(models.status(T0 - 1, T0));
  expect({ knows, best }).toEqual({ knows: 'knows 2 of 2 features', best: { mean_bp: 12, lower_bp: 9 } });
  expect(models.status(T0 + 1e9, T0).edge).toBeUndefined();
  write(madeFolder({ name: 'made-2', files, speaks: { probability: [], move: 'ALL', why: 'x' } }, [calibration]));
  await models.follow();
  expect(models.status(T0 - 1, T0)).not.toHaveProperty('edge');
});
