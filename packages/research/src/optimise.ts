import { join, resolve } from 'node:path';
import { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import { figure } from '@helios/backtest/report/format.ts';
import { writeWhole } from '@helios/backtest/report/write-whole.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { makeFolder } from '@helios/shared/runtime/make-folder.ts';
import { CachedRunner } from './cache/cached-runner.ts';
import { TrialCache } from './cache/trial-cache.ts';
import { TriedSettings } from './cache/tried-settings.ts';
import { FileHashes } from './file-hashes.ts';
import { type OptimiseOptions, readOptimiseOptions } from './optimise-options.ts';
import { prepareStudy } from './prepare-study.ts';
import { readQueueAddress } from './queue/queue-address.ts';
import { studyReport } from './report/make-study-report.ts';
import { studyJson } from './report/study-json.ts';
import { studyPage } from './report/study-page.ts';
import type { StudyReport } from './report/study-report.ts';
import { studyText } from './report/study-text.ts';
import { trialsCsv } from './report/trials-csv.ts';
import { Study, type StudyOutcome, type StudyPlan } from './study.ts';
import { ThreadRunner } from './threads/thread-runner.ts';
import { TolerantRunner } from './threads/tolerant-runner.ts';

/** 128 + SIGINT, as shells report it. */
const INTERRUPTED_EXIT_CODE = 130;

/** `npm run optimise`: searches settings on the past of each fold and tests them on what came after. */
async function main(line: CommandLine): Promise<number> {
  const cwd = typedFolder();
  const root = resolve(import.meta.dirname, '../../..');
  const { settings } = loadSettings({ env: process.env, root });
  const options = readOptimiseOptions(line, cwd, resolve(root, settings.system.data_dir));
  // A wrong folder is an error now, not after the search.
  await makeFolder(options.cache);
  const cache = new TrialCache(options.cache);
  const plan = await planOf(line, options, { cwd, root, env: process.env, nowMs: Date.now() });
  const progress = new ProgressLine(process.stderr, () => performance.now());
  const queue = line.has('queue') ? await openQueue(line, settings, plan, progress) : undefined;
  const runner = new CachedRunner(queue ?? new TolerantRunner(new ThreadRunner(options.jobs)), cache);
  // A terminal sends Ctrl-C twice, through the launcher, too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void runner.close());
  try {
    const study = new Study(plan, runner, (tried) => showProgress(progress, plan, runner, tried));
    progress.begin(`Search of ${figure(plan.trials, 0)} settings`);
    const outcome = await study.run();
    const report = await studyReport(plan, outcome, (texts) => study.result(texts), {
      riskFreeRatePct: settings.performance.risk_free_rate_pct,
      earlier: await earlierTrials(plan, outcome, options),
    });
    progress.clear();
    console.log(printableLines(studyText(report)));
    await writeFiles(plan, outcome, report, options);
    console.error(`\n${await cacheLine(runner, cache, options)}`);
    if (outcome.isComplete) await queue?.finish();
    return outcome.isComplete ? 0 : INTERRUPTED_EXIT_CODE;
  } finally {
    progress.clear();
    await runner.close();
  }
}

/** The workers of --queue. The library of the queue loads only for them. */
async function openQueue(line: CommandLine, settings: Settings, plan: StudyPlan, progress: ProgressLine) {
  const { startQueueRunner } = await import('./queue/start-queue-runner.ts');
  return await startQueueRunner(readQueueAddress(line, settings), plan, (notice) => {
    progress.clear();
    console.error(printableLines(notice));
  });
}

/** Keeps the hashes of the files, which take seconds where files are large. */
async function planOf(line: CommandLine, { cache }: OptimiseOptions, place: Parameters<typeof prepareStudy>[1]) {
  const file = join(cache, 'file-hashes.json');
  const hashes = new FileHashes();
  await hashes.load(file);
  const plan = await prepareStudy(line, place, hashes);
  await hashes
    .save(file)
    .catch((error: Error) => console.error(`The hashes of the files are not kept: ${error.message}.`));
  return plan;
}

/** Number of other settings that earlier searches of this store tried on these data. A store that cannot be read counts none, and says so. */
async function earlierTrials({ data }: StudyPlan, { tried }: StudyOutcome, { cache }: OptimiseOptions) {
  const trials = tried.map(({ summary }) => summary.trial);
  return await new TriedSettings(join(cache, 'tried')).add(data, trials).catch((error: Error) => {
    console.error(`The trials of earlier searches are not known, so count them yourself: ${error.message}.`);
    return 0;
  });
}

/** Results that were stored before take no time, so they do not count for the time left. */
function showProgress(progress: ProgressLine, { trials }: StudyPlan, { counts }: CachedRunner, tried: number): void {
  progress.at(counts.played / Math.max(1, counts.played + trials - tried));
}

/** Says where the results came from and what they take on the disk. */
async function cacheLine({ counts }: CachedRunner, cache: TrialCache, options: OptimiseOptions): Promise<string> {
  const { served, played, damaged, failure, problem } = counts;
  const size = await cache
    .prune(options.maxCacheBytes, Date.now())
    .then(({ entries, bytes }) => `${figure(entries, 0)} results, ${figure(bytes / 1e6, 1)} MB`)
    .catch((error: Error) => `its size is unknown: ${error.message}`);
  const lines = [
    `${figure(played, 0)} trials played, ${figure(served, 0)} from ${options.cache} (${size}).`,
    ...(damaged > 0 ? [`${figure(damaged, 0)} stored results were damaged and were played again.`] : []),
    ...(failure === undefined ? [] : [`The first setting that could not be played failed so: ${failure}`]),
    ...(problem === undefined ? [] : [`Results could not be stored, so a later search plays them again: ${problem}.`]),
  ];
  return lines.join('\n');
}

async function writeFiles(
  plan: StudyPlan,
  outcome: StudyOutcome,
  report: StudyReport,
  { json, csv, html }: OptimiseOptions,
) {
  if (json !== undefined) await writeWhole(json, studyJson(report));
  if (csv !== undefined) await writeWhole(csv, trialsCsv(plan, outcome));
  if (html !== undefined) await writeWhole(html, studyPage(report));
}

await runCommand('optimise', main);
