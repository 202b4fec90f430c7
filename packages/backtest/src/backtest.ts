import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { readBacktestOptions } from './backtest-options.ts';
import { reportOf } from './report/make-reports.ts';
import { textReport } from './report/text-report.ts';
import { runBacktest } from './run-backtest.ts';

/** `npm run backtest`: plays recordings and reports what the strategy would have earned. */
async function main(line: CommandLine): Promise<number> {
  const cwd = typedFolder();
  const root = resolve(import.meta.dirname, '../../..');
  const options = readBacktestOptions(line, { cwd, root, env: process.env, nowMs: Date.now() });
  const result = await runBacktest(options);
  console.log(textReport(reportOf(result)));
  const json = line.text('json');
  if (json !== undefined) {
    const [prices, mids] = [Object.fromEntries(result.prices), Object.fromEntries(result.mids)];
    await writeFile(resolve(cwd, json), `${JSON.stringify({ ...result, prices, mids })}\n`);
  }
  return 0;
}

await runCommand('backtest', main);
