import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';

/** Options that name files to read, and those that name reports. */
const INPUTS = ['data', 'detail', 'warm', 'compare', 'instruments', 'latency-file'] as const;
const REPORTS = ['json', 'csv', 'html'] as const;

/**
 * The file that an option names for a report; undefined without the option. A relative name starts in `cwd`.
 * @throws CommandLineError if nothing can be written there: a run of hours must not find that out at its end. Neither may a report
 * replace a file that is read, or another report.
 */
export function reportFileOf(line: CommandLine, option: string, cwd: string): string | undefined {
  const name = line.text(option);
  if (name === undefined) return undefined;
  const file = resolve(cwd, name);
  const folder = dirname(file);
  if (!isFolder(folder))
    throw line.problem(`--${option}: there is no folder ${folder}. Create it, or name another file.`);
  if (isFolder(file)) throw line.problem(`--${option}: ${file} is a folder. Name a file.`);
  const place = realPlaceOf(file);
  // A device such as /dev/stdout takes several reports.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) return file;
  for (const input of INPUTS) {
    if (line.texts(input).some((read) => realPlaceOf(resolve(cwd, read)) === place))
      throw line.problem(`--${option}: the report would replace ${file}, which --${input} reads. Name another file.`);
  }
  for (const other of REPORTS) {
    const written = other === option ? undefined : line.text(other);
    if (written !== undefined && realPlaceOf(resolve(cwd, written)) === place)
      throw line.problem(`--${option} and --${other} name the same file, ${file}. Name two files.`);
  }
  return file;
}

/** The file behind links; a file that does not exist yet, in the folder behind them. */
export function realPlaceOf(file: string): string {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return realpathSync(file);
  const folder = dirname(file);
  return join(isFolder(folder) ? realpathSync(folder) : folder, basename(file));
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
