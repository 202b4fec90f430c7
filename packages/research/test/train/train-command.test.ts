import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import { CalibrationFile, LstmFile } from '@helios/shared/domain/model-files.ts';
import { ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { prepareRows } from '../../src/train/prepare-rows.ts';
import { writeModel } from '../../src/train/report/model-files.ts';
import { trainingText } from '../../src/train/report/training-text.ts';
import { TrainingStopped } from '../../src/train/stop.ts';
import { trainModel } from '../../src/train/train-model.ts';
import { readTrainOptions } from '../../src/train/train-options.ts';
import { findXgboost } from '../xgboost/find-xgboost.ts';
import { type MadeRows, madeRows } from './made-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const library = findXgboost();

const silent = new ProgressLine({ write: () => true }, () => 0);

function placeOf(kept: string, signal = new AbortController().signal) {
  return {
    cwd: folder,
    root: folder,
    env: IMBALANCE_ALONE_ENVIRONMENT,
    nowMs: Date.UTC(2027, 0, 1),
    kept: join(folder, `${kept}-kept`),
    progress: silent,
    signal,
  };
}

function rowFile(name: string, made: MadeRows, edit: (lines: string[]) => string[] = (lines) => lines): string {
  const lines = madeRows(made).map((row) => JSON.stringify(row));
  writeFileSync(join(folder, name), edit(lines).join('\n'));
  return name;
}

/** What the command does, without its process. */
async function train(args: readonly string[], out: string, place = placeOf(out)) {
  const line = readCommandLine('train', [...args, '--out', out]);
  // Thirty passes of the LSTM take half a minute and show nothing more.
  const options = { ...readTrainOptions(line, folder, folder), lstmEpochs: 3 };
  const rows = await prepareRows(line, options, place);
  if (library === undefined) throw new Error('libxgboost is missing');
  const trained = await trainModel(rows, options, library, place);
  await writeModel(options.out, rows.set, trained.model, trained.card, options.validMs);
  const term = { expiresTs: trained.card.data.lastTs + options.validMs, nowMs: place.nowMs };
  return { ...trained, text: trainingText(trained.card, options.out, term), remarks: rows.remarks };
}

const contentOf = (out: string) =>
  Object.fromEntries(
    readdirSync(join(folder, out)).map((name) => [name, readFileSync(join(folder, out, name), 'utf8')]),
  );

const loadedFrom = (files: Readonly<Record<string, string>>) =>
  loadTradingModel(
    Object.entries(files).map(([name, text]) => ({
      ...{ name, size: text.length, sha256: createHash('sha256').update(text).digest('hex') },
      text: name.endsWith('.json') ? text : undefined,
    })),
  );

describe.skipIf(library === undefined)('npm run train', () => {
  const small = ['--folds=2', '--trials=1', '--lstm-units=2'];

  test('writes a model by the schema, byte for byte the same again, and goes on from kept steps', async () => {
    const file = rowFile('rows.jsonl', { count: 400, seed: 4, edge: 0.5, moveEdge: 0.4, withSequence: true });
    const { card, text, counts } = await train(['--ledger', file, ...small], 'one');
    expect(counts.served).toBe(0);
    const files = contentOf('one');
    const manifest = ModelManifest.parse(JSON.parse(files['manifest.json'] ?? ''));
    for (const { name, sha256 } of Object.values(manifest.files)) {
      expect(
        createHash('sha256')
          .update(files[name] ?? '')
          .digest('hex'),
      ).toBe(sha256);
    }
    expect(loadedFrom(files)).toMatchObject({ kind: 'LOADED' });
    LstmFile.parse(JSON.parse(files['lstm.json'] ?? ''));
    CalibrationFile.parse(JSON.parse(files['calibration.json'] ?? ''));
    expect(manifest.trained_ts).toBe(card.data.lastTs);
    expect(manifest.drift.base_rate).toBe(card.data.gainShare);
    expect(text).toContain(card.verdict.sentence);
    expect(text).not.toContain('It expired');
    const old = { expiresTs: Date.UTC(2026, 1, 28), nowMs: Date.UTC(2026, 10, 30) };
    expect(trainingText(card, 'one', old)).toMatch(
      /It expired on 2026-02-28, so .*train with newer data, or choose --valid-days/,
    );
    expect(files['card.md']).toContain(card.verdict.sentence);
    // The same from scratch, and from the kept steps.
    await train(['--ledger', file, ...small], 'two');
    expect(contentOf('two')).toEqual(files);
    const again = await train(['--ledger', file, ...small], 'three', placeOf('one'));
    expect(again.counts.computed).toBe(0);
    expect(contentOf('three')).toEqual(files);
  }, 240_000);

  test('gives the size of the move on its own, where only that is calibrated', async () => {
    const file = rowFile('move.jsonl', { count: 1_000, seed: 7, moveEdge: 0.5 });
    const { card } = await train(['--ledger', file, '--folds=3', '--trials=1', '--lstm-units=0'], 'move');
    expect(card.verdict.maySpeak).toBe(false);
    expect(card.move.isCalibrated).toBe(true);
    const files = contentOf('move');
    const { speaks } = ModelManifest.parse(JSON.parse(files['manifest.json'] ?? ''));
    expect(speaks).toMatchObject({ probability: [], move: ['AAAUSDT', 'BBBUSDT', 'CCCUSDT'] });
    expect(speaks.why).toContain('The expected size of the move is calibrated');
    const loaded = loadedFrom(files);
    if (loaded.kind !== 'LOADED') throw new Error(JSON.stringify(loaded));
    const features = Float64Array.from(madeRows({ count: 500, seed: 7, moveEdge: 0.5 }).at(-1)?.features ?? [], Number);
    const input = { symbol: 'AAAUSDT', nowMs: card.data.lastTs, features, sequence: undefined };
    const verdict = loaded.model.judge(input);
    expect(verdict).toMatchObject({ kind: 'ABSTAINS', reason: 'MAY_NOT_SPEAK', expectedMoveBp: expect.any(Number) });
  }, 240_000);

  test('takes no kept step of another number of folds', async () => {
    const file = rowFile('folds-kept.jsonl', { count: 400, seed: 7 });
    const [rest, place] = [['--ledger', file, '--trials=1', '--lstm-units=0'], placeOf('folds')];
    await train([...rest, '--folds=2'], 'folds-2', place);
    const { counts } = await train([...rest, '--folds=3'], 'folds-3', place);
    expect(counts.served).toBe(0);
  }, 240_000);

  test('Ctrl-C ends it before anything is written', async () => {
    const file = rowFile('stopped.jsonl', { count: 700, seed: 4 });
    const stopped = AbortSignal.abort();
    await expect(train(['--ledger', file, ...small], 'stopped', placeOf('stopped', stopped))).rejects.toThrow(
      TrainingStopped,
    );
    expect(contentOf('stopped')).toEqual({});
  });

  test('says before any work what is wrong with the rows', async () => {
    const fails = async (
      name: string,
      made: MadeRows,
      edit?: (lines: string[]) => string[],
      args: readonly string[] = [],
    ) => {
      const file = rowFile(name, made, edit);
      return await train(['--ledger', file, ...args], name.replace('.jsonl', '')).then(
        () => 'no error',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    };
    const change = (text: string, other: string) => (lines: string[]) => lines.map((line) => line.replace(text, other));
    expect(await fails('few.jsonl', { count: 50, seed: 1 })).toContain(
      'There are 50 candidates; a training needs 200.',
    );
    expect(await fails('folds.jsonl', { count: 250, seed: 1 }, undefined, ['--folds=20'])).toMatch(
      /Too few rows for walk-forward 1: .*fewer --folds/,
    );
    const losses = (lines: string[]) =>
      lines.map((line) => line.replace(/"net_bp":[^,]+/, '"net_bp":-5').replace(/"gross_bp":[^,]+/, '"gross_bp":3'));
    expect(await fails('losses.jsonl', { count: 300, seed: 1 }, losses)).toContain('none of them ends with a net gain');
    expect(await fails('nan.jsonl', { count: 300, seed: 1 }, change('"cost_bp":8', '"cost_bp":null'))).toMatch(
      /nan.jsonl, line 1 is no training row: cost_bp/,
    );
    expect(
      await fails('set.jsonl', { count: 300, seed: 1 }, change('"feature_set":"', '"feature_set":"old-')),
    ).toContain('has the feature set old-');
    const one = (edit: (row: Record<string, unknown>) => object) => (lines: string[]) => {
      const row = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
      return [JSON.stringify({ ...row, ...edit(row) }), ...lines.slice(1)];
    };
    for (const [edit, problem] of [
      [() => ({ ts: 9e12, end_ts: 9e12 }), 'ts: 2255-03-14T16:00:00.000Z has not come yet'],
      [({ ts }) => ({ end_ts: Number(ts) - 1 }), 'end_ts: comes before ts'],
      [({ ts }) => ({ end_ts: Number(ts) + 4e9 }), 'end_ts: comes more than 31 days after ts'],
      [() => ({ net_bp: 1e308, gross_bp: 1e308 }), 'net_bp: exceeds'],
      [({ gross_bp }) => ({ net_bp: Number(gross_bp) + 50 }), 'net_bp: is not gross_bp minus cost_bp'],
      [({ features }) => ({ features: [1e300, ...(features as number[]).slice(1)] }), 'features: one exceeds'],
    ] satisfies [(row: Record<string, unknown>) => object, string][]) {
      expect(await fails('impossible.jsonl', { count: 300, seed: 1 }, one(edit))).toContain(
        `line 1 is no training row: ${problem}`,
      );
    }
    expect(await fails('text.jsonl', { count: 300, seed: 1 }, (lines) => ['hello', ...lines])).toContain(
      'line 1 is not JSON',
    );
  });
});

test('leaves a torn last line out and says so; a decision counts once', async () => {
  const file = rowFile('torn.jsonl', { count: 300, seed: 1 }, (lines) => [
    ...lines,
    ...lines.slice(0, 5),
    '{"id":"made',
  ]);
  const line = readCommandLine('train', ['--ledger', file, '--out', 'torn']);
  const rows = await prepareRows(line, readTrainOptions(line, folder, folder), placeOf('torn'));
  expect(rows.set.count).toBe(300);
  expect(rows.duplicates).toBe(5);
  expect(rows.remarks.join()).toContain('ends in the middle of a line');
});

test('refuses a command line without rows, and odd values', () => {
  const options = (...args: string[]) => readTrainOptions(readCommandLine('train', args), folder, folder);
  expect(() => options()).toThrow('Name what to learn from');
  expect(() => options('--ledger', 'a', '--lstm-units', '64')).toThrow('32');
  expect(() => options('--ledger', 'a', '--mode', 'LF_LIMIT')).toThrow('--mode says how market data are played');
  expect(() => options('--ledger', 'a', '--name', 'a b')).toThrow('--name takes');
});
