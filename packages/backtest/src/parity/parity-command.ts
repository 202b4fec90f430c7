import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { NO_MODEL_DIR } from '@helios/shared/runtime/read-model-folder.ts';
import { modelInForce } from '../models/model-in-force.ts';
import { runParity } from './parity.ts';
import { generatedMarket, recordedMarket } from './parity-market.ts';
import { parityReport, unexplainedIn } from './parity-report.ts';
import { paritySettings } from './parity-settings.ts';

const FLATTEN_EVERY_MS = 120_000;

/** `npm run parity`: one market live on the local exchange and on paper, compared; exit code 1 if something is unexplained. */
async function main(line: CommandLine): Promise<number> {
  const root = resolve(import.meta.dirname, '../../../..');
  const files = line.texts('data').map((file) => resolve(typedFolder(), file));
  const minutes = line.number('generate', { fallback: 60, min: 1, max: 1_440 });
  const seed = line.number('seed', { fallback: 1, min: 0, max: 1_000_000 });
  const settings = line.has('own-settings') ? loadSettings({ env: process.env, root }).settings : paritySettings();
  const dir = line.text('model') ?? NO_MODEL_DIR;
  const model_dir = dir === NO_MODEL_DIR ? dir : resolve(typedFolder(), dir);
  const model = await modelInForce({ signals: { ...settings.signals, model_dir } }, true);
  const open = files.length > 0 ? recordedMarket(files, console.error) : generatedMarket(minutes, seed);
  console.log('Live on the local exchange and on paper, on the clock of the market: no real money.');
  const parity = await runParity({ open, settings, model, flattenEveryMs: FLATTEN_EVERY_MS });
  console.log(parityReport(parity));
  return unexplainedIn(parity).length === 0 ? 0 : 1;
}

await runCommand('parity', main);
