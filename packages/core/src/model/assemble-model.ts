import { SEQUENCE } from '@helios/shared/domain/features.ts';
import type { CalibrationFile, LstmFile, ScalerFile } from '@helios/shared/domain/model-files.ts';
import { LSTM_INPUT, type ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { BoostedModel, type ModelParts } from './boosted-model.ts';
import { calibrateProbability, edgeByProbability, risingCurve } from './calibration.ts';
import { InputRow } from './input-row.ts';
import { absentNames } from './known-inputs.ts';
import { Lstm } from './lstm.ts';
import type { LoadedFile } from './model-files.ts';
import { ModelRefusal } from './model-refusal.ts';
import { logistic } from './objective.ts';
import { ProbeOutputs, probeRows } from './probe-model.ts';
import { readBoostedTrees } from './read-boosted-trees.ts';
import type { TradingModel } from './trading-model.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** A move of more basis points than this is no forecast. */
const MAX_MOVE_BP = 10_000;

/** The contents of a model's files. */
export interface ModelTexts {
  readonly trees: LoadedFile;
  readonly scaler: ScalerFile | undefined;
  readonly lstm: LstmFile | undefined;
  readonly calibration: CalibrationFile | undefined;
  readonly moveTrees: LoadedFile | undefined;
}

/** Builds a model from its files. @throws ModelRefusal if they do not fit each other, or if its outputs are useless */
export function assembleModel(name: string, texts: ModelTexts, manifest: ModelManifest | undefined): TradingModel {
  const trees = readBoostedTrees(texts.trees.name, texts.trees.text);
  if (trees.outputCount !== 1 || (trees.link !== 'LOGISTIC' && trees.link !== 'LOGISTIC_MARGIN'))
    throw new ModelRefusal(
      'NOT_A_PROBABILITY',
      `${texts.trees.name} has the objective ${trees.objective}, which gives no probability of a net gain. Train with objective=binary:logistic.`,
    );
  const columns = columnsOf(texts.trees.name, trees, manifest);
  const row = new InputRow(texts.trees.name, columns, texts.scaler, new Set(absentNames(manifest?.inputs ?? [])));
  const lstm = lstmOf(texts.lstm, row.usesLstm);
  const { calibration } = texts;
  const parts: ModelParts = {
    ...{ name, manifest, row, trees, lstm },
    probabilityOf: calibration ? calibrateProbability('calibration.json', calibration) : logistic,
    breakEven: calibration?.break_even,
    edge: calibration?.edge && edgeByProbability('calibration.json', calibration.edge),
    ...moveParts(texts, columns),
  };
  const model = new BoostedModel(parts);
  probe(model, parts);
  return model;
}

/** The columns that the manifest or the file names; both must agree. */
function columnsOf(
  file: string,
  { columnNames, columnCount }: TreeEnsemble,
  manifest?: ModelManifest,
): readonly string[] {
  const names = manifest?.feature_names ?? columnNames;
  if (names.length === 0)
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `${file} does not name its features. Set booster.feature_names to names of docs/model.md, in the order of the training columns, and save it again.`,
    );
  const differs = columnNames.length > 0 && columnNames.some((name, index) => name !== names[index]);
  if (names.length === columnCount && !differs) return names;
  throw new ModelRefusal(
    'OTHER_FEATURES',
    `${file} reads ${columnCount} features, and not those of the model in its order. Copy all files of one model.`,
  );
}

function lstmOf(file: LstmFile | undefined, isUsed: boolean): Lstm | undefined {
  if (file === undefined && !isUsed) return undefined;
  if (file === undefined || !isUsed)
    throw new ModelRefusal(
      'FILE_MISSING',
      file === undefined
        ? `The model reads “${LSTM_INPUT}”, but there is no lstm.json. Only a model with a manifest may read it.`
        : `There is an lstm.json, but the model does not read “${LSTM_INPUT}”. Train the model again.`,
    );
  const { rows, columns } = SEQUENCE;
  if (file.steps !== rows || file.columns.join() !== columns.join())
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `lstm.json reads ${file.steps} minutes of ${file.columns.join(', ')}; this version has ${rows} of ${columns.join(', ')}. Train the model again.`,
    );
  return new Lstm('lstm.json', file);
}

function moveParts({ moveTrees: file, calibration }: ModelTexts, columns: readonly string[]) {
  if (file === undefined) return { moveTrees: undefined, moveOf: (margin: number) => margin };
  const moveTrees = readBoostedTrees(file.name, file.text);
  const { columnNames, columnCount, outputCount } = moveTrees;
  const differs = columnNames.length > 0 && columnNames.some((name, index) => name !== columns[index]);
  if (outputCount !== 1 || columnCount !== columns.length || differs)
    throw new ModelRefusal(
      'OTHER_FEATURES',
      `${file.name} reads other features than the model. Copy all files of one model.`,
    );
  const curve = calibration?.move;
  if (curve === undefined)
    throw new ModelRefusal(
      'FILE_MISSING',
      `${file.name} needs the curve “move” in calibration.json. Train the model again.`,
    );
  return { moveTrees, moveOf: risingCurve('calibration.json', curve) };
}

/** Asks for probes. Calibrated outputs may be equal where the model may not speak: then it has learned nothing and says so. */
function probe(model: BoostedModel, { trees, row, lstm }: ModelParts): void {
  const speaks = model.manifest?.speaks.probability;
  const raw = new ProbeOutputs('The model');
  const calibrated = new ProbeOutputs('The calibrated model');
  const moves = new ProbeOutputs('The model of the move');
  const margin = new Float32Array(1);
  for (const { features, sequence } of probeRows(model.manifest?.inputs ?? [])) {
    row.fill(features, lstm?.evaluate(sequence) ?? Number.NaN);
    trees.margins(row.values, margin);
    raw.add(logistic(margin[0] ?? Number.NaN), 1);
    calibrated.add(model.probability(), 1);
    const moveBp = model.moveBp();
    if (moveBp !== undefined) moves.add(moveBp, MAX_MOVE_BP);
  }
  if (speaks === undefined || speaks.length > 0) {
    raw.check();
    calibrated.check();
  }
  if (model.manifest && model.manifest.speaks.move.length > 0 && model.moveBp() !== undefined) moves.check();
}
