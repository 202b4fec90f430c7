import { resolve } from 'node:path';
import { type CheckedFile, checkDataFiles } from '@helios/market-data/check/check-data-files.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { readMarket } from '../backtest-options.ts';
import { checkedFileLines, checkVerdict } from './check-report.ts';
import { importFiles } from './import-command.ts';

/** `npm run data`: check has exit code 1 if a file has faults. */
async function main(line: CommandLine): Promise<number> {
  const [action, ...names] = line.words;
  if (action === 'import') return await importFiles(line, names);
  if (action !== 'check')
    throw line.problem(`Name the action: check or import${action === undefined ? '' : `, not “${action}”`}.`);
  if (names.length === 0) throw line.problem('Name the recordings to check: check FILE…');
  const files = names.map((name) => resolve(typedFolder(), name));
  const results: Pick<CheckedFile, 'faults'>[] = [];
  for await (const checked of checkDataFiles(files, readMarket(line))) {
    results.push({ faults: checked.faults });
    console.log(printableLines(checkedFileLines(checked).join('\n')));
  }
  console.log(checkVerdict(results));
  return results.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

await runCommand('data', main);
