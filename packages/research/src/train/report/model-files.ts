import { createHash } from 'node:crypto';
import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import type { CalibrationFile, LstmFile } from '@helios/shared/domain/model-files.ts';
import { MANIFEST_FILE, type ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';
import { MAX_SCALED } from '../lstm/sequence-scale.ts';
import type { FinalModel } from '../recipe/final-model.ts';
import type { FittedSequences } from '../recipe/fit-sequences.ts';
import { treeFeatures } from '../recipe/variants.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import { MAX_OUT_OF_RANGE } from './absent-text.ts';
import { cardPage } from './card-page.ts';
import { exchangeFiles, type NamedText } from './exchange-files.ts';
import { DRIFT_DECISIONS, inputRanges, usualDriftShare } from './input-ranges.ts';
import type { ModelCard } from './model-card.ts';

/** A model of fewer symbols speaks about these alone. */
const MIN_FOR_ALL = 5;

/**
 * Writes the model and its card into `folder`, the manifest last: a reader of a half-written folder finds hashes that do not fit,
 * and keeps the model before. All files are written before the first one is exchanged, so that a full disk changes nothing.
 * @throws HopelessStart if signal-engine would refuse the model; then nothing is written
 */
export async function writeModel(
  folder: string,
  set: TrainingSet,
  model: FinalModel,
  card: ModelCard,
  validMs: number,
): Promise<void> {
  const texts = modelTexts(set, model, card, validMs);
  await checkModel(folder, texts);
  await exchangeFiles(folder, [
    ...texts.slice(0, -1),
    { name: 'card.json', text: fileText(card) },
    { name: 'card.md', text: cardPage(card) },
    ...texts.slice(-1),
  ]);
}

/** The files that signal-engine reads, the manifest last. */
function modelTexts(set: TrainingSet, model: FinalModel, card: ModelCard, validMs: number): NamedText[] {
  const files: Record<keyof ModelManifest['files'], NamedText | undefined> = {
    xgb_model: { name: 'xgb_model.json', text: model.probability.json },
    scaler: undefined,
    lstm: model.sequences && { name: 'lstm.json', text: fileText(lstmFile(set, model.sequences)) },
    calibration: { name: 'calibration.json', text: fileText(calibrationFile(model, card.edge?.isCalibrated === true)) },
    move_model: { name: 'move_model.json', text: model.move.json },
  };
  const entries = Object.entries(files).flatMap(([key, file]) => (file === undefined ? [] : [[key, file] as const]));
  const hashed = Object.fromEntries(entries.map(([key, { name, text }]) => [key, { name, sha256: sha256(text) }]));
  const manifest = manifestOf(set, model, card, hashed as ModelManifest['files'], validMs);
  return [...entries.map(([, file]) => file), { name: MANIFEST_FILE, text: fileText(manifest) }];
}

/** Loads the model as signal-engine will, beside the other files of the folder. */
async function checkModel(folder: string, texts: readonly NamedText[]): Promise<void> {
  const written = texts.map(({ name, text }) => ({ name, text, size: Buffer.byteLength(text), sha256: sha256(text) }));
  const names = new Set(texts.map(({ name }) => name));
  const others = (await readModelFolder(folder)).filter(({ name }) => !names.has(name));
  const load = loadTradingModel([...written, ...others]);
  if (load.kind !== 'REFUSED') return;
  throw new HopelessStart(
    `The trained model is not written: signal-engine would refuse it (${load.code}). ${load.message} Nothing in ${folder} has changed.`,
  );
}

function manifestOf(
  set: TrainingSet,
  model: FinalModel,
  card: ModelCard,
  files: ModelManifest['files'],
  validMs: number,
): ModelManifest {
  const inputs = inputRanges(set);
  const where = set.symbols.length >= MIN_FOR_ALL ? 'ALL' : [...set.symbols];
  return {
    ...{ schema: 1, name: card.name, feature_set: set.featureSet, files },
    feature_names: treeFeatures(set, model.sequences?.outputs),
    // The end of the data, not of the training: the same rows give the same bytes.
    ...{ trained_ts: card.data.lastTs, expires_ts: card.data.lastTs + validMs },
    speaks: {
      probability: card.verdict.maySpeak ? where : [],
      move: card.move.isCalibrated ? where : [],
      why: `${card.verdict.sentence} ${moveSentence(card)}`,
    },
    ...{ inputs, drift: driftOf(set, card, inputs) },
    max_out_of_range: MAX_OUT_OF_RANGE,
    metrics: metricsOf(card),
  };
}

function moveSentence({ move }: ModelCard): string {
  return move.isCalibrated
    ? 'The expected size of the move is calibrated out of sample, so it is given on its own.'
    : 'The expected size of the move is not calibrated out of sample, so it is not given.';
}

function driftOf(set: TrainingSet, { data }: ModelCard, inputs: ModelManifest['inputs']): ModelManifest['drift'] {
  return {
    ...{ decisions: DRIFT_DECISIONS, apart_ms: data.apartMs, max_share: usualDriftShare(set, inputs) },
    base_rate: data.gainShare,
  };
}

function metricsOf({ full, move, takeAll, data }: ModelCard): Record<string, number | null> {
  return {
    ...{ rows: data.rows, test_rows: full.rows, auc: full.auc.value ?? null, auc_low: full.auc.low ?? null },
    ...{ auc_high: full.auc.high ?? null, log_loss: full.logLoss ?? null, brier: full.brier ?? null },
    ...{ taken: full.taken, net_bp: full.netBp.value ?? null, net_bp_low: full.netBp.low ?? null },
    ...{ net_bp_high: full.netBp.high ?? null, take_all_net_bp: takeAll.netBp.value ?? null },
    ...{ move_correlation: move.correlation ?? null, move_r2: move.r2 ?? null },
  };
}

/** `lstm.json`. */
export function lstmFile(set: TrainingSet, { numbers, scale }: Pick<FittedSequences, 'numbers' | 'scale'>): LstmFile {
  return {
    ...{ schema: 1, columns: [...set.columns], steps: set.steps, units: numbers.units },
    ...{ means: [...scale.means], deviations: [...scale.deviations], max_scaled: MAX_SCALED },
    // A market that has what no row had must not move the answer.
    kernel: Array.from(numbers.kernel, (weight, n) => (scale.silent[Math.floor(n / (4 * numbers.units))] ? 0 : weight)),
    ...{ recurrent: [...numbers.recurrent], bias: [...numbers.bias] },
    ...{ output: [...numbers.output], output_bias: numbers.outputBias[0] ?? 0 },
  };
}

function calibrationFile({ probability, move }: FinalModel, isEdgeRight: boolean): CalibrationFile {
  const { calibration, edge } = probability;
  const curveOf = ({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }) => ({
    ...{ x: [...x], y: [...y] },
  });
  return {
    schema: 1,
    probability:
      calibration.kind === 'PLATT'
        ? { kind: 'PLATT', a: calibration.a, b: calibration.b }
        : { kind: 'ISOTONIC', curve: curveOf(calibration) },
    break_even: probability.breakEven,
    ...(isEdgeRight && edge !== undefined && { edge: { ...curveOf(edge), low: [...edge.low] } }),
    move: curveOf(move.table),
  };
}

const fileText = (content: unknown) => `${JSON.stringify(content, undefined, 1)}\n`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
