import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import type { TradingModel } from '@helios/core/model/trading-model.ts';
import type { ModelFile } from '@helios/shared/domain/model-folder.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { isChosenModelFolder, modelFolderOf, readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';

/** Loads the model of `signals.model_dir`, as the fleet does. Rejects with HopelessStart as `modelOfFolder`. */
export async function modelInForce(
  { signals }: Pick<Settings, 'signals'>,
  isNamed = false,
): Promise<TradingModel | undefined> {
  const folder = modelFolderOf(signals.model_dir);
  if (folder === undefined) return undefined;
  return modelOfFolder(await readModelFolder(folder), folder, isNamed);
}

/**
 * The model of a folder with these files; undefined if the default folder has none, unless the command line names it.
 * @throws HopelessStart if they are refused, or a folder that was named has none: a result without the model would answer another
 * question
 */
export function modelOfFolder(files: readonly ModelFile[], folder: string, isNamed = false): TradingModel | undefined {
  const model = tradingModelOf(files, folder);
  if (model !== undefined || !(isNamed || isChosenModelFolder(folder))) return model;
  throw new HopelessStart(
    `There is no model in ${folder}: neither manifest.json nor xgb_model.json. Check the name, or train one: npm run train -- --out DIR\nTo play without a model: --model none`,
  );
}

/**
 * The model of some files; undefined without one. @param place where they are, for the operator
 * @throws HopelessStart if they are refused
 */
export function tradingModelOf(files: readonly ModelFile[], place: string): TradingModel | undefined {
  const load = loadTradingModel(files);
  if (load.kind === 'LOADED') return load.model;
  if (load.kind === 'NONE') return undefined;
  throw new HopelessStart(
    `The model in ${place} cannot be used. ${load.message}\nTo play without a model: --model none`,
  );
}

/** What a report says about the model; `firstTs` is the first market time that was played, epoch ms. */
export function modelText(model: TradingModel | undefined, firstTs: number): string {
  if (model === undefined) return 'Model: none.';
  const { name, manifest } = model;
  if (manifest === undefined) return `Model: ${name}, without a manifest: nobody knows what it was trained on.`;
  const until = new Date(manifest.trained_ts).toISOString().slice(0, 10);
  const trained = `Model: ${name}, trained on data up to ${until}.`;
  return firstTs > manifest.trained_ts
    ? trained
    : `${trained} These data are older: it may have learned them by heart. Believe only what comes later.`;
}
