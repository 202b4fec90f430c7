import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { reportFileOf } from './report/report-file.ts';

/** What `npm run backtest` writes and compares. */
export interface ReportOptions {
  /** Files to write. */
  readonly json: string | undefined;
  readonly csv: string | undefined;
  readonly html: string | undefined;
  /** Saved results to lay beside. */
  readonly compared: readonly string[];
  /** Play the four simulation modes. */
  readonly inAllModes: boolean;
  /** Number of settings tried on these data, this one included. */
  readonly trials: number;
}

const MAX_TRIALS = 1e9;

/**
 * The options of the report. Relative names start in `cwd`.
 * @throws CommandLineError for options that do not fit together
 */
export function readReportOptions(line: CommandLine, cwd: string): ReportOptions {
  const fileOf = (option: string) => reportFileOf(line, option, cwd);
  const modes = line.text('modes');
  if (modes !== undefined && modes !== 'all')
    throw line.problem(`--modes takes all, not “${modes}”. One mode: --mode MODE.`);
  if (modes !== undefined && line.has('mode')) throw line.problem('--modes all plays every mode: leave --mode out.');
  const isPlayed = line.has('data');
  if (modes !== undefined && !isPlayed) throw line.problem('--modes needs data to play: --data FILE…');
  const compared = line.texts('compare').map((file) => resolve(cwd, file));
  if (!isPlayed && compared.length === 1) throw line.problem('--compare needs two results, or one beside --data FILE…');
  return {
    ...{ json: fileOf('json'), csv: fileOf('csv'), html: fileOf('html'), compared, inAllModes: modes === 'all' },
    trials: line.number('trials', { fallback: 1, min: 1, max: MAX_TRIALS, whole: true }),
  };
}
