import { dirname, join } from 'node:path';
import { modelOfFolder, tradingModelOf } from '@helios/backtest/models/model-in-force.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { modelFolderOf, readModelFile, readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';
import type { TrialFile } from './trial.ts';

/** The option under which the files of a trial's model stand. */
export const MODEL_OPTION = 'model';

/**
 * The files of the model in force, for the trials of a search: each plays with this content, whatever the folder holds later or on
 * another machine. Empty without a model.
 * @throws HopelessStart if the model is refused, or the folder that was named has none
 */
export async function trialModelFiles({ signals }: Pick<Settings, 'signals'>, isNamed = false): Promise<TrialFile[]> {
  const folder = modelFolderOf(signals.model_dir);
  const files = folder === undefined ? [] : await readModelFolder(folder);
  if (folder === undefined || modelOfFolder(files, folder, isNamed) === undefined) return [];
  return files.flatMap(({ name, sha256 }) =>
    sha256 === undefined ? [] : [{ option: MODEL_OPTION, path: join(folder, name), sha256 }],
  );
}

/** The model of a trial with these files; undefined without one. @throws HopelessStart if it is refused */
export async function trialModelOf(files: readonly TrialFile[]): Promise<TradingModel | undefined> {
  const paths = files.filter(({ option }) => option === MODEL_OPTION).map(({ path }) => path);
  const [first] = paths;
  if (first === undefined) return undefined;
  const read = await Promise.all(paths.map((path) => readModelFile(path)));
  return tradingModelOf(
    read.flatMap((file) => file ?? []),
    dirname(first),
  );
}
