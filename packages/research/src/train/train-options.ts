import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { PLAY_OPTIONS } from '@helios/shared/runtime/cli/data-command-specs.mjs';
import { openOutFolder } from './out-folder.ts';

/** What `npm run train` was asked for. */
export interface TrainOptions {
  /** Files of training rows. */
  readonly ledger: readonly string[];
  readonly hasData: boolean;
  /** Minimum distance of two candidates of a symbol, ms. */
  readonly apartMs: number;
  /** Folder of the model. */
  readonly out: string;
  readonly seed: number;
  readonly folds: number;
  /** Shapes of trees that each fold tries. */
  readonly trials: number;
  /** 0: no LSTM. */
  readonly lstmUnits: number;
  /** Most passes of the LSTM over its rows. */
  readonly lstmEpochs: number;
  /** How long the model may speak after the end of its data, ms. */
  readonly validMs: number;
  readonly name: string | undefined;
  /** What was found when somebody looked for a leak. */
  readonly leakFinding: string | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Published models of this kind have no more; larger ones learn noise by heart. */
const MAX_UNITS = 32;
const LSTM_EPOCHS = 12;

/**
 * The options of `npm run train` besides those of the played data. Makes the folder of the model: a wrong one is an error now.
 * @throws CommandLineError for a wrong number or name, and if there are no rows to learn from
 */
export function readTrainOptions(line: CommandLine, cwd: string, root: string): TrainOptions {
  const ledger = line.texts('ledger').map((file) => resolve(cwd, file));
  const hasData = line.texts('data').length > 0;
  if (!hasData && ledger.length === 0) {
    throw line.problem('Name what to learn from: --data FILE… (market data), or --ledger FILE… (training rows).');
  }
  const unused = hasData ? undefined : Object.keys(PLAY_OPTIONS).find((option) => line.has(option));
  if (unused !== undefined) {
    throw line.problem(
      `--${unused} says how market data are played, and rows of a ledger were played before: it needs --data.`,
    );
  }
  const name = line.text('name');
  if (name !== undefined && !/^[A-Za-z0-9._-]{1,60}$/.test(name)) {
    throw line.problem('--name takes 1 to 60 letters, digits, dots, dashes or underscores.');
  }
  const out = line.text('out');
  const folder = out === undefined ? resolve(root, 'models') : resolve(cwd, out);
  const unfit = openOutFolder(folder);
  if (unfit !== undefined) throw line.problem(unfit);
  return {
    ...{ ledger, hasData, name, out: folder, leakFinding: line.text('leak-checked') },
    apartMs: MINUTE_MS * line.number('every', { fallback: 15, min: 0, max: 1_440, whole: true }),
    seed: line.number('seed', { fallback: 1, min: 0, max: 2 ** 31 - 1, whole: true }),
    folds: line.number('folds', { fallback: 5, min: 2, max: 20, whole: true }),
    trials: line.number('trials', { fallback: 6, min: 1, max: 200, whole: true }),
    lstmUnits: line.number('lstm-units', { fallback: 8, min: 0, max: MAX_UNITS, whole: true }),
    lstmEpochs: LSTM_EPOCHS,
    validMs: DAY_MS * line.number('valid-days', { fallback: 365, min: 1, max: 3_650, whole: true }),
  };
}
