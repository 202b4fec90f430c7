import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { reportFileOf } from '@helios/backtest/report/report-file.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';

/** Where a search runs and what it writes. */
export interface OptimiseOptions {
  readonly json: string | undefined;
  readonly csv: string | undefined;
  readonly html: string | undefined;
  /** Folder of stored results. */
  readonly cache: string;
  readonly maxCacheBytes: number;
  /** Number of worker threads. */
  readonly jobs: number;
}

const MEGABYTE = 1e6;

/**
 * The options of `npm run optimise` that change no result. Relative names start in `cwd`.
 * @param dataFolder holds the stored results unless --store names a folder
 * @throws CommandLineError for a wrong number, or a report that cannot be written
 */
export function readOptimiseOptions(line: CommandLine, cwd: string, dataFolder: string): OptimiseOptions {
  const fileOf = (option: string) => reportFileOf(line, option, cwd);
  const store = line.text('store');
  return {
    ...{ json: fileOf('json'), csv: fileOf('csv'), html: fileOf('html') },
    cache: store === undefined ? resolve(dataFolder, 'trials') : resolve(cwd, store),
    maxCacheBytes: MEGABYTE * line.number('store-mb', { fallback: 1_000, min: 0, max: 1e6 }),
    jobs: line.number('jobs', { fallback: availableParallelism(), min: 1, max: 256, whole: true }),
  };
}
