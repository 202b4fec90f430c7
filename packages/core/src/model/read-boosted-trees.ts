import { JsonFields } from './json-fields.ts';
import { ModelRefusal } from './model-refusal.ts';
import { type Link, linkOf, marginOfBaseScore } from './objective.ts';
import { packTrees, type WeightedTree } from './pack-trees.ts';
import { TreeEnsemble } from './tree-ensemble.ts';

/** Oldest XGBoost whose files are read. */
const OLDEST: readonly [number, number] = [1, 6];

/**
 * Reads what `save_model('….json')` of XGBoost 1.6 or newer wrote: gbtree and dart. With early stopping only the rounds up to the
 * best one count, as in XGBoost's own scikit-learn classes.
 * @throws ModelRefusal for a file that is damaged or not supported
 */
export function readBoostedTrees(file: string, text: string): TreeEnsemble {
  const root = new JsonFields(file, parseJson(file, text));
  if (!root.has('learner'))
    throw root.refusal('is no model of XGBoost: write it with booster.save_model("xgb_model.json")');
  checkVersion(root);
  const learner = root.object('learner');
  const parameters = learner.object('learner_model_param');
  const objective = learner.object('objective').text('name');
  const link = linkOf(objective);
  if (link === undefined) throw learner.refusal(`${objective} is not supported`, 'objective.name');
  if (parameters.has('num_target') && parameters.number('num_target') > 1)
    throw parameters.refusal('must be 1: models with several targets are not supported', 'num_target');
  const outputs = Math.max(1, parameters.number('num_class'));
  const columnCount = parameters.number('num_feature');
  const columnNames = learner.has('feature_names') ? learner.texts('feature_names') : [];
  if (columnNames.length > 0 && columnNames.length !== columnCount)
    throw learner.refusal(`has ${columnNames.length} names for ${columnCount} columns`, 'feature_names');
  const trees = packTrees(readEnsemble(learner, outputs), columnCount);
  const baseMargins = readBaseScore(parameters, outputs, link);
  return new TreeEnsemble(trees, { columnCount, columnNames, link, objective, baseMargins });
}

/** Parses a file's text. @throws ModelRefusal if it is no JSON */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ModelRefusal('BAD_FILE', `${file} is no complete JSON (${why}). Copy or write the file again.`);
  }
}

function checkVersion(root: JsonFields): void {
  const [major = 0, minor = 0] = root.numbers('version');
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw root.refusal(
    `is ${major}.${minor}: load the model with XGBoost ${OLDEST.join('.')} or newer and save it again`,
    'version',
  );
}

function readEnsemble(learner: JsonFields, outputs: number): WeightedTree[] {
  const booster = learner.object('gradient_booster');
  const name = booster.text('name');
  if (name !== 'gbtree' && name !== 'dart')
    throw booster.refusal(`${name} is not supported: train with booster=gbtree or booster=dart`, 'name');
  const model = (name === 'dart' ? booster.object('gbtree') : booster).object('model');
  const weights = name === 'dart' ? booster.numbers('weight_drop') : undefined;
  const trees = model.objects('trees');
  const groups = model.numbers('tree_info');
  if (groups.length !== trees.length || (weights && weights.length !== trees.length))
    throw model.refusal(`has ${trees.length} trees and ${groups.length} entries of tree_info: the file is damaged`);
  const all = trees.map((fields, index) => ({ fields, group: groups[index] ?? 0, weight: weights?.[index] ?? 1 }));
  if (all.some(({ group }) => !Number.isInteger(group) || group < 0 || group >= outputs))
    throw model.refusal(`must hold numbers from 0 to ${outputs - 1}`, 'tree_info');
  return all.slice(0, usedTrees(learner, model, outputs, trees.length));
}

function usedTrees(learner: JsonFields, model: JsonFields, outputs: number, treeCount: number): number {
  const attributes = learner.has('attributes') ? learner.object('attributes') : undefined;
  if (!attributes?.has('best_iteration')) return treeCount;
  const rounds = attributes.number('best_iteration') + 1;
  if (!Number.isInteger(rounds) || rounds < 1)
    throw attributes.refusal('must be a whole number from 0', 'best_iteration');
  const parallel = model.object('gbtree_model_param').number('num_parallel_tree');
  const used = model.has('iteration_indptr')
    ? model.numbers('iteration_indptr')[rounds]
    : rounds * outputs * Math.max(1, parallel);
  return Math.min(used ?? treeCount, treeCount);
}

/** A number, or since XGBoost 3.1 a text with one number per output in brackets; as predictions, not margins. */
function readBaseScore(parameters: JsonFields, outputs: number, link: Link): Float32Array {
  const raw = parameters.text('base_score');
  const scores = raw
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number);
  const margins = Float32Array.from({ length: outputs }, (_, index) =>
    marginOfBaseScore(Math.fround(scores[scores.length === 1 ? 0 : index] ?? Number.NaN), link),
  );
  if (margins.some((margin) => !Number.isFinite(margin)))
    throw parameters.refusal(`${raw} fits neither the objective nor ${outputs} outputs`, 'base_score');
  return margins;
}
