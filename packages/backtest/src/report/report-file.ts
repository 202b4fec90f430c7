import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';

/**
 * The file that an option names for a report; undefined without the option. A relative name starts in `cwd`.
 * @throws CommandLineError if nothing can be written there: a run of hours must not find that out at its end
 */
export function reportFileOf(line: CommandLine, option: string, cwd: string): string | undefined {
  const name = line.text(option);
  if (name === undefined) return undefined;
  const file = resolve(cwd, name);
  const folder = dirname(file);
  if (!isFolder(folder))
    throw line.problem(`--${option}: there is no folder ${folder}. Create it, or name another file.`);
  if (isFolder(file)) throw line.problem(`--${option}: ${file} is a folder. Name a file.`);
  return file;
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
