import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CACHE_ENDING } from '@helios/market-data/cache/cache-content.ts';
import { importData } from '@helios/market-data/import/import-data.ts';
import { recordingLabel } from '@helios/market-data/recording-label.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import { readMarket, refuseTwice } from '../backtest-options.ts';
import { realPlaceOf } from '../report/report-file.ts';
import { importedLines } from './import-report.ts';

/** Exit code of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** `npm run data -- import FILE… --out FOLDER|FILE`: exit code 0 once the cache is complete. */
export async function importFiles(line: CommandLine, names: readonly string[]): Promise<number> {
  const market = readMarket(line);
  const typed = line.text('out');
  if (names.length === 0) throw line.problem('Name the files to import: import FILE… --out FILE.');
  if (typed === undefined)
    throw line.problem(`Name the cache to write: --out FOLDER, or --out FILE that ends in ${CACHE_ENDING}.`);
  const files = names.map((name) => resolve(typedFolder(), name));
  refuseTwice(line, files);
  const out = await cacheNameOf(resolve(typedFolder(), typed), files);
  if (files.some((file) => realPlaceOf(file) === realPlaceOf(out)))
    throw line.problem(`--out: the cache would replace ${out}, which is imported. Name another file.`);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  try {
    const content = await importData({ files, market, out, stop: stop.signal });
    const { size } = await stat(out);
    console.log(printableLines(importedLines(content, out, size).join('\n')));
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error(`Interrupted. ${out} is unchanged; run the same command again to import.`);
    return INTERRUPTED;
  }
}

/** A name with another ending is a folder; the cache in it is named after the files. */
async function cacheNameOf(typed: string, files: readonly string[]): Promise<string> {
  const folder = typed.endsWith(CACHE_ENDING) ? dirname(typed) : typed;
  await makeFolder(folder);
  if (folder !== typed) return typed;
  const label = recordingLabel(files.map((path) => ({ path, bytes: 0 })));
  const [, , first = 'cache', hash = ''] = label.split(':');
  return join(folder, `${first}-${hash}${CACHE_ENDING}`);
}
