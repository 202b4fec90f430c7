import { knowledgeOf } from '@helios/core/model/known-inputs.ts';
import { loadTradingModel } from '@helios/core/model/load-trading-model.ts';
import { scopeText } from '@helios/core/model/speaking-scope.ts';
import { readModelFolder } from '@helios/shared/runtime/read-model-folder.ts';
import { type DoctorFinding, note, sound } from './finding.ts';

const EXPECTED = 'Check the name in signals.model_dir, or put a model there; none decides without it';
const TRAIN = 'Train it again: npm run train';

/**
 * Checks the files of the model as signal-engine will read them. A fleet trades without a model, so nothing here is a fault.
 * @param folder undefined: no model is wanted
 * @param isExpected somebody named the folder or enabled the reason MODEL, so a model should be there
 */
export async function checkModelFiles(
  folder: string | undefined,
  nowMs: number,
  isExpected = false,
): Promise<DoctorFinding> {
  if (folder === undefined) return sound('MODEL', 'none (signals.model_dir)');
  try {
    const load = loadTradingModel(await readModelFolder(folder));
    if (load.kind === 'NONE' && isExpected) return note('MODEL', `none in ${folder}`, EXPECTED);
    if (load.kind === 'NONE') return sound('MODEL', `none in ${folder}`);
    if (load.kind === 'REFUSED') return note('MODEL', `${folder} is refused: ${load.message}`, TRAIN);
    const { name, manifest } = load.model;
    if (manifest === undefined) return note('MODEL', `${name} has no manifest: nobody knows what it is worth`, TRAIN);
    const knows = knowledgeOf(manifest.inputs);
    const about = `${name}${knows === undefined ? '' : ` ${knows}`}`;
    if (nowMs >= manifest.expires_ts) return note('MODEL', `${about}, and has expired`, TRAIN);
    if (manifest.speaks.probability.length === 0)
      return note('MODEL', `${about}, and gives no probability: ${manifest.speaks.why}`, TRAIN);
    const speaking = `${about}${knows === undefined ? '' : ','} ${scopeText(manifest.speaks.probability)}`;
    const isPart = manifest.inputs.some(({ missing }) => missing >= 1);
    const fix = 'Rows of your own fleet have them all: npm run train -- --ledger rows.jsonl';
    return isPart ? note('MODEL', speaking, fix) : sound('MODEL', speaking);
  } catch (error) {
    return note('MODEL', `${folder} cannot be read: ${String(error)}`, 'Give this user the folder and its files');
  }
}
