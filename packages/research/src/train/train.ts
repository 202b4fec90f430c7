import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import { figure } from '@helios/backtest/report/format.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { xgboostLibrary } from '../xgboost/xgboost-library.ts';
import { prepareRows, type TrainPlace } from './prepare-rows.ts';
import { pruneFolder } from './prune-folder.ts';
import { writeModel } from './report/model-files.ts';
import { trainingText } from './report/training-text.ts';
import { TrainingStopped, unlessStopped } from './stop.ts';
import { trainModel } from './train-model.ts';
import { readTrainOptions } from './train-options.ts';

/** 128 + SIGINT, as shells report it. */
const INTERRUPTED_EXIT_CODE = 130;
/** Size of kept rows, and of kept steps. */
const MAX_KEPT_BYTES = 1e9;

/** `npm run train`: learns which candidates to take from what became of earlier ones, and says what that is worth. */
async function main(line: CommandLine): Promise<number> {
  const cwd = typedFolder();
  const root = resolve(import.meta.dirname, '../../../..');
  const options = readTrainOptions(line, cwd, root);
  // A missing library is an error now, not after the candidates were played.
  const library = xgboostLibrary();
  const { settings } = loadSettings({ env: process.env, root });
  const kept = join(resolve(root, settings.system.data_dir), 'training');
  await mkdir(kept, { recursive: true });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const progress = new ProgressLine(process.stderr, () => performance.now());
  const place: TrainPlace = { cwd, root, env: process.env, nowMs: Date.now(), kept, progress, signal: stop.signal };
  try {
    const rows = await unlessStopped(prepareRows(line, options, place), stop.signal);
    progress.clear();
    for (const remark of rows.remarks) console.error(printableLines(remark));
    const { card, model, counts } = await trainModel(rows, options, library, place);
    progress.clear();
    await writeModel(options.out, rows.set, model, card, options.validMs);
    for (const part of ['rows', 'steps']) await pruneFolder(join(kept, part), MAX_KEPT_BYTES, Date.now());
    console.log(trainingText(card, options.out, { expiresTs: card.data.lastTs + options.validMs, nowMs: place.nowMs }));
    console.error(`\n${figure(counts.computed, 0)} steps computed, ${figure(counts.served, 0)} kept from before.`);
    if (counts.problem !== undefined) {
      console.error(`Steps could not be kept, so a later training computes them again: ${counts.problem}.`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof TrainingStopped)) throw error;
    progress.clear();
    console.error(
      `\nStopped. Nothing in ${options.out} has changed. Finished steps are kept: the same command goes on from there.`,
    );
    return INTERRUPTED_EXIT_CODE;
  }
}

await runCommand('train', main);
