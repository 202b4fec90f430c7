import { FEATURE_SET } from '@helios/shared/domain/features.ts';
import { CalibrationFile, LstmFile, ScalerFile } from '@helios/shared/domain/model-files.ts';
import { type ModelFile, SCALER_FILE, XGB_FILE } from '@helios/shared/domain/model-folder.ts';
import { MANIFEST_FILE, ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { assembleModel, type ModelTexts } from './assemble-model.ts';
import { type LoadedFile, ModelFiles } from './model-files.ts';
import { ModelRefusal, type ModelRefusalCode } from './model-refusal.ts';
import { refuseUnreadable } from './python-conversion.ts';
import type { TradingModel } from './trading-model.ts';

/** Files that training writes beside the trees; a user has none of them. */
const TRAINED_FILES = ['calibration.json', 'move_model.json', 'lstm.json'];

/** The result of loading a folder. NONE: it holds no model. */
export type ModelLoad =
  | { readonly kind: 'LOADED'; readonly model: TradingModel }
  | { readonly kind: 'NONE' }
  /** `message` says what happened, why, and what to do. */
  | { readonly kind: 'REFUSED'; readonly code: ModelRefusalCode; readonly message: string };

/**
 * Loads a model from the files of its folder: ours by `manifest.json`, or a user's `xgb_model.json` with `scaler.json`. Verifies
 * hashes, features and their order, and asks for the output of probes before a decision does.
 */
export function loadTradingModel(files: readonly ModelFile[]): ModelLoad {
  try {
    refuseUnreadable(files);
    const folder = new ModelFiles(files);
    const manifest = folder.find(MANIFEST_FILE);
    if (manifest !== undefined) return { kind: 'LOADED', model: byManifest(manifest, folder) };
    const trees = folder.find(XGB_FILE);
    return trees === undefined ? { kind: 'NONE' } : { kind: 'LOADED', model: ofUser(trees, folder) };
  } catch (error) {
    if (error instanceof ModelRefusal) return { kind: 'REFUSED', code: error.code, message: error.message };
    throw error;
  }
}

function byManifest(file: LoadedFile, folder: ModelFiles): TradingModel {
  const manifest = folder.parse(file, ModelManifest, 'BAD_MANIFEST');
  const { files, feature_set } = manifest;
  if (feature_set !== FEATURE_SET)
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `${manifest.name} reads the features “${feature_set}”, but this version of Helios has “${FEATURE_SET}”. Train the model again: npm run train`,
    );
  checkInputs(manifest);
  const texts: ModelTexts = {
    trees: folder.verified(files.xgb_model),
    scaler: files.scaler && folder.parse(folder.verified(files.scaler), ScalerFile),
    lstm: files.lstm && folder.parse(folder.verified(files.lstm), LstmFile),
    calibration: files.calibration && folder.parse(folder.verified(files.calibration), CalibrationFile),
    moveTrees: files.move_model && folder.verified(files.move_model),
  };
  return assembleModel(manifest.name, texts, manifest);
}

function ofUser(trees: LoadedFile, folder: ModelFiles): TradingModel {
  refuseWithoutManifest(folder);
  const scaler = folder.find(SCALER_FILE);
  const texts: ModelTexts = {
    trees,
    scaler: scaler && folder.parse(scaler, ScalerFile),
    ...{ lstm: undefined, calibration: undefined, moveTrees: undefined },
  };
  return assembleModel(`own-${trees.sha256.slice(0, 8)}`, texts, undefined);
}

/** Trees of a training without its manifest would speak everywhere: nothing says where they were proved, and until when. */
function refuseWithoutManifest(folder: ModelFiles): void {
  const trained = TRAINED_FILES.find((name) => folder.has(name));
  if (trained === undefined) return;
  throw new ModelRefusal(
    'FILE_MISSING',
    `${MANIFEST_FILE} is missing beside ${trained}, so nobody knows where this model may speak. Copy the whole folder; for a model of your own, remove ${trained}.`,
  );
}

function checkInputs({ name, inputs, feature_names }: ModelManifest): void {
  for (const { name: feature, min, max, edges, shares } of inputs) {
    const ascends = edges.every((edge, index) => edge >= (edges[index - 1] ?? min) && edge <= max);
    if (feature_names.includes(feature) && min <= max && ascends && shares.length === edges.length + 1) continue;
    throw new ModelRefusal(
      'BAD_MANIFEST',
      `${MANIFEST_FILE} of ${name}: the range of “${feature}” is damaged, or the model does not read it. Train the model again.`,
    );
  }
}
