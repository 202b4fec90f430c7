import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { nearestHint } from '@helios/shared/runtime/cli/nearest-name.mjs';
import { readLength } from '@helios/shared/runtime/cli/read-time.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';
import { reportFileOf } from '../report/report-file.ts';
import { settingAt } from './setting-grid.ts';

/** What `npm run backtest -- check` does. */
export interface CheckOptions {
  readonly cuts: number;
  /** Length of the warm-up, ms; undefined for the usual one. */
  readonly warmUpMs: number | undefined;
  /** Draws of the Monte Carlo check; 0 leaves it out. */
  readonly draws: number;
  /** Settings to vary, `section.key`. */
  readonly sensitivity: readonly string[];
  readonly html: string | undefined;
}

/**
 * The options of the checks. Relative names start in `cwd`.
 * @throws CommandLineError for options that do not fit together
 */
export function readCheckOptions(line: CommandLine, cwd: string): CheckOptions {
  const alien = ['compare', 'modes', 'trials', 'json', 'csv'].find((option) => line.has(option));
  if (alien !== undefined) throw line.problem(`check takes no --${alien}.`);
  return {
    cuts: line.number('cuts', { fallback: 8, min: 1, max: 1_000, whole: true }),
    warmUpMs: readLength(line, 'warm-up'),
    draws: line.number('monte-carlo', { fallback: 0, min: 1, max: 100_000, whole: true }),
    sensitivity: line.texts('sensitivity').map((path) => knownSetting(line, path)),
    html: reportFileOf(line, 'html', cwd),
  };
}

function knownSetting(line: CommandLine, path: string): string {
  if (settingAt(path) !== undefined) return path;
  const hint = nearestHint(
    path,
    ALL_SETTINGS.map((named) => named.path),
  );
  throw line.problem(`--sensitivity: there is no setting “${path}”.${hint} docs/configuration.md has all.`);
}
