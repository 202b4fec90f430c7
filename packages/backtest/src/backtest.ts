import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { strategyWarnings } from '@helios/shared/runtime/config/strategy-warnings.ts';
import { ignoredVariableWarnings } from '@helios/shared/runtime/config/unknown-names.ts';
import { type BacktestOptions, readBacktestOptions } from './backtest-options.ts';
import type { BacktestResult } from './backtest-result.ts';
import { readCheckOptions } from './checks/check-options.ts';
import { checkPage } from './checks/check-page.ts';
import { checkText } from './checks/check-report.ts';
import { runChecks } from './checks/run-checks.ts';
import { openData } from './data/open-data.ts';
import { playWithin } from './play-within.ts';
import { ProgressLine } from './progress/progress-line.ts';
import type { BacktestReport } from './report/backtest-report.ts';
import { compareText } from './report/compare-table.ts';
import { htmlPage } from './report/html/page.ts';
import { reportsOf } from './report/make-reports.ts';
import { textReport } from './report/text-report.ts';
import { tradesCsv } from './report/trades-csv.ts';
import { removeDrafts, writeWhole } from './report/write-whole.ts';
import { type ReportOptions, readReportOptions } from './report-options.ts';
import { readSavedResults, saveReports } from './saved-result.ts';

const MODES = ['HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT'] as const;

/** 128 + SIGINT, as shells report it. */
const INTERRUPTED_EXIT_CODE = 130;

/** `npm run backtest`: plays data, or reads saved results, and reports what the strategy would have earned. */
async function main(line: CommandLine): Promise<number> {
  const cwd = typedFolder();
  const root = resolve(import.meta.dirname, '../../..');
  const [word] = line.words;
  if (word === 'check') return await check(line, cwd, root);
  if (word !== undefined) throw line.problem(`“${word}” is unknown; the only word is check.`);
  const options = readReportOptions(line, cwd);
  const isPlayed = line.has('data') || options.compared.length === 0;
  const read = isPlayed ? readBacktestOptions(line, { cwd, root, env: process.env, nowMs: Date.now() }) : undefined;
  const warnings =
    read === undefined ? [] : [...strategyWarnings(read.settings), ...ignoredVariableWarnings(process.env)];
  for (const warning of warnings) console.error(`warning: ${warning}`);
  const saved: BacktestResult[] = [];
  for (const file of options.compared) saved.push(...(await readSavedResults(file)));
  const progress = watchProgress();
  const own = read === undefined ? [] : await playAll({ ...read, progress }, options.inAllModes);
  progress.clear();
  const reports = reportsOf([...own, ...saved], options.trials);
  const [only] = reports;
  console.log(printableLines(reports.length === 1 && only ? textReport(only) : compareText(reports)));
  await writeFiles(reports, options);
  return 0;
}

/** `npm run backtest -- check`: exit code 1 if a check fails. */
async function check(line: CommandLine, cwd: string, root: string): Promise<number> {
  const checks = readCheckOptions(line, cwd);
  const progress = watchProgress();
  const read = readBacktestOptions(line, { cwd, root, env: process.env, nowMs: Date.now() });
  const options = { ...read, progress };
  const data = await openData(options);
  const results = await runChecks({ data, options }, checks, (what) => {
    progress.clear();
    console.error(`Playing: ${what}`);
  });
  progress.clear();
  console.log(printableLines(checkText(results)));
  if (checks.html !== undefined) await writeWhole(checks.html, checkPage(data.run, results));
  return results.some(({ verdict }) => verdict === 'FAILED') ? 1 : 0;
}

async function playAll(options: BacktestOptions, inAllModes: boolean): Promise<BacktestResult[]> {
  const data = await openData(options);
  if (!inAllModes) return [await playWithin(data, options)];
  const results: BacktestResult[] = [];
  for (const mode of MODES) {
    const { settings, changed } = options;
    const inMode = { ...settings, simulation: { ...settings.simulation, mode } };
    const changes = { ...options, settings: inMode, changed: { ...changed, 'simulation.mode': mode } };
    results.push(await playWithin(data, changes));
  }
  return results;
}

/** Shows how far the run is. Ctrl-C says so, too, and leaves no half-written report. */
function watchProgress(): ProgressLine {
  const progress = new ProgressLine(process.stderr, () => performance.now());
  process.once('SIGINT', () => {
    progress.clear();
    removeDrafts();
    process.stderr.write(
      `\nStopped by Ctrl-C. ${progress.text()}. No report is written; files of earlier runs are as they were.\n`,
    );
    process.exit(INTERRUPTED_EXIT_CODE);
  });
  return progress;
}

async function writeFiles(reports: readonly BacktestReport[], { json, csv, html }: ReportOptions): Promise<void> {
  if (json !== undefined) await saveReports(json, reports);
  if (csv !== undefined) await writeWhole(csv, tradesCsv(reports));
  if (html !== undefined) await writeWhole(html, htmlPage(reports));
}

await runCommand('backtest', main);
