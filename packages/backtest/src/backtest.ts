import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { type BacktestOptions, readBacktestOptions } from './backtest-options.ts';
import type { BacktestResult } from './backtest-result.ts';
import { readCheckOptions } from './checks/check-options.ts';
import { checkPage } from './checks/check-page.ts';
import { checkText } from './checks/check-report.ts';
import { runChecks } from './checks/run-checks.ts';
import { openData } from './data/playable-data.ts';
import type { BacktestReport } from './report/backtest-report.ts';
import { compareText } from './report/compare-table.ts';
import { htmlPage } from './report/html/page.ts';
import { reportsOf } from './report/make-reports.ts';
import { textReport } from './report/text-report.ts';
import { tradesCsv } from './report/trades-csv.ts';
import { type ReportOptions, readReportOptions } from './report-options.ts';
import { runBacktest } from './run-backtest.ts';
import { readSavedResults, saveReports } from './saved-result.ts';

const MODES = ['HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT'] as const;

/** `npm run backtest`: plays data, or reads saved results, and reports what the strategy would have earned. */
async function main(line: CommandLine): Promise<number> {
  const cwd = typedFolder();
  const root = resolve(import.meta.dirname, '../../..');
  const [word] = line.words;
  if (word === 'check') return await check(line, cwd, root);
  if (word !== undefined) throw line.problem(`“${word}” is unknown; the only word is check.`);
  const options = readReportOptions(line, cwd);
  const isPlayed = line.has('data') || options.compared.length === 0;
  const played = isPlayed ? readBacktestOptions(line, { cwd, root, env: process.env, nowMs: Date.now() }) : undefined;
  const saved: BacktestResult[] = [];
  for (const file of options.compared) saved.push(...(await readSavedResults(file)));
  const own = played === undefined ? [] : await playAll(played, options.inAllModes);
  const reports = reportsOf([...own, ...saved], options.trials);
  const [only] = reports;
  console.log(reports.length === 1 && only ? textReport(only) : compareText(reports));
  await writeFiles(reports, options);
  return 0;
}

/** `npm run backtest -- check`: exit code 1 if a check fails. */
async function check(line: CommandLine, cwd: string, root: string): Promise<number> {
  const checks = readCheckOptions(line, cwd);
  const options = readBacktestOptions(line, { cwd, root, env: process.env, nowMs: Date.now() });
  const data = await openData(options);
  const results = await runChecks({ data, options }, checks, (what) => console.error(`Playing: ${what}`));
  console.log(checkText(results));
  if (checks.html !== undefined) await writeFile(checks.html, checkPage(data.run, results));
  return results.some(({ verdict }) => verdict === 'FAILED') ? 1 : 0;
}

async function playAll(options: BacktestOptions, inAllModes: boolean): Promise<BacktestResult[]> {
  if (!inAllModes) return [await runBacktest(options)];
  const results: BacktestResult[] = [];
  for (const mode of MODES) {
    const { settings, changed } = options;
    const inMode = { ...settings, simulation: { ...settings.simulation, mode } };
    results.push(await runBacktest({ ...options, settings: inMode, changed: { ...changed, 'simulation.mode': mode } }));
  }
  return results;
}

async function writeFiles(reports: readonly BacktestReport[], { json, csv, html }: ReportOptions): Promise<void> {
  if (json !== undefined) await saveReports(json, reports);
  if (csv !== undefined) await writeFile(csv, tradesCsv(reports));
  if (html !== undefined) await writeFile(html, htmlPage(reports));
}

await runCommand('backtest', main);
